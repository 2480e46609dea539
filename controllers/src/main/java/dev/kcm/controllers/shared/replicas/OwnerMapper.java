package dev.kcm.controllers.shared.replicas;

import dev.kcm.core.loop.EventMapper;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Events of owners: every one wakes the owner, resyncs included; an owner that is gone takes its
 * expectations with it.
 *
 * <p>Immutable.
 */
public final class OwnerMapper implements EventMapper<HasMetadata> {

  /** It has no state, so one does for all. */
  public static final OwnerMapper INSTANCE = new OwnerMapper();

  private OwnerMapper() {}

  @Override
  public void added(HasMetadata owner, boolean initial, Keys keys) {
    keys.enqueue(ObjectKey.of(owner));
  }

  @Override
  public void updated(HasMetadata old, HasMetadata current, Keys keys) {
    if (!Objects.equals(old.getMetadata().getUid(), current.getMetadata().getUid())) {
      deleted(ObjectKey.of(old), old, false, keys);
    }
    keys.enqueue(ObjectKey.of(current));
  }

  @Override
  public void deleted(
      ObjectKey key, @Nullable HasMetadata last, boolean finalStateUnknown, Keys keys) {
    keys.expectations().forget(key);
    keys.enqueue(key);
  }
}
