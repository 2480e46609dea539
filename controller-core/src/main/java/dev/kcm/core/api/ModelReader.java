package dev.kcm.core.api;

import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads objects of one model class: its constructor, then a setter for each name.
 *
 * <p>Immutable once {@code table} is there, which the first reader makes; several may make the
 * same.
 */
final class ModelReader implements ValueReader {

  /** What it is made of, found out when the first object is read: models refer to themselves. */
  interface Plan {
    Parts parts() throws Unusual;
  }

  /**
   * The parts.
   *
   * @param constructor of type {@code ()Object}
   * @param properties one for each name
   * @param ignored names whose values are passed over
   * @param others takes the bean, a name and a value for which there is no property, of type {@code
   *     (Object,String,Object)void}; null where such a name is an error
   * @param anything reads a value of any kind
   */
  record Parts(
      MethodHandle constructor,
      List<Property> properties,
      Set<String> ignored,
      @Nullable MethodHandle others,
      ValueReader anything) {}

  /** A name and where its value goes. Immutable. */
  static final class Property {

    private final byte[] name;
    private final @Nullable ValueReader reader;
    private final @Nullable MethodHandle setter;
    private final boolean setsNull;
    private final SharedValues.@Nullable Luck luck;

    /**
     * A property.
     *
     * @param name as it stands in JSON
     * @param reader reads the value; null where the value is passed over
     * @param setter of type {@code (Object,Object)void}
     * @param setsNull whether null is set, instead of passed over
     * @param hasParts whether values are objects, lists or maps, which may be shared
     */
    Property(
        String name,
        @Nullable ValueReader reader,
        @Nullable MethodHandle setter,
        boolean setsNull,
        boolean hasParts) {
      this.name = name.getBytes(StandardCharsets.UTF_8);
      this.reader = reader;
      this.setter = setter;
      this.setsNull = setsNull;
      this.luck = hasParts ? new SharedValues.Luck() : null;
    }

    private @Nullable Object read(JsonCursor in, ValueReader values) throws Unusual {
      SharedValues shared = in.shared();
      return luck == null || shared == null ? values.read(in) : shared.read(in, values, luck);
    }
  }

  private final Plan plan;
  private volatile @Nullable Table table;

  ModelReader(Plan plan) {
    this.plan = plan;
  }

  @Override
  public Object read(JsonCursor in) throws Unusual {
    Table now = table;
    if (now == null) {
      now = new Table(plan.parts());
      table = now;
    }
    return now.read(in);
  }

  /** The parts, with the properties in a hash table by name. Immutable. */
  private static final class Table {

    private final Parts parts;
    private final @Nullable Property[] slots;

    Table(Parts parts) throws Unusual {
      this.parts = parts;
      int names = parts.properties.size() + parts.ignored.size();
      this.slots = new Property[Integer.highestOneBit(names + 1) << 2];
      for (Property property : parts.properties) {
        add(property);
      }
      for (String name : parts.ignored) {
        add(new Property(name, null, null, false, false));
      }
    }

    private void add(Property property) throws Unusual {
      int slot = JsonCursor.hashOf(property.name) & slots.length - 1;
      while (slots[slot] != null) {
        slot = slot + 1 & slots.length - 1;
      }
      slots[slot] = property;
    }

    private @Nullable Property named(JsonCursor in) {
      int slot = in.hash() & slots.length - 1;
      Property property = slots[slot];
      while (property != null && !in.isText(property.name)) {
        slot = slot + 1 & slots.length - 1;
        property = slots[slot];
      }
      return property;
    }

    Object read(JsonCursor in) throws Unusual {
      Object bean = make();
      if (!in.opened('{', '}')) {
        return bean;
      }
      do {
        in.scanString();
        Property property = named(in);
        if (property == null) {
          other(bean, in);
        } else {
          in.expect(':');
          set(bean, property, in);
        }
      } while (in.hasMore('}'));
      return bean;
    }

    private Object make() throws Unusual {
      try {
        return (Object) parts.constructor.invokeExact();
      } catch (Throwable failed) {
        throw given(failed);
      }
    }

    private static void set(Object bean, Property property, JsonCursor in) throws Unusual {
      if (property.reader == null || property.setter == null) {
        in.skipValue();
        return;
      }
      boolean isNull = in.passedNull();
      if (isNull && !property.setsNull) {
        return;
      }
      Object value = isNull ? null : property.read(in, property.reader);
      try {
        property.setter.invokeExact(bean, value);
      } catch (Throwable failed) {
        throw given(failed);
      }
    }

    private void other(Object bean, JsonCursor in) throws Unusual {
      MethodHandle others = parts.others;
      if (others == null) {
        throw new Unusual();
      }
      String name = in.text();
      in.expect(':');
      Object value = in.passedNull() ? null : parts.anything.read(in);
      try {
        others.invokeExact(bean, name, value);
      } catch (Throwable failed) {
        throw given(failed);
      }
    }

    /** A model that refuses a value is asked again by Jackson, which says what is wrong. */
    private static Unusual given(Throwable failed) {
      if (failed instanceof Error error) {
        throw error;
      }
      return new Unusual();
    }
  }
}
