package dev.kcm.controllers.network.endpoints;

import dev.kcm.controllers.shared.objects.Timestamps;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.controllers.shared.services.SubsetContents;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * When the change happened that a write is about, for those who measure how long it takes to get
 * into effect: the creation of the Service for the first write, afterwards the earliest moment at
 * which a pod became ready, or ceased to be, that is listed otherwise than before.
 *
 * <p>Immutable.
 */
final class TriggerTime {

  private TriggerTime() {}

  /** The time; empty when no pod has moved. */
  static Optional<Instant> of(
      Service service,
      Optional<Endpoints> stored,
      SubsetContents before,
      WantedEndpoints wanted,
      List<Pod> pods) {
    if (stored.isEmpty()) {
      return Timestamps.parse(service.getMetadata().getCreationTimestamp());
    }
    Map<String, Boolean> was = before.readyByUid();
    Map<String, Boolean> is = wanted.contents().readyByUid();
    return pods.stream()
        .filter(pod -> is.containsKey(uid(pod)))
        .filter(pod -> !is.get(uid(pod)).equals(was.get(uid(pod))))
        .flatMap(pod -> PodStates.readyChanged(pod).stream())
        .min(Instant::compareTo);
  }

  private static String uid(Pod pod) {
    String uid = pod.getMetadata().getUid();
    return uid == null ? "" : uid;
  }
}
