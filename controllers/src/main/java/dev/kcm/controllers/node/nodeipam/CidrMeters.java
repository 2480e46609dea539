package dev.kcm.controllers.node.nodeipam;

import dev.kcm.core.metrics.Buckets;
import dev.kcm.core.metrics.MeterGroup;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/**
 * Series of one cluster range, under upstream's names, misspelt one included.
 *
 * <p>Thread-safe: meters are, and the gauges are volatile, written by whoever holds the lock of the
 * ledger.
 */
final class CidrMeters {

  private static final String PREFIX = "node_ipam_controller_";
  private static final String LABEL = "clusterCIDR";
  private static final int BUCKETS = 5;

  private final Counter allocations;
  private final Counter releases;
  private final DistributionSummary tries;
  private volatile double capacity;
  private volatile double usage;

  private CidrMeters(MeterRegistry registry, MeterGroup meters, String cluster) {
    allocations =
        meters.counter(
            PREFIX + "cidrset_cidrs_allocations_total",
            "Counter measuring total number of CIDR allocations.");
    releases =
        meters.counter(
            PREFIX + "cidrset_cidrs_releases_total",
            "Counter measuring total number of CIDR releases.");
    tries =
        DistributionSummary.builder(PREFIX + "cidrset_allocation_tries_per_request")
            .description("Number of endpoints added on each Service sync")
            .tags(LABEL, cluster)
            .serviceLevelObjectives(Buckets.exponential(1, BUCKETS, BUCKETS))
            .register(registry);
  }

  static CidrMeters in(MeterRegistry registry, String cluster) {
    MeterGroup meters = MeterGroup.in(registry, Tags.of(LABEL, cluster));
    CidrMeters made = new CidrMeters(registry, meters, cluster);
    meters.gauge(
        PREFIX + "cirdset_max_cidrs",
        "Maximum number of CIDRs that can be allocated.",
        () -> made.capacity);
    meters.gauge(
        PREFIX + "cidrset_usage_cidrs",
        "Gauge measuring percentage of allocated CIDRs.",
        () -> made.usage);
    return made;
  }

  void capacity(int blocks) {
    capacity = blocks;
    usage = 0;
  }

  void tries(int count) {
    tries.record(count);
  }

  void changed(int difference, double share) {
    if (difference > 0) {
      allocations.increment(difference);
    } else if (difference < 0) {
      releases.increment(-difference);
    }
    usage = share;
  }
}
