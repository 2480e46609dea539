package dev.kcm.controllers.auth.serviceaccount;

import dev.kcm.core.loop.EventMapper;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import org.jspecify.annotations.Nullable;

/**
 * A ServiceAccount that is gone, of whatever name, wakes its namespace.
 *
 * <p>Immutable.
 */
final class DeletedAccountMapper implements EventMapper<ServiceAccount> {

  @Override
  public void added(ServiceAccount account, boolean initial, Keys keys) {}

  @Override
  public void updated(ServiceAccount old, ServiceAccount current, Keys keys) {}

  @Override
  public void deleted(
      ObjectKey key, @Nullable ServiceAccount last, boolean finalStateUnknown, Keys keys) {
    keys.enqueue(new ObjectKey("", key.namespace()));
  }
}
