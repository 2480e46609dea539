package dev.kcm.core.api;

import dev.kcm.core.object.Packing;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
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
   * @param constructor makes an object
   * @param properties one for each name
   * @param ignored names whose values are passed over
   * @param others where that goes for which there is no property; null where it is an error
   * @param emptier shares the empty collections of a new object that nobody will change
   */
  record Parts(
      Supplier<Object> constructor,
      List<Property> properties,
      Set<String> ignored,
      @Nullable Others others,
      Consumer<Object> emptier) {}

  /**
   * Where a bean keeps names it has no property for.
   *
   * @param one takes the bean, a name and a value, of type {@code (Object,String,Object)void}
   * @param all takes a map of them
   * @param anything reads a value of any kind
   */
  record Others(MethodHandle one, Method all, ValueReader anything) {}

  /**
   * A name and where its value goes.
   *
   * <p>Immutable but for {@code set}, which calls the setter and is made when it is first needed:
   * most properties never have a value.
   */
  static final class Property {

    private final byte[] name;
    private final @Nullable ValueReader reader;
    private final @Nullable Method setter;
    private final boolean setsNull;
    private final int number;
    private volatile @Nullable BiConsumer<Object, @Nullable Object> set;

    /**
     * A property.
     *
     * @param name as it stands in JSON
     * @param reader reads the value; null where the value is passed over
     * @param setter a public method; null with the reader
     * @param setsNull whether null is set, instead of passed over
     * @param number tells the property apart where values are objects, lists or maps, which may be
     *     shared; {@link SharedValues#NEVER} where they are not
     */
    Property(
        String name,
        @Nullable ValueReader reader,
        @Nullable Method setter,
        boolean setsNull,
        int number) {
      this.name = name.getBytes(StandardCharsets.UTF_8);
      this.reader = reader;
      this.setter = setter;
      this.setsNull = setsNull;
      this.number = number;
    }

    private void set(Object bean, @Nullable Object value, Method how) {
      BiConsumer<Object, @Nullable Object> known = set;
      if (known == null) {
        known = Setter.of(how);
        set = known;
      }
      known.accept(bean, value);
    }

    private @Nullable Object read(JsonCursor in, ValueReader values) throws Unusual {
      SharedValues shared = in.shared();
      return number == SharedValues.NEVER || shared == null
          ? values.read(in)
          : shared.read(in, values, number);
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
        add(new Property(name, null, null, false, SharedValues.NEVER));
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
      if (in.shared() != null) {
        parts.emptier.accept(bean);
      }
      if (!in.opened('{', '}')) {
        return bean;
      }
      Map<String, @Nullable Object> unknown = null;
      do {
        in.scanString();
        Property property = named(in);
        if (property == null) {
          unknown = other(in, unknown == null ? new LinkedHashMap<>() : unknown);
        } else {
          in.expect(':');
          set(bean, property, in);
        }
      } while (in.hasMore('}'));
      if (unknown != null && parts.others != null) {
        keep(bean, unknown, parts.others, in.shared() != null);
      }
      return bean;
    }

    private Object make() throws Unusual {
      try {
        return parts.constructor.get();
      } catch (RuntimeException refused) {
        throw new Unusual();
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
        property.set(bean, value, property.setter);
      } catch (RuntimeException refused) {
        // Asked again by Jackson, it says what is wrong.
        throw new Unusual();
      }
    }

    private Map<String, @Nullable Object> other(
        JsonCursor in, Map<String, @Nullable Object> unknown) throws Unusual {
      if (parts.others == null) {
        throw new Unusual();
      }
      String name = in.text();
      in.expect(':');
      unknown.put(name, in.passedNull() ? null : parts.others.anything.read(in));
      return unknown;
    }

    private static void keep(
        Object bean, Map<String, @Nullable Object> unknown, Others others, boolean frozen)
        throws Unusual {
      try {
        if (frozen) {
          Setter.of(others.all).accept(bean, Packing.packed(unknown));
          return;
        }
        for (Map.Entry<String, @Nullable Object> entry : unknown.entrySet()) {
          Object value = entry.getValue();
          others.one.invokeExact(bean, entry.getKey(), value);
        }
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
