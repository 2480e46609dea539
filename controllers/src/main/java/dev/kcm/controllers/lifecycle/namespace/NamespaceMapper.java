package dev.kcm.controllers.lifecycle.namespace;

import dev.kcm.core.loop.EventMapper;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Namespace;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Wakes namespaces that are being deleted, after a while: other API servers have to see the
 * deletion too, or they go on creating.
 *
 * <p>Immutable.
 */
enum NamespaceMapper implements EventMapper<Namespace> {
  INSTANCE;

  static final Duration GRACE = Duration.ofSeconds(5);

  @Override
  public void added(Namespace namespace, boolean initial, Keys keys) {
    if (namespace.getMetadata().getDeletionTimestamp() != null) {
      keys.enqueueAfter(ObjectKey.of(namespace), GRACE);
    }
  }

  @Override
  public void updated(Namespace old, Namespace current, Keys keys) {
    added(current, false, keys);
  }

  @Override
  public void deleted(
      ObjectKey key, @Nullable Namespace last, boolean finalStateUnknown, Keys keys) {
    // A namespace that is gone has nothing left to delete.
  }
}
