package dev.kcm.controllers.auth.bootstrapsigner;

import dev.kcm.controllers.shared.bootstraptokens.BootstrapTokens;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.Reader;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;
import java.util.Optional;

/**
 * Reads cluster-info and the tokens from the caches.
 *
 * <p>Thread-safe: listers are.
 */
final class BootstrapSignerReader implements Reader<BootstrapSignerSnapshot> {

  private static final String TOKENS = "bootstrapToken";

  private final Lister<ConfigMap> maps;
  private final Lister<Secret> secrets;

  private BootstrapSignerReader(Lister<ConfigMap> maps, Lister<Secret> secrets) {
    this.maps = maps;
    this.secrets = secrets;
  }

  /** Over two informers; the index it needs is made. */
  static BootstrapSignerReader of(Informer<ConfigMap> maps, Informer<Secret> secrets) {
    secrets.ensureIndex(
        TOKENS, secret -> BootstrapTokens.isToken(secret) ? List.of(TOKENS) : List.of());
    return new BootstrapSignerReader(maps.lister(), secrets.lister());
  }

  @Override
  public Optional<BootstrapSignerSnapshot> read(ObjectKey key, boolean settled) {
    return maps.get(key)
        .map(map -> new BootstrapSignerSnapshot(map, secrets.byIndex(TOKENS, TOKENS)));
  }
}
