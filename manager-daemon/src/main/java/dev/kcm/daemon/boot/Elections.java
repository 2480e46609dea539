package dev.kcm.daemon.boot;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.lease.KubeLeaseLock;
import dev.kcm.core.lease.LeaderElectionConfig;
import dev.kcm.core.lease.LeaderElector;
import dev.kcm.core.lease.LeaderEvents;
import dev.kcm.core.manager.LeaseCandidacy;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.run.EventRecorder;
import dev.kcm.core.time.Environment;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;

/** Makes the candidacy of this process from its settings. */
final class Elections {

  private Elections() {}

  static LeaseCandidacy candidacy(
      dev.kcm.daemon.options.LeaderElectionConfig settings,
      ApiServers apiServers,
      MeterRegistry meters,
      Environment environment) {
    LeaderElectionConfig config =
        new LeaderElectionConfig(
            LeaderElectionConfig.newIdentity("", environment.random()),
            settings.leaseDuration(),
            settings.renewDeadline(),
            settings.retryPeriod(),
            LeaderElectionConfig.DEFAULT_STOP_GRACE,
            true,
            LeaderElectionConfig.AfterLoss.STOP,
            Map.of());
    KubeLeaseLock lock =
        KubeLeaseLock.of(
            apiServers.election(config.requestTimeout()),
            environment,
            new ObjectKey(settings.namespace(), settings.resourceName()));
    LeaderEvents events = events(apiServers.informers(), meters, environment);
    return LeaseCandidacy.of(
        callbacks ->
            LeaderElector.builder(config, lock, callbacks)
                .meters(meters)
                .events(events)
                .build(environment));
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
