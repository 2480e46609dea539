package dev.kcm.controllers.auth.legacytokencleaner;

import dev.kcm.controllers.shared.accounttokens.TokenSecrets;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.Reader;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the Secrets that were made automatically, which is to say that their account lists them,
 * and leaves out those a pod refers to. Pods are looked at only in namespaces that have such
 * Secrets.
 *
 * <p>Thread-safe: listers are.
 */
final class LegacyTokenCleanerReader implements Reader<LegacyTokenCleanerSnapshot> {

  private final Lister<Secret> secrets;
  private final Lister<ServiceAccount> accounts;
  private final Lister<Pod> pods;
  private final Duration period;

  LegacyTokenCleanerReader(
      Lister<Secret> secrets, Lister<ServiceAccount> accounts, Lister<Pod> pods, Duration period) {
    this.secrets = secrets;
    this.accounts = accounts;
    this.pods = pods;
    this.period = period;
  }

  @Override
  public Optional<LegacyTokenCleanerSnapshot> read(ObjectKey key, boolean settled) {
    Map<String, Set<String>> inUse = new HashMap<>();
    List<Secret> unused =
        secrets.list().stream()
            .filter(this::isMadeAutomatically)
            .filter(
                secret ->
                    !inUse
                        .computeIfAbsent(
                            ObjectKey.of(secret).namespace(),
                            namespace -> PodSecrets.of(pods.inNamespace(namespace)))
                        .contains(secret.getMetadata().getName()))
            .toList();
    return Optional.of(new LegacyTokenCleanerSnapshot(unused, period));
  }

  private boolean isMadeAutomatically(Secret secret) {
    String name = TokenSecrets.accountName(secret);
    return TokenSecrets.isOne(secret)
        && !name.isEmpty()
        && accounts
            .get(new ObjectKey(ObjectKey.of(secret).namespace(), name))
            .filter(account -> TokenSecrets.isAccount(account, TokenSecrets.accountUid(secret)))
            .filter(account -> lists(account, secret.getMetadata().getName()))
            .isPresent();
  }

  private static boolean lists(ServiceAccount account, String secret) {
    return account.getSecrets() != null
        && account.getSecrets().stream().anyMatch(listed -> secret.equals(listed.getName()));
  }
}
