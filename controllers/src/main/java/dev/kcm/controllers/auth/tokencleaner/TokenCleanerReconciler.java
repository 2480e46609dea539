package dev.kcm.controllers.auth.tokencleaner;

import dev.kcm.controllers.shared.bootstraptokens.BootstrapTokens;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Reconciler;
import dev.kcm.core.plan.Verdict;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Deletes a token whose time is over, and waits for the end of one whose is not.
 *
 * <p>Immutable.
 */
final class TokenCleanerReconciler implements Reconciler<TokenCleanerSnapshot> {

  @Override
  public Plan decide(TokenCleanerSnapshot snapshot, Instant now) {
    Secret token = snapshot.token();
    Optional<Instant> end = BootstrapTokens.expiration(token);
    if (end.isEmpty() || token.getMetadata().getDeletionTimestamp() != null) {
      return Plan.NOTHING;
    }
    return BootstrapTokens.isExpired(token, now)
        ? Plan.of(Action.delete(Kinds.SECRETS, token, "the token has expired"))
        : Plan.verdict(Verdict.after(Duration.between(now, end.get())));
  }
}
