package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagValues;
import java.time.Duration;
import java.util.List;

/**
 * Endpoints of services.
 *
 * <p><i>Immutable.</i>
 */
final class EndpointOptions implements OptionGroup<EndpointConfig> {

  private static final Flag<Integer> SYNCS =
      WorkersOptions.flag("concurrent-endpoint-syncs", 5, "services whose Endpoints are");

  private static final Flag<Duration> BATCH =
      Flag.duration(
          "endpoint-updates-batch-period",
          "0s",
          "Delay before changes of pods are written, so that several become one write. 0 means none.");

  @Override
  public List<FlagGroup> flags() {
    return List.of(FlagGroup.of("endpoints-controller", SYNCS, BATCH));
  }

  @Override
  public void check(Checks checks) {
    checks.atLeastOne(SYNCS);
  }

  @Override
  public EndpointConfig read(FlagValues values) {
    return new EndpointConfig(values.get(SYNCS), values.get(BATCH));
  }
}
