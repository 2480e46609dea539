package dev.kcm.controllers.node.devicetainteviction;

import dev.kcm.controllers.node.devicetainteviction.UsedClaim.UsedDevice;
import dev.kcm.controllers.shared.nodes.Tolerance;
import dev.kcm.controllers.shared.objects.Timestamps;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceClaim;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When a pod has to go because of its devices. Unlike with taints of nodes, all tolerations that
 * fit a taint count, only those that name the effect do, and time counts from the taint.
 *
 * <p>Immutable.
 */
final class EvictionTime {

  private static final String SENDS_AWAY = "NoExecute";

  private EvictionTime() {}

  /** The earliest of its claims; empty when it may stay. */
  static Optional<Instant> of(Pod pod, List<UsedClaim> claims) {
    return claims.stream()
        .filter(used -> isFor(pod, used))
        .flatMap(used -> used.devices().stream())
        .flatMap(EvictionTime::timesOf)
        .min(Instant::compareTo);
  }

  /** Another incarnation of the pod may have had the claim, or a pod of another owner. */
  private static boolean isFor(Pod pod, UsedClaim used) {
    String uid = pod.getMetadata().getUid();
    boolean reserved =
        ClaimUses.consumers(used.claim()).stream().anyMatch(c -> uid.equals(c.getUid()));
    return reserved && (!used.generated() || isOwnedBy(uid, used.claim()));
  }

  private static boolean isOwnedBy(String uid, ResourceClaim claim) {
    return claim.getMetadata().getOwnerReferences().stream()
        .anyMatch(o -> Boolean.TRUE.equals(o.getController()) && uid.equals(o.getUid()));
  }

  private static Stream<Instant> timesOf(UsedDevice device) {
    return device.taints().stream().map(taint -> time(taint, device)).flatMap(Optional::stream);
  }

  /** A taint without a time, which servers do not let in, sends nobody away. */
  private static Optional<Instant> time(Taint taint, UsedDevice device) {
    List<Toleration> fitting =
        device.tolerations().stream()
            .filter(t -> SENDS_AWAY.equals(t.getEffect()) && Tolerance.fits(t, taint))
            .toList();
    if (fitting.stream().anyMatch(toleration -> toleration.getTolerationSeconds() == null)) {
      return Optional.empty();
    }
    return Timestamps.parse(taint.getTimeAdded())
        .map(added -> added.plus(Tolerance.shortest(fitting).time()));
  }
}
