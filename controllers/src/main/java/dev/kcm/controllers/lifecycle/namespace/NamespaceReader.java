package dev.kcm.controllers.lifecycle.namespace;

import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.Reader;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Namespace;
import java.util.Optional;

/**
 * Reads which namespace it is about; what to do with it depends on the server's own view of it.
 *
 * <p>Thread-safe: the lister is.
 */
final class NamespaceReader implements Reader<NamespaceSnapshot> {

  private final Lister<Namespace> namespaces;

  NamespaceReader(Lister<Namespace> namespaces) {
    this.namespaces = namespaces;
  }

  @Override
  public Optional<NamespaceSnapshot> read(ObjectKey key, boolean settled) {
    return namespaces.get(key).map(namespace -> new NamespaceSnapshot(key));
  }
}
