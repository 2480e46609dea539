package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagValues;
import java.time.Duration;
import java.util.List;

/**
 * EndpointSlices for hand-made Endpoints.
 *
 * <p><i>Immutable.</i>
 */
final class EndpointSliceMirroringOptions implements OptionGroup<EndpointSliceMirroringConfig> {

  private static final Flag<Integer> SYNCS =
      WorkersOptions.flag(
          "mirroring-concurrent-service-endpoint-syncs",
          5,
          "Endpoints mirrored as EndpointSlices and");

  private static final Flag<Integer> MOST =
      Flag.int32(
          "mirroring-max-endpoints-per-subset",
          1000,
          "Most endpoints of a subset that are mirrored, 1 to 1000.");

  private static final Flag<Duration> BATCH =
      Flag.duration(
          "mirroring-endpointslice-updates-batch-period",
          "0s",
          "Delay before changes of Endpoints are mirrored, so that several become one write. 0 means none.");

  @Override
  public List<FlagGroup> flags() {
    return List.of(FlagGroup.of("endpointslice-mirroring-controller", SYNCS, MOST, BATCH));
  }

  @Override
  public void check(Checks checks) {
    checks.between(SYNCS, 1, 50);
    checks.between(MOST, 1, 1000);
  }

  @Override
  public EndpointSliceMirroringConfig read(FlagValues values) {
    return new EndpointSliceMirroringConfig(values.get(SYNCS), values.get(MOST), values.get(BATCH));
  }
}
