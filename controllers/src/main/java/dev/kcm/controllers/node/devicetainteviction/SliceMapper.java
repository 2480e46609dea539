package dev.kcm.controllers.node.devicetainteviction;

import dev.kcm.core.loop.EventMapper;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceSlice;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Events of slices: other devices, other taints, another generation of a pool wake whom the pool
 * concerns.
 *
 * <p>Thread-safe: whom it wakes is.
 */
final class SliceMapper implements EventMapper<ResourceSlice> {

  private final Wakes wakes;

  SliceMapper(Wakes wakes) {
    this.wakes = wakes;
  }

  /** Wakes whom a pool concerns. */
  @FunctionalInterface
  interface Wakes {

    void of(PoolName pool, Keys keys);
  }

  @Override
  public void added(ResourceSlice slice, boolean initial, Keys keys) {
    if (!initial) {
      wakes.of(PoolName.of(slice), keys);
    }
  }

  @Override
  public void updated(ResourceSlice old, ResourceSlice current, Keys keys) {
    if (!Objects.equals(old.getSpec(), current.getSpec())) {
      PoolName before = PoolName.of(old);
      PoolName after = PoolName.of(current);
      wakes.of(after, keys);
      if (!before.equals(after)) {
        wakes.of(before, keys);
      }
    }
  }

  @Override
  public void deleted(
      ObjectKey key, @Nullable ResourceSlice last, boolean finalStateUnknown, Keys keys) {
    if (last != null) {
      wakes.of(PoolName.of(last), keys);
    }
  }
}
