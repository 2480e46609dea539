package dev.kcm.controllers.shared.slices;

import dev.kcm.core.loop.EventMapper;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Events of slices: those of one manager wake their Service after a while, and tell its
 * expectations what arrived. A slice that changes hands wakes both Services.
 *
 * <p>Immutable.
 */
public final class SliceMapper implements EventMapper<EndpointSlice> {

  private final String manager;
  private final Duration delay;

  /**
   * A mapper.
   *
   * @param manager value of the label that says who writes a slice
   * @param delay how long a key waits; zero for not at all
   */
  public SliceMapper(String manager, Duration delay) {
    this.manager = manager;
    this.delay = delay;
  }

  @Override
  public void added(EndpointSlice slice, boolean initial, Keys keys) {
    Optional<ObjectKey> owner = owner(slice);
    if (owner.isEmpty()) {
      return;
    }
    if (isTerminating(slice)) {
      keys.expectations().deletionObserved(owner.get(), ObjectKey.of(slice));
    } else {
      keys.expectations().creationObserved(owner.get());
    }
    wake(owner.get(), keys);
  }

  @Override
  public void updated(EndpointSlice old, EndpointSlice current, Keys keys) {
    if (Objects.equals(
        old.getMetadata().getResourceVersion(), current.getMetadata().getResourceVersion())) {
      return;
    }
    Optional<ObjectKey> before = owner(old);
    Optional<ObjectKey> now = owner(current);
    if (!Objects.equals(old.getMetadata().getUid(), current.getMetadata().getUid())) {
      before.ifPresent(owner -> gone(owner, old, keys));
      added(current, false, keys);
      return;
    }
    if (!before.equals(now)) {
      before.ifPresent(owner -> gone(owner, old, keys));
    }
    now.ifPresent(owner -> changed(owner, current, keys));
  }

  @Override
  public void deleted(
      ObjectKey key, @Nullable EndpointSlice last, boolean finalStateUnknown, Keys keys) {
    if (last != null) {
      owner(last).ifPresent(owner -> gone(owner, last, keys));
    }
  }

  private void changed(ObjectKey owner, EndpointSlice slice, Keys keys) {
    if (isTerminating(slice)) {
      gone(owner, slice, keys);
    } else {
      wake(owner, keys);
    }
  }

  private void gone(ObjectKey owner, EndpointSlice slice, Keys keys) {
    keys.expectations().deletionObserved(owner, ObjectKey.of(slice));
    wake(owner, keys);
  }

  private void wake(ObjectKey owner, Keys keys) {
    if (delay.isZero()) {
      keys.enqueue(owner);
    } else {
      keys.enqueueAfter(owner, delay);
    }
  }

  private Optional<ObjectKey> owner(EndpointSlice slice) {
    return ManagedSlices.owner(slice, manager);
  }

  private static boolean isTerminating(EndpointSlice slice) {
    return slice.getMetadata().getDeletionTimestamp() != null;
  }
}
