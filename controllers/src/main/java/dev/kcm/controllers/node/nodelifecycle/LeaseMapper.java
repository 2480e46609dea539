package dev.kcm.controllers.node.nodelifecycle;

import dev.kcm.core.loop.EventMapper;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Renewals of leases are signs of life. They wake nothing: a node is looked at when it would have
 * been silent for too long.
 *
 * <p>Thread-safe: it only tells {@code heartbeats}.
 */
final class LeaseMapper implements EventMapper<Lease> {

  private final Heartbeats heartbeats;

  LeaseMapper(Heartbeats heartbeats) {
    this.heartbeats = heartbeats;
  }

  @Override
  public void added(Lease lease, boolean initial, Keys keys) {
    heartbeats.heard(lease.getMetadata().getName());
  }

  @Override
  public void updated(Lease old, Lease current, Keys keys) {
    ZonedDateTime before = renewed(old);
    ZonedDateTime after = renewed(current);
    if (after != null && (before == null || after.isAfter(before))) {
      heartbeats.heard(current.getMetadata().getName());
    }
  }

  @Override
  public void deleted(ObjectKey key, @Nullable Lease last, boolean finalStateUnknown, Keys keys) {}

  private static @Nullable ZonedDateTime renewed(Lease lease) {
    return lease.getSpec() == null ? null : lease.getSpec().getRenewTime();
  }
}
