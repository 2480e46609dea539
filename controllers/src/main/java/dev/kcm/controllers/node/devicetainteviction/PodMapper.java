package dev.kcm.controllers.node.devicetainteviction;

import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.core.loop.EventMapper;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Events of pods: only pods with claims are woken, when they are bound or get their claims.
 *
 * <p>Immutable.
 */
final class PodMapper implements EventMapper<Pod> {

  @Override
  public void added(Pod pod, boolean initial, Keys keys) {
    if (hasClaims(pod) && !PodStates.nodeName(pod).isEmpty()) {
      keys.enqueue(ObjectKey.of(pod));
    }
  }

  @Override
  public void updated(Pod old, Pod current, Keys keys) {
    if (hasClaims(current) && concernsItsStay(old, current)) {
      keys.enqueue(ObjectKey.of(current));
    }
  }

  @Override
  public void deleted(ObjectKey key, @Nullable Pod last, boolean finalStateUnknown, Keys keys) {
    if (last == null || hasClaims(last)) {
      keys.enqueue(key);
    }
  }

  private static boolean hasClaims(Pod pod) {
    return !DeviceTaintEvictionSnapshot.claims(pod).isEmpty();
  }

  private static boolean concernsItsStay(Pod old, Pod current) {
    return !PodStates.nodeName(old).equals(PodStates.nodeName(current))
        || !statuses(old).equals(statuses(current))
        || !Objects.equals(old.getMetadata().getUid(), current.getMetadata().getUid());
  }

  private static List<?> statuses(Pod pod) {
    return pod.getStatus() == null || pod.getStatus().getResourceClaimStatuses() == null
        ? List.of()
        : pod.getStatus().getResourceClaimStatuses();
  }
}
