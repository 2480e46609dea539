package dev.kcm.controllers.auth.tokencleaner;

import dev.kcm.controllers.shared.bootstraptokens.BootstrapTokens;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.Reader;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Optional;

/**
 * Reads a token from the cache.
 *
 * <p>Thread-safe: the lister is.
 */
final class TokenCleanerReader implements Reader<TokenCleanerSnapshot> {

  private final Lister<Secret> secrets;

  TokenCleanerReader(Lister<Secret> secrets) {
    this.secrets = secrets;
  }

  @Override
  public Optional<TokenCleanerSnapshot> read(ObjectKey key, boolean settled) {
    return secrets.get(key).filter(BootstrapTokens::isToken).map(TokenCleanerSnapshot::new);
  }
}
