package dev.kcm.controllers.auth.rootca;

import dev.kcm.core.loop.EventMapper;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Namespace;
import org.jspecify.annotations.Nullable;

/**
 * A namespace wakes itself when it is new, and when it changes while it is active.
 *
 * <p>Immutable.
 */
final class NamespaceMapper implements EventMapper<Namespace> {

  @Override
  public void added(Namespace namespace, boolean initial, Keys keys) {
    keys.enqueue(ObjectKey.of(namespace));
  }

  @Override
  public void updated(Namespace old, Namespace current, Keys keys) {
    if (current.getStatus() != null && "Active".equals(current.getStatus().getPhase())) {
      keys.enqueue(ObjectKey.of(current));
    }
  }

  @Override
  public void deleted(
      ObjectKey key, @Nullable Namespace last, boolean finalStateUnknown, Keys keys) {}
}
