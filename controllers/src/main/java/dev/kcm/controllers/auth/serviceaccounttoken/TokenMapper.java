package dev.kcm.controllers.auth.serviceaccounttoken;

import dev.kcm.core.loop.EventMapper;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Secret;
import org.jspecify.annotations.Nullable;

/**
 * Wakes token Secrets at every event; a Secret that took the place of another unseen wakes both.
 *
 * <p>Immutable.
 */
enum TokenMapper implements EventMapper<Secret> {
  INSTANCE;

  @Override
  public void added(Secret secret, boolean initial, Keys keys) {
    TokenKey.of(secret).ifPresent(key -> keys.enqueue(key.queued()));
  }

  @Override
  public void updated(Secret old, Secret current, Keys keys) {
    String uid = old.getMetadata().getUid();
    if (uid != null && !uid.equals(current.getMetadata().getUid())) {
      added(old, false, keys);
    }
    added(current, false, keys);
  }

  @Override
  public void deleted(ObjectKey key, @Nullable Secret last, boolean finalStateUnknown, Keys keys) {
    if (last != null) {
      added(last, false, keys);
    }
  }
}
