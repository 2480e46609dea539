package dev.kcm.controllers.network.endpointslice;

import dev.kcm.controllers.shared.slices.SliceMetrics;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What is counted of a run.
 *
 * <p>Immutable.
 */
final class SliceMeasures {

  static final String PREFIX = "endpoint_slice_controller_";
  static final String ADDED = PREFIX + "endpoints_added_per_sync";
  static final String REMOVED = PREFIX + "endpoints_removed_per_sync";
  static final String ENDPOINTS = PREFIX + SliceMetrics.ENDPOINTS;
  static final String SLICES = PREFIX + SliceMetrics.SLICES;
  static final String IDEAL_SLICES = PREFIX + SliceMetrics.IDEAL_SLICES;
  static final String CHANGES = PREFIX + SliceMetrics.CHANGES;
  static final String CHANGED = PREFIX + SliceMetrics.CHANGED;
  static final String SYNCS = PREFIX + SliceMetrics.SYNCS;
  static final String DISTRIBUTIONS = PREFIX + "services_count_by_traffic_distribution";

  private static final String WHY = "a service was looked at";

  private SliceMeasures() {}

  static Action sync(String result) {
    return new Action.Measure(SYNCS, 1, Map.of("result", result), WHY);
  }

  static List<Action> of(EndpointSliceSnapshot snapshot, List<TypeReconciliation> types) {
    String service = ObjectKey.of(snapshot.service()).toString();
    List<Action> measures = new ArrayList<>();
    for (TypeReconciliation type : types) {
      Map<String, String> of = Map.of("service", service, "type", type.addressType());
      add(measures, ADDED, type.changes().added, Map.of());
      add(measures, REMOVED, type.changes().removed, Map.of());
      add(measures, ENDPOINTS, type.wanted().count(), of);
      add(measures, SLICES, (double) type.changes().remaining().count(), of);
      add(measures, IDEAL_SLICES, type.ideal(snapshot.settings().maxEndpoints()), of);
      addChanges(measures, type);
      add(
          measures,
          DISTRIBUTIONS,
          type.hints().distribution().isEmpty() ? 0 : 1,
          Map.of("service", service, "traffic_distribution", type.hints().distribution()));
    }
    return measures;
  }

  private static void addChanges(List<Action> measures, TypeReconciliation type) {
    var changes = type.changes();
    add(
        measures,
        CHANGED,
        changes.count(),
        Map.of(
            "topology",
            type.hints().auto() ? "Auto" : "Disabled",
            "traffic_distribution",
            type.hints().distribution()));
    addOperation(measures, "create", changes.create.size());
    addOperation(measures, "update", changes.update.size());
    addOperation(measures, "delete", changes.delete.size());
  }

  private static void addOperation(List<Action> measures, String operation, int count) {
    if (count > 0) {
      add(measures, CHANGES, count, Map.of("operation", operation));
    }
  }

  private static void add(
      List<Action> measures, String meter, double value, Map<String, String> labels) {
    measures.add(new Action.Measure(meter, value, labels, WHY));
  }
}
