package dev.kcm.controllers.auth.rootca;

import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.Reader;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Namespace;
import java.util.Optional;

/**
 * Reads the published ConfigMap of a namespace from the cache. A namespace the cache does not know
 * is one it has not heard of yet, or one that is gone; the server tells which.
 *
 * <p>Thread-safe: listers are.
 */
final class RootCaReader implements Reader<RootCaSnapshot> {

  private final RootCaConfig config;
  private final Lister<Namespace> namespaces;
  private final Lister<ConfigMap> maps;

  RootCaReader(RootCaConfig config, Lister<Namespace> namespaces, Lister<ConfigMap> maps) {
    this.config = config;
    this.namespaces = namespaces;
    this.maps = maps;
  }

  @Override
  public Optional<RootCaSnapshot> read(ObjectKey key, boolean settled) {
    boolean terminating = namespaces.get(key).filter(RootCaReader::isTerminating).isPresent();
    ConfigMap found = maps.get(new ObjectKey(key.name(), RootCaSnapshot.CONFIG_MAP)).orElse(null);
    return Optional.of(new RootCaSnapshot(key.name(), terminating, found, config));
  }

  private static boolean isTerminating(Namespace namespace) {
    return namespace.getMetadata().getDeletionTimestamp() != null;
  }
}
