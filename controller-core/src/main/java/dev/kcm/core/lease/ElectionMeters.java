package dev.kcm.core.lease;

import dev.kcm.core.metrics.Buckets;
import dev.kcm.core.metrics.MeterGroup;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** The {@code leader_election_*} series of one lease. Thread-safe: the meters are. */
final class ElectionMeters implements AutoCloseable {

  private static final double[] RENEW_SECONDS = Buckets.exponential(0.001, 2, 15);

  private final List<MeterGroup> groups = new ArrayList<>();
  private final Counter slowPaths;
  private final Timer renewDuration;
  private final Map<Transition, Counter> transitions = new EnumMap<>(Transition.class);

  /** What can happen to leadership. */
  enum Transition {
    ACQUIRED,
    LOST,
    RELEASED,
    SUSPECT
  }

  /**
   * @param lease name of the Lease
   * @param leading 1 or 0, read at scrape
   * @param ageSeconds age of the last renewal while leading, read at scrape
   */
  ElectionMeters(
      MeterRegistry registry, String lease, DoubleSupplier leading, DoubleSupplier ageSeconds) {
    MeterGroup group = MeterGroup.in(registry, Tags.of("name", lease));
    groups.add(group);
    group.gauge(
        "leader_election_master_status",
        "[ALPHA] Gauge of if the reporting system is master of the relevant lease, 0 indicates"
            + " backup, 1 indicates master. 'name' is the string used to identify the lease."
            + " Please make sure to group by name.",
        leading);
    group.gauge(
        "leader_election_last_renew_age_seconds",
        "Age of the last renewal of the lease, 0 while not leading.",
        ageSeconds);
    slowPaths =
        group.counter(
            "leader_election_slowpath_total",
            "[ALPHA] Total number of slow path exercised in renewing leader leases. 'name' is the"
                + " string used to identify the lease. Please make sure to group by name.");
    renewDuration =
        group.histogram(
            "leader_election_renew_duration_seconds",
            "How long a successful renewal of the lease took, its reading included.",
            RENEW_SECONDS);
    for (Transition transition : Transition.values()) {
      MeterGroup one = group.with("reason", transition.name().toLowerCase(Locale.ROOT));
      groups.add(one);
      transitions.put(
          transition,
          one.counter("leader_election_transitions_total", "Changes of leadership by reason."));
    }
  }

  void slowPath() {
    slowPaths.increment();
  }

  void renewed(Duration took) {
    renewDuration.record(took);
  }

  void count(Transition transition) {
    Counter counter = transitions.get(transition);
    if (counter != null) {
      counter.increment();
    }
  }

  @Override
  public void close() {
    groups.forEach(MeterGroup::close);
  }
}
