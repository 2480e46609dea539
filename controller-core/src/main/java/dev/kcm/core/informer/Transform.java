package dev.kcm.core.informer;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.function.UnaryOperator;

/**
 * Makes an object smaller on its way into an informer.
 *
 * <p>It sees every object the server sends, in lists and in watches, deleted ones included, before
 * the store and any handler do; it does not see what is told again, such as a resync. It may set
 * properties of the object it is given to something else or to null, or return another object of
 * the same namespace and name. It must not change what a property holds, not even a part of a part:
 * equal parts of different objects are one and the same. It is called by several threads and must
 * come to the same result when it sees its own result again.
 *
 * <p>Where it throws, returns null or changes the key, the object keeps the state it last had in
 * the store, or does not appear there; that is counted in {@code informer_events_total} as type
 * {@code untransformable} and logged without the object. The informer goes on.
 *
 * @param id tells transforms apart: two who share an informer may both ask for the same id
 * @param keepsManagedFields whether {@code metadata.managedFields} are kept; they are dropped
 *     before the function runs otherwise. The client must be made to read them, too
 * @param function what is kept of an object
 * @param <T> model class
 */
public record Transform<T extends HasMetadata>(
    String id, boolean keepsManagedFields, UnaryOperator<T> function) {

  /** A transform that drops {@code metadata.managedFields} and then applies a function. */
  public static <T extends HasMetadata> Transform<T> named(String id, UnaryOperator<T> function) {
    return new Transform<>(id, false, function);
  }

  /** What an informer does that is told nothing: drop {@code metadata.managedFields}. */
  public static <T extends HasMetadata> Transform<T> withoutManagedFields() {
    return new Transform<>("", false, UnaryOperator.identity());
  }

  /** Keeps every object as the server sent it. */
  public static <T extends HasMetadata> Transform<T> none() {
    return new Transform<>("none", true, UnaryOperator.identity());
  }

  /** The same, without dropping {@code metadata.managedFields}. */
  public Transform<T> keepingManagedFields() {
    return new Transform<>(id, true, function);
  }
}
