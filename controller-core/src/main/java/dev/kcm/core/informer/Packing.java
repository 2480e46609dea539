package dev.kcm.core.informer;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a model object as small as it can be while it lies in a store.
 *
 * <p>A decoded pod has some two hundred collections, most of them empty and the rest with room to
 * spare: they make up half of it. Here the empty ones become one, and the others are cut to size.
 * They cannot be changed any more, which nobody may do anyway; builders copy them.
 *
 * <p>Only collections of the model's own classes are touched; those of custom classes stay.
 *
 * <p>Stateless; what it learns about a class is kept with the class.
 */
final class Packing {

  private static final String MODEL = "io.fabric8.";

  private static final ClassValue<Shape> SHAPES =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return Shape.of(type);
        }
      };

  private Packing() {}

  /** Packs an object, which nobody else may see yet. */
  static void pack(Object model) {
    for (Part part : SHAPES.get(model.getClass()).parts) {
      part.pack(model);
    }
  }

  private static @Nullable Object packed(@Nullable Object value) {
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
    return result.size() > PackedMap.LONGEST ? result : PackedMap.of(result);
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
  private record Part(MethodHandle getter, @Nullable MethodHandle setter) {

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
        return new Part(get, collection ? setter : null);
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
      try {
        Object value = (Object) getter.invokeExact(model);
        Object packed = packed(value);
        if (packed != value && setter != null) {
          setter.invokeExact(model, packed);
        }
      } catch (RuntimeException | Error passedOn) {
        throw passedOn;
      } catch (Throwable checked) {
        throw new IllegalStateException(checked);
      }
    }
  }
}
