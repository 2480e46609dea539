package dev.kcm.controllers.node.devicetainteviction;

import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceRequestAllocationResult;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceClaim;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceClaimConsumerReference;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who uses the devices of a pool: pods by claims by pool.
 *
 * <p>Thread-safe: it only reads a lister.
 */
final class ClaimUses {

  private static final String INDEX = "claimPool";

  private final Lister<ResourceClaim> claims;

  private ClaimUses(Lister<ResourceClaim> claims) {
    this.claims = claims;
  }

  /** Over the informer of claims; the index it needs is made. */
  static ClaimUses of(Informer<ResourceClaim> claims) {
    claims.ensureIndex(INDEX, ClaimUses::pools);
    return new ClaimUses(claims.lister());
  }

  /** Wakes the pods that use devices of a pool. */
  void wakeUsersOf(PoolName pool, Keys keys) {
    claims.byIndex(INDEX, pool.indexValue()).forEach(claim -> wakeConsumers(claim, keys));
  }

  /** Wakes the pods that use devices of some pools. */
  void wakeUsersOf(Predicate<PoolName> pools, Keys keys) {
    claims.indexValues(INDEX).stream()
        .map(PoolName::ofIndexValue)
        .filter(pools)
        .forEach(pool -> wakeUsersOf(pool, keys));
  }

  /** Wakes the pods that a claim is reserved for. */
  static void wakeConsumers(ResourceClaim claim, Keys keys) {
    for (ResourceClaimConsumerReference consumer : consumers(claim)) {
      if (isPod(consumer)) {
        keys.enqueue(new ObjectKey(claim.getMetadata().getNamespace(), consumer.getName()));
      }
    }
  }

  static boolean isPod(ResourceClaimConsumerReference consumer) {
    return (consumer.getApiGroup() == null || consumer.getApiGroup().isEmpty())
        && "pods".equals(consumer.getResource());
  }

  static List<ResourceClaimConsumerReference> consumers(ResourceClaim claim) {
    return claim.getStatus() == null ? List.of() : orNone(claim.getStatus().getReservedFor());
  }

  /** The devices allocated; empty when none are. */
  static List<DeviceRequestAllocationResult> devices(ResourceClaim claim) {
    return claim.getStatus() == null
            || claim.getStatus().getAllocation() == null
            || claim.getStatus().getAllocation().getDevices() == null
        ? List.of()
        : orNone(claim.getStatus().getAllocation().getDevices().getResults());
  }

  private static List<String> pools(ResourceClaim claim) {
    return devices(claim).stream()
        .map(device -> PoolName.of(device).indexValue())
        .distinct()
        .toList();
  }

  private static <T> List<T> orNone(@Nullable List<T> list) {
    return Objects.requireNonNullElse(list, List.of());
  }
}
