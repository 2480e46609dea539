package dev.kcm.controllers.auth.serviceaccounttoken;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Reconciler;
import dev.kcm.core.plan.Stage;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * Deletes the token Secrets of an account that is gone.
 *
 * <p>Immutable.
 */
final class DeletedAccountReconciler implements Reconciler<DeletedAccountSnapshot> {

  @Override
  public Plan decide(DeletedAccountSnapshot snapshot, Instant now) {
    List<Action.Delete<Secret>> deletions =
        snapshot.secrets().stream()
            .filter(secret -> secret.getMetadata().getDeletionTimestamp() == null)
            .sorted(Comparator.comparing(secret -> secret.getMetadata().getName()))
            .map(DeletedAccountReconciler::deletion)
            .toList();
    return Plan.of(Stage.keepGoing(deletions));
  }

  static Action.Delete<Secret> deletion(Secret secret) {
    return Action.delete(Kinds.SECRETS, secret, "its account is gone");
  }
}
