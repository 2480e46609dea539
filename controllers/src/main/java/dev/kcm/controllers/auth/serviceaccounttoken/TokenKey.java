package dev.kcm.controllers.auth.serviceaccounttoken;

import dev.kcm.controllers.shared.accounttokens.TokenSecrets;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Optional;

/**
 * What the queue of Secrets knows of one: all it takes to clear up after it is gone.
 *
 * @param namespace its namespace
 * @param name its name
 * @param uid its UID
 * @param accountName the account it names
 * @param accountUid the UID of the account it names; may be empty
 */
record TokenKey(String namespace, String name, String uid, String accountName, String accountUid) {

  /** No name and no UID has this in it. */
  private static final String SEPARATOR = "/";

  /** The key of a Secret; empty when it is no token Secret, or names no account. */
  static Optional<TokenKey> of(Secret secret) {
    ObjectKey key = ObjectKey.of(secret);
    String uid = secret.getMetadata().getUid();
    String account = TokenSecrets.accountName(secret);
    boolean valid =
        TokenSecrets.isOne(secret)
            && !key.namespace().isEmpty()
            && !key.name().isEmpty()
            && uid != null
            && !uid.isEmpty()
            && !account.isEmpty();
    return valid
        ? Optional.of(
            new TokenKey(
                key.namespace(), key.name(), uid, account, TokenSecrets.accountUid(secret)))
        : Optional.empty();
  }

  /** As it stands in the queue. */
  ObjectKey queued() {
    return new ObjectKey(namespace, String.join(SEPARATOR, name, uid, accountName, accountUid));
  }

  static TokenKey from(ObjectKey queued) {
    String[] parts = queued.name().split(SEPARATOR, -1);
    if (parts.length != 4) {
      throw new IllegalArgumentException(
          "a key of a token is " + queued + ", allowed: name/uid/account/uid");
    }
    return new TokenKey(queued.namespace(), parts[0], parts[1], parts[2], parts[3]);
  }

  /** Where the Secret is. */
  ObjectKey secret() {
    return new ObjectKey(namespace, name);
  }

  /** Where the account is. */
  ObjectKey account() {
    return new ObjectKey(namespace, accountName);
  }
}
