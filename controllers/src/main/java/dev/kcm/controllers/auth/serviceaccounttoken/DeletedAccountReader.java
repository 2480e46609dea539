package dev.kcm.controllers.auth.serviceaccounttoken;

import dev.kcm.controllers.shared.accounttokens.TokenSecrets;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.Reader;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import java.util.List;
import java.util.Optional;

/**
 * Reads what an account has left behind.
 *
 * <p>Thread-safe: listers and indexes are.
 */
final class DeletedAccountReader implements Reader<DeletedAccountSnapshot> {

  private final Lister<ServiceAccount> accounts;
  private final TokenSecrets.Lookup secrets;

  DeletedAccountReader(Lister<ServiceAccount> accounts, TokenSecrets.Lookup secrets) {
    this.accounts = accounts;
    this.secrets = secrets;
  }

  @Override
  public Optional<DeletedAccountSnapshot> read(ObjectKey key, boolean settled) {
    String[] parts = key.name().split(DeletedAccountMapper.SEPARATOR, 2);
    String name = parts[0];
    String uid = parts.length > 1 ? parts[1] : "";
    boolean isBack =
        accounts
            .get(new ObjectKey(key.namespace(), name))
            .filter(account -> TokenSecrets.isAccount(account, uid))
            .isPresent();
    if (isBack) {
      return Optional.empty();
    }
    List<Secret> left =
        secrets.of(key.namespace(), name).stream()
            .filter(secret -> TokenSecrets.belongs(secret, name, uid))
            .toList();
    return left.isEmpty() ? Optional.empty() : Optional.of(new DeletedAccountSnapshot(left));
  }
}
