package dev.kcm.examples.webapp;

import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.Reader;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.Optional;

/**
 * Reads the caches.
 *
 * <p>Thread-safe: listers are.
 */
record WebAppReader(Lister<WebApp> apps, Lister<ConfigMap> pages, Lister<Deployment> servers)
    implements Reader<WebAppSnapshot> {

  @Override
  public Optional<WebAppSnapshot> read(ObjectKey key, boolean settled) {
    return apps.get(key).map(app -> new WebAppSnapshot(app, pages.get(key), servers.get(key)));
  }
}
