package dev.kcm.controllers.auth.serviceaccounttoken;

import dev.kcm.core.loop.EventMapper;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import org.jspecify.annotations.Nullable;

/**
 * Wakes accounts that are gone, each with its UID: one of the same name may have come since.
 *
 * <p>Immutable.
 */
enum DeletedAccountMapper implements EventMapper<ServiceAccount> {
  INSTANCE;

  /** No name has this in it. */
  static final String SEPARATOR = "/";

  @Override
  public void added(ServiceAccount account, boolean initial, Keys keys) {
    // Secrets of accounts that went unseen find out for themselves.
  }

  @Override
  public void updated(ServiceAccount old, ServiceAccount current, Keys keys) {
    String uid = old.getMetadata().getUid();
    if (uid != null && !uid.equals(current.getMetadata().getUid())) {
      gone(old, keys);
    }
  }

  @Override
  public void deleted(
      ObjectKey key, @Nullable ServiceAccount last, boolean finalStateUnknown, Keys keys) {
    if (last != null) {
      gone(last, keys);
    }
  }

  private static void gone(ServiceAccount account, Keys keys) {
    keys.enqueue(queued(account));
  }

  static ObjectKey queued(ServiceAccount account) {
    ObjectKey key = ObjectKey.of(account);
    return new ObjectKey(key.namespace(), key.name() + SEPARATOR + account.getMetadata().getUid());
  }
}
