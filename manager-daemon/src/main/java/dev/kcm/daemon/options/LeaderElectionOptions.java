package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagValues;
import dev.kcm.daemon.flags.GoDuration;
import java.time.Duration;
import java.util.List;

/**
 * The leader election.
 *
 * <p><i>Immutable.</i>
 */
final class LeaderElectionOptions implements OptionGroup<LeaderElectionConfig> {

  static final Flag<Boolean> ELECT =
      Flag.bool(
          "leader-elect",
          true,
          "Run the controllers only while holding a lease, so that several instances can stand by.");

  private static final Flag<Duration> LEASE_DURATION =
      Flag.duration(
          "leader-elect-lease-duration",
          "15s",
          "Time without renewal after which another instance may take the lease.");

  private static final Flag<Duration> RENEW_DEADLINE =
      Flag.duration(
          "leader-elect-renew-deadline",
          "10s",
          "Time after which a leader that cannot renew stops. Must be less than the lease duration.");

  private static final Flag<Duration> RETRY_PERIOD =
      Flag.duration(
          "leader-elect-retry-period", "2s", "Pause between two tries to take or renew the lease.");

  private static final Flag<String> LOCK =
      Flag.string("leader-elect-resource-lock", "leases", "Kind of the lock: only leases.");

  private static final Flag<String> NAME =
      Flag.string("leader-elect-resource-name", "kube-controller-manager", "Name of the lease.");

  private static final Flag<String> NAMESPACE =
      Flag.string("leader-elect-resource-namespace", "kube-system", "Namespace of the lease.");

  private static final Flag<Boolean> WARM =
      Flag.bool(
          "leader-elect-warm-standby",
          true,
          "Keep the caches of an instance that waits for the lease filled, so that it works as soon"
              + " as it leads. Without it a waiting instance reads nothing but the lease.");

  @Override
  public List<FlagGroup> flags() {
    return List.of(
        FlagGroup.of(
            "generic", ELECT, LEASE_DURATION, RENEW_DEADLINE, RETRY_PERIOD, LOCK, NAME, NAMESPACE),
        FlagGroup.of(FlagGroup.EXTENSION, WARM));
  }

  @Override
  public void check(Checks checks) {
    if (!checks.get(ELECT)) {
      return;
    }
    checks.problemIf(!checks.get(LOCK).equals("leases"), "resourceLock value must be \"leases\"");
    checks.problemIf(checks.get(NAME).isEmpty(), "--leader-elect-resource-name must not be empty");
    checks.problemIf(
        checks.get(NAMESPACE).isEmpty(), "--leader-elect-resource-namespace must not be empty");
    checkTimings(checks);
  }

  private static void checkTimings(Checks checks) {
    Duration lease = checks.get(LEASE_DURATION);
    Duration renew = checks.get(RENEW_DEADLINE);
    Duration retry = checks.get(RETRY_PERIOD);
    checks.problemIf(
        lease.compareTo(Duration.ofSeconds(1)) < 0,
        "--leader-elect-lease-duration must be at least 1s, but got " + GoDuration.format(lease));
    checks.problemIf(
        retry.compareTo(Duration.ZERO) <= 0,
        "--leader-elect-retry-period must be greater than 0s, but got " + GoDuration.format(retry));
    checks.problemIf(
        lease.compareTo(renew) <= 0,
        "--leader-elect-lease-duration (%s) must be greater than --leader-elect-renew-deadline (%s)"
            .formatted(GoDuration.format(lease), GoDuration.format(renew)));
    checks.problemIf(
        renew.compareTo(retry.multipliedBy(6).dividedBy(5)) <= 0,
        "--leader-elect-renew-deadline (%s) must be greater than 1.2 x --leader-elect-retry-period (%s)"
            .formatted(GoDuration.format(renew), GoDuration.format(retry)));
  }

  @Override
  public LeaderElectionConfig read(FlagValues values) {
    return new LeaderElectionConfig(
        values.get(ELECT),
        values.get(LEASE_DURATION),
        values.get(RENEW_DEADLINE),
        values.get(RETRY_PERIOD),
        values.get(LOCK),
        values.get(NAME),
        values.get(NAMESPACE),
        values.get(WARM));
  }
}
