package dev.kcm.controllers.shared.services;

import dev.kcm.controllers.shared.objects.Timestamps;
import dev.kcm.controllers.shared.pods.PodStates;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When the change happened that a write is about, for those who measure how long it takes to get
 * into effect: the creation of the Service for the first write, afterwards the earliest moment at
 * which a pod became ready, or ceased to be, that is listed otherwise than before.
 *
 * <p>Immutable.
 */
public final class TriggerTime {

  private TriggerTime() {}

  /** The time of the first write for a Service. */
  public static Optional<Instant> ofFirst(Service service) {
    return Timestamps.parse(service.getMetadata().getCreationTimestamp());
  }

  /**
   * The time of a later write; empty when no pod has moved.
   *
   * @param before whether pods were listed as ready, by UID
   * @param now whether they are
   * @param pods those listed now, and maybe others
   */
  public static Optional<Instant> of(
      Map<String, Boolean> before, Map<String, Boolean> now, List<Pod> pods) {
    return pods.stream()
        .filter(pod -> hasMoved(before.get(uid(pod)), now.get(uid(pod))))
        .flatMap(pod -> PodStates.readyChanged(pod).stream())
        .min(Instant::compareTo);
  }

  private static boolean hasMoved(@Nullable Boolean before, @Nullable Boolean now) {
    return now != null && !now.equals(before);
  }

  private static String uid(Pod pod) {
    String uid = pod.getMetadata().getUid();
    return uid == null ? "" : uid;
  }
}
