package dev.kcm.controllers.auth.serviceaccounttoken;

import dev.kcm.controllers.shared.accounttokens.TokenSecrets;
import dev.kcm.controllers.shared.pki.SigningKey;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.Reader;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import java.util.Optional;

/**
 * Reads a Secret and its account from the caches; those of another UID do not count.
 *
 * <p>Thread-safe: listers are.
 */
final class ServiceAccountTokenReader implements Reader<ServiceAccountTokenSnapshot> {

  private final Lister<Secret> secrets;
  private final Lister<ServiceAccount> accounts;
  private final SigningKey signer;
  private final String certificates;

  ServiceAccountTokenReader(
      Lister<Secret> secrets,
      Lister<ServiceAccount> accounts,
      SigningKey signer,
      String certificates) {
    this.secrets = secrets;
    this.accounts = accounts;
    this.signer = signer;
    this.certificates = certificates;
  }

  @Override
  public Optional<ServiceAccountTokenSnapshot> read(ObjectKey queued, boolean settled) {
    TokenKey key = TokenKey.from(queued);
    Secret secret =
        secrets
            .get(key.secret())
            .filter(found -> key.uid().equals(found.getMetadata().getUid()))
            .orElse(null);
    ServiceAccount account =
        accounts
            .get(key.account())
            .filter(found -> TokenSecrets.isAccount(found, key.accountUid()))
            .orElse(null);
    return secret == null && account == null
        ? Optional.empty()
        : Optional.of(new ServiceAccountTokenSnapshot(key, secret, account, signer, certificates));
  }
}
