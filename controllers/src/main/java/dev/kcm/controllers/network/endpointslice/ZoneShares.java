package dev.kcm.controllers.network.endpointslice;

import java.util.Map;
import java.util.TreeMap;

/**
 * The share of each zone in the capacity of the cluster.
 *
 * @param ratioByZone adds up to 1; empty when it is not known
 * @param known whether every node tells its zone and its CPU
 */
record ZoneShares(Map<String, Double> ratioByZone, boolean known) {

  /** Some node does not tell its zone or its CPU. */
  static final ZoneShares UNKNOWN = new ZoneShares(Map.of(), false);

  ZoneShares {
    ratioByZone = Map.copyOf(ratioByZone);
  }

  static ZoneShares of(Map<String, Double> cpuByZone) {
    if (cpuByZone.isEmpty()) {
      return UNKNOWN;
    }
    double total = cpuByZone.values().stream().mapToDouble(cpu -> cpu).sum();
    Map<String, Double> ratios = new TreeMap<>();
    cpuByZone.forEach((zone, cpu) -> ratios.put(zone, cpu / total));
    return new ZoneShares(ratios, true);
  }
}
