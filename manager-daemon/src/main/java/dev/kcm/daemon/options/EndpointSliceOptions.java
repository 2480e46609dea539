package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagValues;
import java.time.Duration;
import java.util.List;

/**
 * EndpointSlices of services.
 *
 * <p><i>Immutable.</i>
 */
final class EndpointSliceOptions implements OptionGroup<EndpointSliceConfig> {

  private static final Flag<Integer> SYNCS =
      WorkersOptions.flag(
          "concurrent-service-endpoint-syncs", 5, "services whose EndpointSlices are");

  private static final Flag<Integer> MOST =
      Flag.int32("max-endpoints-per-slice", 100, "Most endpoints in one EndpointSlice, 1 to 1000.");

  private static final Flag<Duration> BATCH =
      Flag.duration(
          "endpointslice-updates-batch-period",
          "0s",
          "Delay before changes of pods are written, so that several become one write. 0 means none.");

  @Override
  public List<FlagGroup> flags() {
    return List.of(FlagGroup.of("endpointslice-controller", SYNCS, MOST, BATCH));
  }

  @Override
  public void check(Checks checks) {
    checks.between(SYNCS, 1, 50);
    checks.between(MOST, 1, 1000);
  }

  @Override
  public EndpointSliceConfig read(FlagValues values) {
    return new EndpointSliceConfig(values.get(SYNCS), values.get(MOST), values.get(BATCH));
  }
}
