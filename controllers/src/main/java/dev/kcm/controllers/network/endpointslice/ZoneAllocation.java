package dev.kcm.controllers.network.endpointslice;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointHints;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Shares ready endpoints out to zones by their capacity. No zone gets so few that its proxies
 * overload them by more than a fifth.
 *
 * <p>Confined to the decision that makes it.
 */
final class ZoneAllocation {

  private static final double OVERLOAD = 1.2;
  private static final double WHOLE = 1.0;
  private static final double HALF = 0.5;
  private static final int FEWEST_ZONES = 2;

  /** How many endpoints a zone should have. */
  private record Allocation(int maximum, double desired) {}

  private final Map<String, Allocation> byZone;
  private final Map<String, Integer> hintsByZone = new TreeMap<>();
  private final List<List<Endpoint>> changed = new ArrayList<>();

  private ZoneAllocation(Map<String, Allocation> byZone) {
    this.byZone = byZone;
  }

  /**
   * Sets hints.
   *
   * @return why there can be none; empty when they were set
   */
  static Optional<String> apply(ZoneShares zones, TypeChanges changes) {
    int endpoints =
        (int)
            changes
                .remaining()
                .flatMap(slice -> slice.getEndpoints().stream())
                .filter(Hints::isReady)
                .count();
    Map<String, Double> ratios = zones.ratioByZone();
    if (!zones.known()) {
      return Optional.of(
          "Insufficient Node information: allocatable CPU or zone not specified on one or more"
              + " nodes");
    }
    if (ratios.size() < FEWEST_ZONES) {
      return Optional.of("Nodes only ready in one zone");
    }
    if (ratios.size() > endpoints) {
      return Optional.of(
          "Insufficient number of endpoints (%d endpoints, %d zones)"
              .formatted(endpoints, ratios.size()));
    }
    int spare =
        endpoints - ratios.values().stream().mapToInt(ratio -> minimum(ratio, endpoints)).sum();
    if (spare < 0) {
      return Optional.of(
          ("Unable to allocate minimum required endpoints to each zone without exceeding overload"
                  + " threshold (%d endpoints, %d zones)")
              .formatted(endpoints, ratios.size()));
    }
    Map<String, Allocation> byZone = new TreeMap<>();
    ratios.forEach(
        (zone, ratio) -> {
          int minimum = minimum(ratio, endpoints);
          double desired = Math.max(ratio * endpoints, minimum);
          byZone.put(zone, new Allocation(minimum + spare, desired));
        });
    return new ZoneAllocation(byZone).share(changes);
  }

  private static int minimum(double ratio, int endpoints) {
    return (int) Math.ceil(ratio * endpoints / OVERLOAD);
  }

  private Optional<String> share(TypeChanges changes) {
    keepHintsOfUnchanged(changes);
    if (changes.create.stream().anyMatch(ZoneAllocation::lacksZone)
        || changes.update.stream().anyMatch(ZoneAllocation::lacksZone)) {
      return Optional.of("One or more endpoints do not have a zone specified");
    }
    changes.create.forEach(this::hintOwnZones);
    changes.update.forEach(this::hintOwnZones);
    redistribute();
    if (hintsByZone.isEmpty()) {
      return Optional.of("No hints allocated for zones");
    }
    Iterator<List<Endpoint>> endpoints = changed.iterator();
    changes.create.replaceAll(slice -> with(slice, endpoints.next()));
    changes.update.replaceAll(slice -> with(slice, endpoints.next()));
    return Optional.empty();
  }

  private void keepHintsOfUnchanged(TypeChanges changes) {
    Iterator<EndpointSlice> unchanged = changes.unchanged.iterator();
    while (unchanged.hasNext()) {
      EndpointSlice slice = unchanged.next();
      Optional<Map<String, Integer>> counts = validHints(slice);
      if (counts.isPresent()) {
        counts.get().forEach((zone, count) -> hintsByZone.merge(zone, count, Integer::sum));
      } else {
        unchanged.remove();
        changes.update.add(slice);
      }
    }
  }

  /** Hints by zone of a slice; empty when it must be hinted anew. */
  private Optional<Map<String, Integer>> validHints(EndpointSlice slice) {
    Map<String, Integer> counts = new HashMap<>();
    for (Endpoint endpoint : slice.getEndpoints()) {
      EndpointHints hints = endpoint.getHints();
      if (!Hints.isReady(endpoint)) {
        continue;
      }
      if (hints == null || hints.getForZones().isEmpty()) {
        return Optional.empty();
      }
      hints.getForZones().forEach(zone -> counts.merge(zone.getName(), 1, Integer::sum));
    }
    boolean fits =
        counts.entrySet().stream()
            .allMatch(
                e ->
                    byZone.containsKey(e.getKey())
                        && e.getValue() + hintsByZone.getOrDefault(e.getKey(), 0)
                            <= byZone.get(e.getKey()).maximum());
    return fits ? Optional.of(counts) : Optional.empty();
  }

  private static boolean lacksZone(EndpointSlice slice) {
    return slice.getEndpoints().stream()
        .anyMatch(e -> Hints.isReady(e) && (e.getZone() == null || e.getZone().isEmpty()));
  }

  private void hintOwnZones(EndpointSlice slice) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (Endpoint endpoint : slice.getEndpoints()) {
      if (Hints.isReady(endpoint)) {
        hintsByZone.merge(endpoint.getZone(), 1, Integer::sum);
        endpoints.add(Hints.with(endpoint, Hints.forZone(endpoint.getZone())));
      } else {
        endpoints.add(Hints.with(endpoint, null));
      }
    }
    changed.add(endpoints);
  }

  private void redistribute() {
    Map<String, Double> giving = new TreeMap<>();
    Map<String, Double> receiving = new TreeMap<>();
    byZone.forEach(
        (zone, allocation) -> {
          double surplus = hintsByZone.getOrDefault(zone, 0) - allocation.desired();
          (surplus > 0 ? giving : receiving).put(zone, Math.abs(surplus));
        });
    hintsByZone.forEach(
        (zone, count) -> {
          if (!byZone.containsKey(zone)) {
            giving.put(zone, (double) count);
          }
        });
    while (!giving.isEmpty() && !receiving.isEmpty()) {
      Map.Entry<String, Double> most = greatest(giving);
      Map.Entry<String, Double> least = greatest(receiving);
      String giver = most.getKey();
      String receiver = least.getKey();
      double surplus = most.getValue();
      double deficit = least.getValue();
      if ((surplus < WHOLE && deficit < WHOLE) || surplus < HALF || deficit < HALF) {
        return;
      }
      if (moveOne(giver, receiver)) {
        giving.put(giver, surplus - WHOLE);
        receiving.put(receiver, deficit - WHOLE);
      } else {
        giving.remove(giver);
      }
    }
  }

  private static Map.Entry<String, Double> greatest(Map<String, Double> byZone) {
    return byZone.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
  }

  private boolean moveOne(String giver, String receiver) {
    for (List<Endpoint> endpoints : changed) {
      for (int i = 0; i < endpoints.size(); i++) {
        EndpointHints hints = endpoints.get(i).getHints();
        if (hints != null && hints.getForZones().get(0).getName().equals(giver)) {
          endpoints.set(i, Hints.with(endpoints.get(i), Hints.forZone(receiver)));
          hintsByZone.merge(giver, -1, Integer::sum);
          hintsByZone.merge(receiver, 1, Integer::sum);
          return true;
        }
      }
    }
    return false;
  }

  private static EndpointSlice with(EndpointSlice slice, List<Endpoint> endpoints) {
    return new EndpointSliceBuilder(slice).withEndpoints(endpoints).build();
  }
}
