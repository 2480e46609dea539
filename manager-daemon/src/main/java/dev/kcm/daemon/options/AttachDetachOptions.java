package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagValues;
import java.time.Duration;
import java.util.List;

/**
 * Attaching volumes to nodes.
 *
 * <p><i>Immutable.</i>
 */
final class AttachDetachOptions implements OptionGroup<AttachDetachConfig> {

  private static final Flag<Duration> PERIOD =
      Flag.duration(
          "attach-detach-reconcile-sync-period",
          "1m",
          "Pause between two comparisons of attached volumes with the storage side, at least 1s.");

  private static final Flag<Boolean> NO_SYNC =
      Flag.bool(
          "disable-attach-detach-reconcile-sync",
          false,
          "Do not compare attached volumes with the storage side.");

  private static final Flag<Boolean> NO_FORCE =
      Flag.bool(
          "disable-force-detach-on-timeout",
          false,
          "Do not detach volumes that stay mounted on an unhealthy node; only the out-of-service taint then frees them.");

  @Override
  public List<FlagGroup> flags() {
    return List.of(
        FlagGroup.of("persistentvolume-attach-detach-controller", PERIOD, NO_SYNC, NO_FORCE));
  }

  @Override
  public void check(Checks checks) {
    checks.problemIf(
        checks.get(PERIOD).compareTo(Duration.ofSeconds(1)) < 0,
        "duration time must be greater than one second as set via command line option"
            + " reconcile-sync-loop-period (that is --attach-detach-reconcile-sync-period)");
  }

  @Override
  public AttachDetachConfig read(FlagValues values) {
    return new AttachDetachConfig(values.get(PERIOD), values.get(NO_SYNC), values.get(NO_FORCE));
  }
}
