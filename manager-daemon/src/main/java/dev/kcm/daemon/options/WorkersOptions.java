package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagValues;
import java.util.List;

/**
 * A controller that has nothing to set but its number of workers.
 *
 * <p><i>Immutable.</i>
 */
final class WorkersOptions implements OptionGroup<WorkersConfig> {

  static final WorkersOptions DEPLOYMENT =
      of("deployment-controller", "concurrent-deployment-syncs", 5, "Deployments");
  static final WorkersOptions STATEFUL_SET =
      of("statefulset-controller", "concurrent-statefulset-syncs", 5, "StatefulSets");
  static final WorkersOptions DAEMON_SET =
      of("daemonset-controller", "concurrent-daemonset-syncs", 2, "DaemonSets");
  static final WorkersOptions EPHEMERAL_VOLUME =
      of("ephemeral-volume-controller", "concurrent-ephemeralvolume-syncs", 5, "ephemeral volumes");
  static final WorkersOptions JOB = of("job-controller", "concurrent-job-syncs", 5, "Jobs");
  static final WorkersOptions CRON_JOB =
      of("cronjob-controller", "concurrent-cron-job-syncs", 5, "CronJobs");
  static final WorkersOptions REPLICA_SET =
      of("replicaset-controller", "concurrent-replicaset-syncs", 5, "ReplicaSets");
  static final WorkersOptions REPLICATION_CONTROLLER =
      of("replicationcontroller-controller", "concurrent-rc-syncs", 5, "ReplicationControllers");
  static final WorkersOptions TTL_AFTER_FINISHED =
      of(
          "ttl-after-finished-controller",
          "concurrent-ttl-after-finished-syncs",
          5,
          "finished Jobs");
  static final WorkersOptions ADMISSION_POLICY_STATUS =
      of(
          "validatingadmissionpolicy-status-controller",
          "concurrent-validating-admission-policy-status-syncs",
          5,
          "ValidatingAdmissionPolicies");

  private final String group;
  private final Flag<Integer> syncs;

  private WorkersOptions(String group, Flag<Integer> syncs) {
    this.group = group;
    this.syncs = syncs;
  }

  private static WorkersOptions of(String group, String flag, int workers, String objects) {
    return new WorkersOptions(group, flag(flag, workers, objects));
  }

  /** Returns a flag for a number of workers. */
  static Flag<Integer> flag(String name, int workers, String objects) {
    return Flag.int32(
        name,
        workers,
        "Number of %s worked on at the same time. More is faster and takes more CPU and network."
            .formatted(objects));
  }

  @Override
  public List<FlagGroup> flags() {
    return List.of(FlagGroup.of(group, syncs));
  }

  @Override
  public void check(Checks checks) {
    checks.atLeastOne(syncs);
  }

  @Override
  public WorkersConfig read(FlagValues values) {
    return new WorkersConfig(values.get(syncs));
  }
}
