package dev.kcm.controllers.node.devicetainteviction;

import dev.kcm.controllers.node.devicetainteviction.UsedClaim.UsedDevice;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.Reader;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodResourceClaim;
import io.fabric8.kubernetes.api.model.PodResourceClaimStatus;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.resource.v1.Device;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceRequestAllocationResult;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceTaint;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceToleration;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceClaim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads a pod, its claims, and the taints of the devices they got.
 *
 * <p>Thread-safe: what it reads from is.
 */
final class DeviceTaintEvictionReader implements Reader<DeviceTaintEvictionSnapshot> {

  private static final String SENDS_AWAY = "NoExecute";

  private final Lister<Pod> pods;
  private final Lister<ResourceClaim> claims;
  private final Pools pools;
  private final TaintRules rules;

  DeviceTaintEvictionReader(
      Lister<Pod> pods, Lister<ResourceClaim> claims, Pools pools, TaintRules rules) {
    this.pods = pods;
    this.claims = claims;
    this.pools = pools;
    this.rules = rules;
  }

  @Override
  public Optional<DeviceTaintEvictionSnapshot> read(ObjectKey key, boolean settled) {
    return pods.get(key).map(pod -> new DeviceTaintEvictionSnapshot(pod, claimsOf(pod)));
  }

  private List<UsedClaim> claimsOf(Pod pod) {
    List<UsedClaim> used = new ArrayList<>();
    for (PodResourceClaim named : DeviceTaintEvictionSnapshot.claims(pod)) {
      boolean generated = named.getResourceClaimName() == null;
      Optional<String> name =
          generated ? generatedName(pod, named) : Optional.of(named.getResourceClaimName());
      name.flatMap(n -> claims.get(new ObjectKey(pod.getMetadata().getNamespace(), n)))
          .map(claim -> new UsedClaim(claim, generated, devicesOf(claim)))
          .ifPresent(used::add);
    }
    return used;
  }

  /** The name stands in the status once the claim was made; without one, none is needed. */
  private static Optional<String> generatedName(Pod pod, PodResourceClaim claim) {
    return pod.getStatus() == null || pod.getStatus().getResourceClaimStatuses() == null
        ? Optional.empty()
        : pod.getStatus().getResourceClaimStatuses().stream()
            .filter(status -> claim.getName().equals(status.getName()))
            .map(PodResourceClaimStatus::getResourceClaimName)
            .flatMap(Stream::ofNullable)
            .findFirst();
  }

  private List<UsedDevice> devicesOf(ResourceClaim claim) {
    return ClaimUses.devices(claim).stream()
        .map(device -> new UsedDevice(taintsOf(device), tolerationsOf(device)))
        .filter(device -> !device.taints().isEmpty())
        .toList();
  }

  private List<Taint> taintsOf(DeviceRequestAllocationResult allocated) {
    PoolName pool = PoolName.of(allocated);
    // A device that is in no slice is unknown, and has no taints.
    return pools.device(pool, allocated.getDevice()).stream()
        .flatMap(device -> Stream.concat(own(device), ofRules(pool, device)))
        .filter(taint -> SENDS_AWAY.equals(taint.getEffect()))
        .toList();
  }

  private static Stream<Taint> own(Device device) {
    return device.getTaints() == null
        ? Stream.empty()
        : device.getTaints().stream().map(DeviceTaintEvictionReader::asTaint);
  }

  private Stream<Taint> ofRules(PoolName pool, Device device) {
    return rules
        .tainting(pool, device)
        .map(rule -> rule.getSpec().getTaint())
        .flatMap(Stream::ofNullable)
        .map(t -> new Taint(t.getEffect(), t.getKey(), t.getTimeAdded(), t.getValue()));
  }

  private static Taint asTaint(DeviceTaint t) {
    return new Taint(t.getEffect(), t.getKey(), t.getTimeAdded(), t.getValue());
  }

  private static List<Toleration> tolerationsOf(DeviceRequestAllocationResult allocated) {
    return allocated.getTolerations() == null
        ? List.of()
        : allocated.getTolerations().stream().map(DeviceTaintEvictionReader::asToleration).toList();
  }

  private static Toleration asToleration(DeviceToleration t) {
    return new Toleration(
        t.getEffect(), t.getKey(), t.getOperator(), t.getTolerationSeconds(), t.getValue());
  }
}
