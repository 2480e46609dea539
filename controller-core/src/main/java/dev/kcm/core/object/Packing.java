package dev.kcm.core.object;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes model objects as small as they can be while they lie in a store.
 *
 * <p>A decoded pod has some two hundred collections, most of them empty and the rest with room to
 * spare: they make up half of it. Here the empty ones become one, and the others are cut to size.
 * They cannot be changed any more, which nobody may do anyway; builders copy them.
 *
 * <p>Only collections of the model's own classes are touched; those of custom classes stay.
 *
 * <p>Stateless; what it learns about a class is kept with the class.
 */
public final class Packing {

  private static final String MODEL = "io.fabric8.";

  private static final ClassValue<Shape> SHAPES =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return Shape.of(type);
        }
      };

  private Packing() {}

  /** Packs an object of a model class, which nobody else may see yet. */
  public static void pack(Object model) {
    for (Part part : SHAPES.get(model.getClass()).parts) {
      part.pack(model);
    }
  }

  /** Whether an object has been packed, which its metadata shows. */
  public static boolean isPacked(HasMetadata object) {
    ObjectMeta metadata = object.getMetadata();
    return metadata != null && metadata.getAdditionalProperties() instanceof PackedMap;
  }

  /** A list that holds the same and has no spare room. It cannot be changed. */
  public static <E extends @Nullable Object> List<E> list(List<E> list) {
    return PackedList.of(list);
  }

  /** A map that holds the same in little room; a long map comes back as it is. */
  public static <V extends @Nullable Object> Map<String, V> map(Map<String, V> map) {
    return map.size() > PackedMap.LONGEST ? map : PackedMap.of(map);
  }

  /**
   * What gives new objects of a class the shared empty collection where they have one of their own.
   *
   * @param fresh a new object of that class, of which nothing has been set
   */
  public static Consumer<Object> emptier(Object fresh) {
    List<Part> empty =
        SHAPES.get(fresh.getClass()).parts.stream()
            .filter(part -> part.isEmptyCollection(fresh))
            .toList();
    return object -> empty.forEach(part -> part.empty(object));
  }

  /** Packs a value that a property is to have; lists and maps come back as others. */
  public static @Nullable Object packed(@Nullable Object value) {
    if (value instanceof List<?> list) {
      list.forEach(Packing::packed);
      return PackedList.of(list);
    }
    if (value instanceof Map<?, ?> map) {
      return packed(map);
    }
    if (value != null && !isLeaf(value)) {
      pack(value);
    }
    return value;
  }

  private static boolean isLeaf(Object value) {
    return value instanceof String || value instanceof Number || value instanceof Boolean;
  }

  /** Keys of JSON objects are strings. */
  @SuppressWarnings("unchecked")
  private static Map<?, ?> packed(Map<?, ?> map) {
    if (map instanceof PackedMap) {
      return map;
    }
    Map<String, @Nullable Object> result = (Map<String, @Nullable Object>) map;
    if (map.values().stream().anyMatch(value -> value instanceof Map || value instanceof List)) {
      result = new LinkedHashMap<>(result);
      result.replaceAll((key, value) -> packed(value));
    } else {
      map.values().forEach(Packing::packed);
    }
    return map(result);
  }

  /** The parts of a class that may hold collections. */
  private record Shape(List<Part> parts) {

    static Shape of(Class<?> type) {
      List<Part> parts = new ArrayList<>();
      if (Modifier.isPublic(type.getModifiers())) {
        for (Method method : type.getMethods()) {
          Part part = Part.of(type, method);
          if (part != null) {
            parts.add(part);
          }
        }
      }
      return new Shape(List.copyOf(parts));
    }
  }

  /** One part: how to read and how to write it. */
  private record Part(MethodHandle getter, @Nullable MethodHandle setter, Object nothing) {

    private static final MethodType GETS = MethodType.methodType(Object.class, Object.class);
    private static final MethodType SETS =
        MethodType.methodType(void.class, Object.class, Object.class);

    static @Nullable Part of(Class<?> type, Method getter) {
      boolean named = getter.getName().startsWith("get") && getter.getParameterCount() == 0;
      if (!named || getter.isBridge() || Modifier.isStatic(getter.getModifiers())) {
        return null;
      }
      Class<?> result = getter.getReturnType();
      boolean collection = result == List.class || result == Map.class || result == Object.class;
      boolean ours = getter.getDeclaringClass().getName().startsWith(MODEL);
      if (collection ? !ours : !result.getName().startsWith(MODEL) || result.isEnum()) {
        return null;
      }
      MethodHandle setter = setter(type, getter.getName().replaceFirst("get", "set"), result);
      if (setter == null) {
        return null;
      }
      try {
        MethodHandle get = MethodHandles.publicLookup().unreflect(getter).asType(GETS);
        Object nothing = result == Map.class ? PackedMap.of(Map.of()) : PackedList.of(List.of());
        return new Part(get, collection ? setter : null, nothing);
      } catch (IllegalAccessException notPublic) {
        return null;
      }
    }

    private static @Nullable MethodHandle setter(Class<?> type, String name, Class<?> value) {
      try {
        return MethodHandles.publicLookup().unreflect(type.getMethod(name, value)).asType(SETS);
      } catch (NoSuchMethodException | IllegalAccessException none) {
        return null;
      }
    }

    void pack(Object model) {
      Object value = get(model);
      Object packed = packed(value);
      if (packed != value) {
        set(model, packed);
      }
    }

    boolean isEmptyCollection(Object model) {
      Object value = get(model);
      return (value instanceof List<?> list && list.isEmpty())
          || (value instanceof Map<?, ?> map && map.isEmpty());
    }

    void empty(Object model) {
      set(model, nothing);
    }

    private @Nullable Object get(Object model) {
      try {
        return (Object) getter.invokeExact(model);
      } catch (Throwable failed) {
        throw unchecked(failed);
      }
    }

    private void set(Object model, @Nullable Object value) {
      if (setter == null) {
        return;
      }
      try {
        setter.invokeExact(model, value);
      } catch (Throwable failed) {
        throw unchecked(failed);
      }
    }

    private static RuntimeException unchecked(Throwable failed) {
      if (failed instanceof Error error) {
        throw error;
      }
      return failed instanceof RuntimeException passedOn
          ? passedOn
          : new IllegalStateException(failed);
    }
  }
}
