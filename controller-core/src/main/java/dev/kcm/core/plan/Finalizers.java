package dev.kcm.core.plan;

import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Adds a finalizer before the first thing outside is made, and removes it once that is cleaned up.
 *
 * <pre>{@code
 * if (bucket.isMarkedForDeletion()) {
 *   return cleanedUp ? Plan.of(Finalizers.remove(BUCKETS, bucket, NAME)) : ...;
 * }
 * }</pre>
 *
 * <p>What is sent is a merge patch of the finalizers with the UID and the resourceVersion that were
 * seen, never the whole object from a cache: a finalizer that somebody else added or removed
 * meanwhile makes it a conflict, after which the key is tried again.
 *
 * <p>Immutable.
 */
public final class Finalizers {

  private Finalizers() {}

  /** Whether an object has the finalizer. */
  public static boolean has(HasMetadata object, String finalizer) {
    return of(object).contains(finalizer);
  }

  /**
   * Adds a finalizer.
   *
   * @param seen the object as it was seen, with its resourceVersion
   * @param finalizer for example {@code examples.kcm.dev/bucket}
   * @return empty when it is there already, and when the object is being deleted: the server would
   *     refuse
   */
  public static <T extends HasMetadata> Optional<Action.Patch<T>> add(
      ResourceType<T> type, T seen, String finalizer) {
    if (has(seen, finalizer) || seen.getMetadata().getDeletionTimestamp() != null) {
      return Optional.empty();
    }
    List<String> next = new ArrayList<>(of(seen));
    next.add(finalizer);
    return Optional.of(
        MergeDiff.finalizers(type, seen, next, "finalizer " + finalizer + " is missing"));
  }

  /**
   * Removes a finalizer.
   *
   * @param seen the object as it was seen, with its resourceVersion
   * @return empty when it is not there
   */
  public static <T extends HasMetadata> Optional<Action.Patch<T>> remove(
      ResourceType<T> type, T seen, String finalizer) {
    if (!has(seen, finalizer)) {
      return Optional.empty();
    }
    List<String> next = new ArrayList<>(of(seen));
    next.removeIf(finalizer::equals);
    return Optional.of(
        MergeDiff.finalizers(type, seen, next, "finalizer " + finalizer + " is done with"));
  }

  private static List<String> of(HasMetadata object) {
    List<String> finalizers = object.getMetadata().getFinalizers();
    return finalizers == null ? List.of() : finalizers;
  }
}
