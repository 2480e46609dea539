package dev.kcm.controllers.network.endpointslice;

import dev.kcm.controllers.shared.objects.ErrorText;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.services.ServiceAddresses;
import dev.kcm.controllers.shared.services.TriggerTime;
import dev.kcm.controllers.shared.slices.SliceChanges;
import dev.kcm.controllers.shared.slices.SliceLabels;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Action.Severity;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Reconciler;
import dev.kcm.core.plan.Report;
import dev.kcm.core.plan.Stage;
import dev.kcm.core.plan.Verdict;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Works out the slices of each address type, writes those that differ, and tells what failed. Types
 * fail independently.
 *
 * <p>Immutable.
 */
final class EndpointSliceReconciler implements Reconciler<EndpointSliceSnapshot> {

  private static final Set<String> KNOWN_TYPES = Set.of("IPv4", "IPv6");

  @Override
  public Plan decide(EndpointSliceSnapshot snapshot, Instant now) {
    if (!snapshot.settled()) {
      return Plan.of(Stage.keepGoing(List.of(SliceMeasures.sync("stale"))));
    }
    List<TypeReconciliation> types =
        addressTypes(snapshot.service()).stream()
            .map(type -> TypeReconciliation.of(snapshot, type))
            .toList();
    List<String> problems = types.stream().flatMap(t -> t.wanted().problems().stream()).toList();
    List<Stage> writes = writes(snapshot, types);
    List<Action> measures = SliceMeasures.of(snapshot, types);
    if (writes.isEmpty()) {
      return concluded(snapshot, problems, measures);
    }
    List<Action> news = news(snapshot.service(), types);
    if (!news.isEmpty()) {
      writes.add(Stage.keepGoing(news));
    }
    return Plan.of(writes.toArray(Stage[]::new))
        .then(report -> concluded(snapshot, errors(report, snapshot, problems), measures));
  }

  /** The families of the Service; that of its cluster IP; both where it has neither. */
  private static List<String> addressTypes(Service service) {
    List<String> families = ServiceAddresses.spec(service).getIpFamilies();
    if (!families.isEmpty()) {
      return families.stream().filter(KNOWN_TYPES::contains).distinct().sorted().toList();
    }
    return ServiceAddresses.clusterIp(service)
        .map(ip -> List.of(ip.v6() ? "IPv6" : "IPv4"))
        .orElse(List.of("IPv4", "IPv6"));
  }

  private static List<Stage> writes(
      EndpointSliceSnapshot snapshot, List<TypeReconciliation> types) {
    Service service = snapshot.service();
    boolean deleting = service.getMetadata().getDeletionTimestamp() != null;
    Optional<Instant> trigger = trigger(snapshot, types);
    List<Stage> stages = new ArrayList<>();
    for (TypeReconciliation type : types) {
      SliceChanges changes = type.changes().sliceChanges().recycled(service);
      add(stages, stamped(deleting ? changes.withoutCreations() : changes, trigger));
    }
    List<EndpointSlice> others =
        snapshot.slices().stream()
            .filter(slice -> slice.getMetadata().getDeletionTimestamp() == null)
            .filter(s -> types.stream().noneMatch(t -> t.addressType().equals(s.getAddressType())))
            .toList();
    add(stages, new SliceChanges(List.of(), List.of(), others, List.of()));
    return stages;
  }

  private static void add(List<Stage> stages, SliceChanges changes) {
    Stage stage = changes.stage();
    if (!stage.actions().isEmpty()) {
      stages.add(stage);
    }
  }

  private static Optional<Instant> trigger(
      EndpointSliceSnapshot snapshot, List<TypeReconciliation> types) {
    if (snapshot.slices().isEmpty()) {
      return TriggerTime.ofFirst(snapshot.service());
    }
    Stream<Endpoint> now =
        types.stream()
            .flatMap(type -> type.wanted().byPorts().values().stream())
            .flatMap(group -> group.values().stream());
    return TriggerTime.of(
        readyByUid(snapshot.slices().stream().flatMap(s -> s.getEndpoints().stream())),
        readyByUid(now),
        snapshot.pods());
  }

  private static Map<String, Boolean> readyByUid(Stream<Endpoint> endpoints) {
    Map<String, Boolean> ready = new HashMap<>();
    endpoints
        .filter(endpoint -> endpoint.getTargetRef() != null)
        .filter(endpoint -> endpoint.getTargetRef().getUid() != null)
        .forEach(
            e -> ready.merge(e.getTargetRef().getUid(), Hints.isReady(e), Boolean::logicalAnd));
    return ready;
  }

  private static SliceChanges stamped(SliceChanges changes, Optional<Instant> trigger) {
    return new SliceChanges(
        changes.create().stream().map(slice -> stamped(slice, trigger)).toList(),
        changes.update().stream().map(slice -> stamped(slice, trigger)).toList(),
        changes.delete(),
        changes.unchanged());
  }

  private static EndpointSlice stamped(EndpointSlice slice, Optional<Instant> trigger) {
    EndpointSliceBuilder stamped =
        new EndpointSliceBuilder(slice)
            .editMetadata()
            .removeFromAnnotations(SliceLabels.TRIGGER_TIME)
            .endMetadata();
    return trigger
        .map(
            time ->
                stamped
                    .editMetadata()
                    .addToAnnotations(SliceLabels.TRIGGER_TIME, time.toString())
                    .endMetadata()
                    .build())
        .orElseGet(stamped::build);
  }

  private static List<Action> news(Service service, List<TypeReconciliation> types) {
    List<Action> events = new ArrayList<>();
    for (TypeReconciliation type : types) {
      Hints.News news = type.hints().news();
      if (news != null && type.changes().count() > 0) {
        events.add(event(service, news.severity(), news.reason(), news.message()));
      }
    }
    return events;
  }

  private static Action event(Service service, Severity severity, String reason, String message) {
    return new Action.Emit(
        service, Kinds.SERVICES, severity, reason, message, "tell what became of the slices");
  }

  private static List<String> errors(
      Report report, EndpointSliceSnapshot snapshot, List<String> problems) {
    List<String> errors = new ArrayList<>();
    ObjectKey key = ObjectKey.of(snapshot.service());
    for (Report.Rejected rejected : report.rejected()) {
      boolean quiet =
          rejected.action() instanceof Action.Create && rejected.error().namespaceTerminating();
      if (!quiet) {
        errors.add(
            "failed to %s EndpointSlice for Service %s: %s"
                .formatted(what(rejected.action()), key, rejected.error().message()));
      }
    }
    errors.addAll(problems);
    return errors;
  }

  private static String what(Action action) {
    if (action instanceof Action.Update<?> update) {
      return "update " + update.object().getMetadata().getName();
    }
    return action instanceof Action.Delete<?> delete ? "delete " + delete.key().name() : "create";
  }

  private static Plan concluded(
      EndpointSliceSnapshot snapshot, List<String> errors, List<Action> measures) {
    List<Action> last = new ArrayList<>(measures);
    if (errors.isEmpty()) {
      last.add(SliceMeasures.sync("success"));
      return Plan.of(Stage.keepGoing(last));
    }
    String error = ErrorText.joined(errors);
    last.add(SliceMeasures.sync("error"));
    last.add(
        event(
            snapshot.service(),
            Severity.WARNING,
            "FailedToUpdateEndpointSlices",
            "Error updating Endpoint Slices for Service %s: %s"
                .formatted(ObjectKey.of(snapshot.service()), error)));
    return Plan.of(Stage.keepGoing(last)).ending(Verdict.retry(error));
  }
}
