package dev.kcm.controllers.auth.serviceaccounttoken;

import dev.kcm.controllers.shared.accounttokens.TokenSecrets;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.pki.PkiException;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Reconciler;
import dev.kcm.core.plan.Report;
import dev.kcm.core.plan.Report.Applied;
import dev.kcm.core.plan.Report.Rejected;
import dev.kcm.core.plan.Report.Result;
import dev.kcm.core.plan.Verdict;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Fills a token Secret, deletes one whose account is gone, and takes the name of one that is gone
 * out of its account.
 *
 * <p>Immutable.
 */
final class ServiceAccountTokenReconciler implements Reconciler<ServiceAccountTokenSnapshot> {

  private static final String CERTIFICATES = "ca.crt";
  private static final String NAMESPACE = "namespace";
  private static final String TOKEN = "token";

  @Override
  public Plan decide(ServiceAccountTokenSnapshot snapshot, Instant now) {
    Secret secret = snapshot.secret();
    ServiceAccount account = snapshot.account();
    if (secret == null) {
      return account == null ? Plan.NOTHING : forget(snapshot);
    }
    if (secret.getMetadata().getDeletionTimestamp() != null) {
      return Plan.NOTHING;
    }
    return account == null ? lookForAccount(snapshot, secret) : fill(snapshot, secret, account);
  }

  private static Plan forget(ServiceAccountTokenSnapshot snapshot) {
    return Plan.of(
            Action.fetch(
                Kinds.SERVICE_ACCOUNTS, snapshot.key().account(), "does it name the Secret"))
        .then(report -> forgotten(snapshot.key(), report.results().get(0)));
  }

  private static Plan forgotten(TokenKey key, Result live) {
    if (live instanceof Rejected rejected) {
      return retryUnlessGone(rejected.error());
    }
    if (!(live instanceof Applied applied)
        || !(applied.answer() instanceof ServiceAccount account)
        || !TokenSecrets.isAccount(account, key.accountUid())) {
      return Plan.NOTHING;
    }
    Predicate<ObjectReference> isIt = reference -> key.name().equals(reference.getName());
    List<ObjectReference> references = account.getSecrets();
    if (references == null || references.stream().noneMatch(isIt)) {
      return Plan.NOTHING;
    }
    ServiceAccount without =
        new ServiceAccountBuilder(account)
            .withSecrets(references.stream().filter(isIt.negate()).toList())
            .build();
    return Plan.of(Action.update(Kinds.SERVICE_ACCOUNTS, without, "a Secret it names is gone"))
        .then(ServiceAccountTokenReconciler::ended);
  }

  /** A cache may be behind: only the server knows that there is no account. */
  private static Plan lookForAccount(ServiceAccountTokenSnapshot snapshot, Secret secret) {
    TokenKey key = snapshot.key();
    return Plan.of(Action.fetch(Kinds.SERVICE_ACCOUNTS, key.account(), "is there an account"))
        .then(
            report -> {
              Result live = report.results().get(0);
              if (live instanceof Rejected rejected && rejected.error().kind() != Kind.NOT_FOUND) {
                return Plan.verdict(Verdict.retry(rejected.error()));
              }
              return live instanceof Applied applied
                      && applied.answer() instanceof ServiceAccount account
                      && TokenSecrets.isAccount(account, key.accountUid())
                  ? fill(snapshot, secret, account)
                  : Plan.of(DeletedAccountReconciler.deletion(secret));
            });
  }

  private static Plan fill(
      ServiceAccountTokenSnapshot snapshot, Secret secret, ServiceAccount account) {
    if (isFilled(snapshot, secret)) {
      return Plan.NOTHING;
    }
    return Plan.of(Action.fetch(Kinds.SECRETS, snapshot.key().secret(), "is it still empty"))
        .then(report -> filled(snapshot, secret, account, report.results().get(0)));
  }

  private static boolean isFilled(ServiceAccountTokenSnapshot snapshot, Secret secret) {
    Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
    boolean trusts =
        snapshot.certificates().isEmpty()
            || encoded(snapshot.certificates()).equals(data.get(CERTIFICATES));
    return trusts && has(data, NAMESPACE) && has(data, TOKEN);
  }

  private static boolean has(Map<String, String> data, String key) {
    String value = data.get(key);
    return value != null && !value.isEmpty();
  }

  private static Plan filled(
      ServiceAccountTokenSnapshot snapshot, Secret seen, ServiceAccount account, Result answer) {
    if (answer instanceof Rejected rejected) {
      return retryUnlessGone(rejected.error());
    }
    Secret live = answer instanceof Applied applied ? (Secret) applied.answer() : null;
    if (live == null || !version(live).equals(version(seen)) || isFilled(snapshot, live)) {
      // Whoever changed it meanwhile has sent an event with the change.
      return Plan.NOTHING;
    }
    try {
      Secret full = full(snapshot, live, account);
      return Plan.of(Action.update(Kinds.SECRETS, full, "its account needs a token"))
          .then(ServiceAccountTokenReconciler::ended);
    } catch (PkiException e) {
      return Plan.verdict(Verdict.drop("no token can be made: " + e.getMessage()));
    }
  }

  private static String version(Secret secret) {
    String version = secret.getMetadata().getResourceVersion();
    return version == null ? "" : version;
  }

  private static Secret full(
      ServiceAccountTokenSnapshot snapshot, Secret secret, ServiceAccount account)
      throws PkiException {
    Map<String, String> data =
        secret.getData() == null ? new HashMap<>() : new HashMap<>(secret.getData());
    if (!snapshot.certificates().isEmpty()) {
      data.put(CERTIFICATES, encoded(snapshot.certificates()));
    }
    if (!has(data, NAMESPACE)) {
      data.put(NAMESPACE, encoded(secret.getMetadata().getNamespace()));
    }
    if (!has(data, TOKEN)) {
      data.put(TOKEN, encoded(AccountToken.of(account, secret, snapshot.signer())));
    }
    return new SecretBuilder(secret)
        .withData(data)
        .editMetadata()
        .addToAnnotations(TokenSecrets.ACCOUNT_NAME, account.getMetadata().getName())
        .addToAnnotations(TokenSecrets.ACCOUNT_UID, account.getMetadata().getUid())
        .endMetadata()
        .build();
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Plan ended(Report report) {
    return report
        .firstRejected()
        .map(rejected -> retryUnlessGone(rejected.error()))
        .orElse(Plan.NOTHING);
  }

  private static Plan retryUnlessGone(ApiError error) {
    return error.kind() == Kind.NOT_FOUND ? Plan.NOTHING : Plan.verdict(Verdict.retry(error));
  }
}
