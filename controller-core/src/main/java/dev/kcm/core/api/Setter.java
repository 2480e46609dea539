package dev.kcm.core.api;

import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls of setters and constructors of model classes, as quick as calls that stand in code: a
 * lambda is made for each, since a method handle that is not a constant is called several times
 * slower.
 *
 * <p>Thread-safe: what is made is kept with its class, in a concurrent map.
 */
final class Setter {

  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

  private static final MethodType TAKES_TWO =
      MethodType.methodType(void.class, Object.class, Object.class);

  /** The setters of a class that are in use, in all clients. */
  private static final ClassValue<Map<Method, BiConsumer<Object, @Nullable Object>>> SETTERS =
      new ClassValue<>() {
        @Override
        protected Map<Method, BiConsumer<Object, @Nullable Object>> computeValue(Class<?> type) {
          return new ConcurrentHashMap<>();
        }
      };

  private Setter() {}

  /** What calls a public method of one argument; the first object is whose. */
  static BiConsumer<Object, @Nullable Object> of(Method setter) {
    return SETTERS.get(setter.getDeclaringClass()).computeIfAbsent(setter, Setter::made);
  }

  private static BiConsumer<Object, @Nullable Object> made(Method setter) {
    MethodHandle handle = handle(setter);
    try {
      return lambda(setter.getDeclaringClass(), handle);
    } catch (Error fatal) {
      throw fatal;
    } catch (Throwable closed) {
      return byHandle(handle.asType(TAKES_TWO));
    }
  }

  private static MethodHandle handle(Method setter) {
    try {
      return MethodHandles.publicLookup().unreflect(setter);
    } catch (IllegalAccessException hidden) {
      throw new IllegalArgumentException(setter + " is not public", hidden);
    }
  }

  @SuppressWarnings("unchecked") // made to be one of these
  private static BiConsumer<Object, @Nullable Object> lambda(Class<?> model, MethodHandle setter)
      throws Throwable {
    return (BiConsumer<Object, @Nullable Object>)
        LambdaMetafactory.metafactory(
                MethodHandles.privateLookupIn(model, LOOKUP),
                "accept",
                MethodType.methodType(BiConsumer.class),
                TAKES_TWO,
                setter,
                setter.type().wrap().changeReturnType(void.class))
            .getTarget()
            .invoke();
  }

  private static BiConsumer<Object, @Nullable Object> byHandle(MethodHandle setter) {
    return (object, value) -> {
      try {
        setter.invokeExact(object, value);
      } catch (Throwable failed) {
        throw unchecked(failed);
      }
    };
  }

  /** What calls the public constructor without arguments. */
  static Supplier<Object> constructor(Class<?> model) throws ReflectiveOperationException {
    MethodHandle handle =
        MethodHandles.publicLookup().findConstructor(model, MethodType.methodType(void.class));
    try {
      return lambda(handle, model);
    } catch (Error fatal) {
      throw fatal;
    } catch (Throwable closed) {
      return constructorByHandle(handle);
    }
  }

  @SuppressWarnings("unchecked") // made to be one of these
  private static Supplier<Object> lambda(MethodHandle constructor, Class<?> model)
      throws Throwable {
    return (Supplier<Object>)
        LambdaMetafactory.metafactory(
                MethodHandles.privateLookupIn(model, LOOKUP),
                "get",
                MethodType.methodType(Supplier.class),
                MethodType.methodType(Object.class),
                constructor,
                constructor.type())
            .getTarget()
            .invoke();
  }

  private static Supplier<Object> constructorByHandle(MethodHandle constructor) {
    MethodHandle plain = constructor.asType(MethodType.methodType(Object.class));
    return () -> {
      try {
        return (Object) plain.invokeExact();
      } catch (Throwable failed) {
        throw unchecked(failed);
      }
    };
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
