package dev.kcm.controllers.auth.serviceaccount;

import dev.kcm.controllers.shared.objects.ErrorText;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Reconciler;
import dev.kcm.core.plan.Report;
import dev.kcm.core.plan.Stage;
import dev.kcm.core.plan.Verdict;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Creates what an active namespace has to have.
 *
 * <p>Immutable.
 */
final class ServiceAccountReconciler implements Reconciler<ServiceAccountSnapshot> {

  @Override
  public Plan decide(ServiceAccountSnapshot snapshot, Instant now) {
    if (snapshot.missing().isEmpty() || !isActive(snapshot.namespace())) {
      return Plan.NOTHING;
    }
    String namespace = ObjectKey.of(snapshot.namespace()).name();
    List<Action> creations = new ArrayList<>();
    for (String name : snapshot.missing()) {
      creations.add(creation(namespace, name));
    }
    return Plan.of(Stage.keepGoing(creations)).then(ServiceAccountReconciler::concluded);
  }

  private static boolean isActive(Namespace namespace) {
    return namespace.getMetadata().getDeletionTimestamp() == null
        && namespace.getStatus() != null
        && "Active".equals(namespace.getStatus().getPhase());
  }

  private static Action creation(String namespace, String name) {
    return Action.create(
        Kinds.SERVICE_ACCOUNTS,
        new ServiceAccountBuilder()
            .withNewMetadata()
            .withNamespace(namespace)
            .withName(name)
            .endMetadata()
            .build(),
        "each namespace has this service account");
  }

  /** One that is there already, or whose namespace is going, needs no creation. */
  private static Plan concluded(Report report) {
    List<String> errors =
        report.rejected().stream()
            .map(Report.Rejected::error)
            .filter(e -> e.kind() != ApiError.Kind.ALREADY_EXISTS && !e.namespaceTerminating())
            .map(ApiError::message)
            .toList();
    return errors.isEmpty() ? Plan.NOTHING : Plan.verdict(Verdict.retry(ErrorText.joined(errors)));
  }
}
