package dev.kcm.controllers.network.endpointslicemirroring;

import dev.kcm.controllers.shared.objects.ErrorText;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.slices.SliceChanges;
import dev.kcm.controllers.shared.slices.SliceMetrics;
import dev.kcm.controllers.shared.slices.SlicePorts;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Action.Severity;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Reconciler;
import dev.kcm.core.plan.Report;
import dev.kcm.core.plan.Stage;
import dev.kcm.core.plan.Verdict;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps one slice for each family and set of ports in step with Endpoints, and removes what there
 * is nothing to mirror for.
 *
 * <p>Immutable.
 */
final class MirroringReconciler implements Reconciler<MirroringSnapshot> {

  static final String PREFIX = "endpoint_slice_mirroring_controller_";

  private static final String WHY = "endpoints were looked at";

  @Override
  public Plan decide(MirroringSnapshot snapshot, Instant now) {
    if (!snapshot.settled()) {
      return Plan.NOTHING;
    }
    return snapshot
        .endpoints()
        .map(endpoints -> mirror(snapshot, endpoints))
        .orElseGet(() -> remove(snapshot));
  }

  private static Plan remove(MirroringSnapshot snapshot) {
    List<EndpointSlice> left = alive(snapshot);
    if (left.isEmpty()) {
      return Plan.NOTHING;
    }
    List<Action> deletions = new ArrayList<>();
    for (EndpointSlice slice : left) {
      deletions.add(
          Action.delete(Kinds.ENDPOINT_SLICES, slice, "there is nothing to mirror").expecting());
    }
    return Plan.of(Stage.keepGoing(deletions))
        .then(
            report ->
                report.allApplied()
                    ? Plan.NOTHING
                    : Plan.verdict(Verdict.retry(deletionErrors(snapshot, report))));
  }

  private static String deletionErrors(MirroringSnapshot snapshot, Report report) {
    return "error(s) deleting %d/%d EndpointSlices for %s Endpoints, including: %s"
        .formatted(
            report.rejected().size(),
            report.results().size(),
            snapshot.key(),
            report.rejected().get(0).error().message());
  }

  private static Plan mirror(MirroringSnapshot snapshot, Endpoints endpoints) {
    WantedMirrors wanted = WantedMirrors.of(endpoints, snapshot.maxEndpoints());
    SliceChanges changes = changes(snapshot, endpoints, wanted).recycled();
    if (endpoints.getMetadata().getDeletionTimestamp() != null) {
      changes = changes.withoutCreations();
    }
    List<Action> news = news(endpoints, wanted);
    news.addAll(measures(snapshot, wanted, changes));
    Stage writes = changes.stage();
    if (writes.actions().isEmpty()) {
      news.add(took());
    }
    return writes.actions().isEmpty()
        ? Plan.of(Stage.keepGoing(news))
        : Plan.of(Stage.keepGoing(news), writes).then(MirroringReconciler::concluded);
  }

  private static SliceChanges changes(
      MirroringSnapshot snapshot, Endpoints endpoints, WantedMirrors wanted) {
    MirrorTemplate template = MirrorTemplate.of(endpoints);
    List<EndpointSlice> create = new ArrayList<>();
    List<EndpointSlice> update = new ArrayList<>();
    List<EndpointSlice> unchanged = new ArrayList<>();
    Map<WantedMirrors.Place, List<EndpointSlice>> existing = new LinkedHashMap<>();
    for (EndpointSlice slice : alive(snapshot)) {
      existing
          .computeIfAbsent(
              new WantedMirrors.Place(slice.getAddressType(), SlicePorts.of(slice)),
              place -> new ArrayList<>())
          .add(slice);
    }
    wanted
        .byPlace()
        .forEach(
            (place, mirrors) -> {
              List<EndpointSlice> here = existing.getOrDefault(place, List.of());
              if (here.isEmpty()) {
                create.add(template.slice(place, mirrors));
                return;
              }
              EndpointSlice kept = here.remove(0);
              if (template.isSaidBy(kept, mirrors)) {
                unchanged.add(kept);
              } else {
                update.add(template.over(kept, place, mirrors));
              }
            });
    return new SliceChanges(
        create, update, existing.values().stream().flatMap(List::stream).toList(), unchanged);
  }

  private static List<EndpointSlice> alive(MirroringSnapshot snapshot) {
    return snapshot.slices().stream()
        .filter(slice -> slice.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  private static List<Action> news(Endpoints endpoints, WantedMirrors wanted) {
    List<Action> events = new ArrayList<>();
    if (wanted.invalid() > 0) {
      events.add(
          warning(
              endpoints,
              "InvalidIPAddress",
              "Skipped %d invalid IP addresses when mirroring to EndpointSlices"
                  .formatted(wanted.invalid())));
    }
    if (wanted.skipped() > wanted.invalid()) {
      events.add(
          warning(
              endpoints,
              "TooManyAddressesToMirror",
              ("A max of %d addresses can be mirrored to EndpointSlices per Endpoints subset."
                      + " %d addresses were skipped")
                  .formatted(wanted.most(), wanted.skipped())));
    }
    return events;
  }

  private static Action warning(Endpoints endpoints, String reason, String message) {
    return new Action.Emit(
        endpoints,
        Kinds.ENDPOINTS,
        Severity.WARNING,
        reason,
        message,
        "tell that not everything is mirrored");
  }

  private static List<Action> measures(
      MirroringSnapshot snapshot, WantedMirrors wanted, SliceChanges changes) {
    Map<String, String> of = Map.of("service", snapshot.key().toString(), "type", "");
    int mirrors = wanted.byPlace().values().stream().mapToInt(Map::size).sum();
    List<Action> measures = new ArrayList<>();
    measures.add(measure("addresses_skipped_per_sync", wanted.skipped(), Map.of()));
    measures.add(measure(SliceMetrics.ENDPOINTS, mirrors, of));
    measures.add(measure(SliceMetrics.IDEAL_SLICES, wanted.byPlace().size(), of));
    measures.add(
        measure(
            SliceMetrics.SLICES,
            changes.create().size() + changes.update().size() + changes.unchanged().size(),
            of));
    addPerSync(measures, snapshot, wanted);
    addOperation(measures, "create", changes.create().size());
    addOperation(measures, "update", changes.update().size());
    addOperation(measures, "delete", changes.delete().size());
    return measures;
  }

  private static void addPerSync(
      List<Action> measures, MirroringSnapshot snapshot, WantedMirrors wanted) {
    MirrorCounts counts = MirrorCounts.of(alive(snapshot), wanted);
    measures.add(measure("endpoints_added_per_sync", counts.added(), Map.of()));
    measures.add(measure("endpoints_updated_per_sync", counts.updated(), Map.of()));
    measures.add(measure("endpoints_removed_per_sync", counts.removed(), Map.of()));
  }

  private static void addOperation(List<Action> measures, String operation, int count) {
    if (count > 0) {
      measures.add(measure(SliceMetrics.CHANGES, count, Map.of("operation", operation)));
    }
  }

  private static Action measure(String name, double value, Map<String, String> labels) {
    return new Action.Measure(PREFIX + name, value, labels, WHY);
  }

  private static Plan concluded(Report report) {
    List<String> errors =
        report.rejected().stream()
            .filter(r -> !(r.action() instanceof Action.Create && r.error().namespaceTerminating()))
            .map(rejected -> rejected.error().message())
            .toList();
    Plan end = Plan.of(took());
    return errors.isEmpty() ? end : end.ending(Verdict.retry(ErrorText.joined(errors)));
  }

  private static Action took() {
    return Action.Measure.elapsed(PREFIX + SliceMetrics.DURATION, Map.of(), WHY);
  }
}
