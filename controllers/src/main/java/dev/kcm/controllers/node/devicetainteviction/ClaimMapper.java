package dev.kcm.controllers.node.devicetainteviction;

import dev.kcm.core.loop.EventMapper;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceClaim;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Events of claims: what is allocated to whom wakes those who have it and those who had it. What
 * was there at the start wakes nobody: its pods have been there, too.
 *
 * <p>Immutable.
 */
final class ClaimMapper implements EventMapper<ResourceClaim> {

  @Override
  public void added(ResourceClaim claim, boolean initial, Keys keys) {
    if (!initial) {
      ClaimUses.wakeConsumers(claim, keys);
    }
  }

  @Override
  public void updated(ResourceClaim old, ResourceClaim current, Keys keys) {
    if (!Objects.equals(old.getMetadata().getUid(), current.getMetadata().getUid())
        || !ClaimUses.devices(old).equals(ClaimUses.devices(current))
        || !ClaimUses.consumers(old).equals(ClaimUses.consumers(current))) {
      ClaimUses.wakeConsumers(old, keys);
      ClaimUses.wakeConsumers(current, keys);
    }
  }

  @Override
  public void deleted(
      ObjectKey key, @Nullable ResourceClaim last, boolean finalStateUnknown, Keys keys) {
    if (last != null) {
      ClaimUses.wakeConsumers(last, keys);
    }
  }
}
