package dev.kcm.controllers.network.endpoints;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.services.ServiceAddresses;
import dev.kcm.controllers.shared.services.SubsetContents;
import dev.kcm.controllers.shared.services.TriggerTime;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Action.Severity;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Reconciler;
import dev.kcm.core.plan.Report;
import dev.kcm.core.plan.Verdict;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Service;
import java.time.Instant;
import java.util.Optional;

/**
 * Writes what the Endpoints of a Service should say, when they say something else, and removes
 * those whose Service is gone.
 *
 * <p>Immutable.
 */
final class EndpointsReconciler implements Reconciler<EndpointsSnapshot> {

  @Override
  public Plan decide(EndpointsSnapshot snapshot, Instant now) {
    Optional<Service> service = snapshot.service();
    Optional<Endpoints> stored = snapshot.endpoints();
    if (service.isEmpty()) {
      return stored.isEmpty() ? Plan.NOTHING : removeUnlessThereIs(snapshot.key(), stored.get());
    }
    if (!ServiceAddresses.leadsToPods(service.get())) {
      return Plan.NOTHING;
    }
    return write(snapshot, service.get());
  }

  /**
   * At a start both may appear at once, and the cache may have the Endpoints first: the server
   * knows better. A Service that is there wakes the key when the cache learns of it.
   */
  private static Plan removeUnlessThereIs(ObjectKey service, Endpoints stored) {
    return Plan.of(Action.fetch(Kinds.SERVICES, service, "is the service gone for the server too"))
        .then(
            report ->
                report
                    .firstRejected()
                    .map(rejected -> removeOrRetry(rejected.error(), stored))
                    .orElse(Plan.NOTHING));
  }

  private static Plan removeOrRetry(ApiError error, Endpoints stored) {
    return error.kind() == ApiError.Kind.NOT_FOUND
        ? Plan.of(Action.delete(Kinds.ENDPOINTS, stored, "the service is gone"))
        : Plan.verdict(Verdict.retry(error));
  }

  private static Plan write(EndpointsSnapshot snapshot, Service service) {
    WantedEndpoints wanted = WantedEndpoints.of(service, snapshot.pods());
    Optional<Endpoints> stored = snapshot.endpoints();
    if (stored.filter(wanted::isSaidBy).isPresent()) {
      return Plan.NOTHING;
    }
    Optional<Instant> trigger =
        stored.isEmpty()
            ? TriggerTime.ofFirst(service)
            : TriggerTime.of(
                SubsetContents.of(stored.get().getSubsets()).readyByUid(),
                wanted.contents().readyByUid(),
                snapshot.pods());
    Endpoints next = wanted.over(stored, trigger);
    if (stored.isEmpty() && service.getMetadata().getDeletionTimestamp() != null) {
      return Plan.NOTHING;
    }
    Action action =
        stored.isEmpty()
            ? Action.create(Kinds.ENDPOINTS, next, "the service has no endpoints")
            : Action.update(Kinds.ENDPOINTS, next, "the endpoints are out of date");
    return Plan.of(action).then(report -> concluded(report, next));
  }

  private static Plan concluded(Report report, Endpoints next) {
    Optional<Report.Rejected> failure = report.firstRejected().filter(EndpointsReconciler::isLoud);
    if (failure.isEmpty()) {
      return Plan.NOTHING;
    }
    String error = failure.get().error().message();
    boolean creating = failure.get().action() instanceof Action.Create;
    String subject =
        next.getMetadata().getNamespace() + "/" + next.getMetadata().getName() + ": " + error;
    return Plan.of(
            new Action.Emit(
                next,
                Kinds.ENDPOINTS,
                Severity.WARNING,
                creating ? "FailedToCreateEndpoint" : "FailedToUpdateEndpoint",
                creating
                    ? "Failed to create endpoint for service " + subject
                    : "Failed to update endpoint " + subject,
                "tell that the endpoints could not be written"))
        .ending(Verdict.retry(error));
  }

  private static boolean isLoud(Report.Rejected rejected) {
    return !(rejected.action() instanceof Action.Create && rejected.error().namespaceTerminating());
  }
}
