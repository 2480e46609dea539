package dev.kcm.controllers.auth.serviceaccounttoken;

import dev.kcm.controllers.shared.pki.SigningKey;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import org.jspecify.annotations.Nullable;

/**
 * All inputs of one decision about a Secret.
 *
 * @param key which
 * @param secret as the cache has it; null when it is gone
 * @param account as the cache has it; null when it does not have the one the Secret names
 * @param signer signs tokens
 * @param certificates to trust the API server by, PEM; empty for none
 */
record ServiceAccountTokenSnapshot(
    TokenKey key,
    @Nullable Secret secret,
    @Nullable ServiceAccount account,
    SigningKey signer,
    String certificates) {}
