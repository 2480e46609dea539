package dev.kcm.controllers.shared.replicas;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The status of an owner, whatever class its kind uses for it.
 *
 * @param replicas pods it has
 * @param fullyLabeled those that carry all labels of the template
 * @param ready those that are ready
 * @param available those that have been ready for long enough
 * @param terminating pods on their way out; null when they are not counted
 * @param conditions in the order of the object
 * @param observedGeneration generation of the object that these counts are about
 */
public record ReplicaStatus(
    int replicas,
    int fullyLabeled,
    int ready,
    int available,
    @Nullable Integer terminating,
    List<ReplicaCondition> conditions,
    long observedGeneration) {

  public ReplicaStatus {
    conditions = List.copyOf(conditions);
  }

  /** A count as it stands in an object: left out when zero, as upstream's encoder does. */
  public static @Nullable Integer written(int count) {
    return count == 0 ? null : count;
  }

  /** A count as read from an object: a missing one is zero. */
  public static int read(@Nullable Integer count) {
    return count == null ? 0 : count;
  }

  /** A generation as read from an object: a missing one is zero. */
  public static long read(@Nullable Long generation) {
    return generation == null ? 0 : generation;
  }
}
