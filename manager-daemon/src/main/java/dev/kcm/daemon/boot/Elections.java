package dev.kcm.daemon.boot;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.lease.Coordination;
import dev.kcm.core.lease.KubeLeaseLock;
import dev.kcm.core.lease.LeaderElectionConfig;
import dev.kcm.core.lease.LeaderEvents;
import dev.kcm.core.manager.LeaseCandidacy;
import dev.kcm.core.plan.Action;
import dev.kcm.core.run.EventRecorder;
import dev.kcm.core.time.Environment;
import dev.kcm.daemon.options.FeatureGates;
import dev.kcm.daemon.options.ProductVersion;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Makes the candidacy of this process from its settings. */
final class Elections {

  private Elections() {}

  /**
   * Candidacy on a lease, not begun.
   *
   * @param lease its name
   */
  static LeaseCandidacy candidacy(
      dev.kcm.daemon.options.LeaderElectionConfig settings,
      String lease,
      FeatureGates gates,
      ApiServers apiServers,
      MeterRegistry meters,
      Environment environment) {
    UnaryOperator<LeaderElectionConfig> config =
        defaults ->
            defaults
                .withTimes(
                    settings.leaseDuration(), settings.renewDeadline(), settings.retryPeriod())
                .withCoordination(coordination(gates));
    Duration timeout = config.apply(LeaderElectionConfig.defaults("any")).requestTimeout();
    return LeaseCandidacy.on(apiServers.election(timeout), settings.namespace(), lease)
        .settings(config)
        .meters(meters)
        .events(events(apiServers.informers(), meters, environment))
        .create(environment);
  }

  /** As the original announces itself: patch levels are not told. */
  static @Nullable Coordination coordination(FeatureGates gates) {
    return gates.isEnabled("CoordinatedLeaderElection")
        ? new Coordination(ProductVersion.MINOR, gates.emulatedVersion())
        : null;
  }

  private static LeaderEvents events(
      ApiClient client, MeterRegistry meters, Environment environment) {
    EventRecorder recorder = EventRecorder.of(Daemon.NAME, client, meters, environment);
    return (lease, message) ->
        recorder.accept(
            new Action.Emit(
                lease,
                KubeLeaseLock.LEASES,
                Action.Severity.NORMAL,
                LeaderEvents.REASON,
                message,
                "leadership changed"));
  }
}
