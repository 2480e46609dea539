package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagValues;
import java.util.List;

/**
 * The controller of load balancers, which never runs.
 *
 * <p><i>Immutable.</i>
 */
final class ServiceOptions implements OptionGroup<ServiceConfig> {

  private static final Flag<Integer> SYNCS =
      Flag.int32("concurrent-service-syncs", 1, "Without effect, kept for old command lines.");

  @Override
  public List<FlagGroup> flags() {
    return List.of(FlagGroup.of("service-lb-controller", SYNCS));
  }

  @Override
  public ServiceConfig read(FlagValues values) {
    return new ServiceConfig(values.get(SYNCS));
  }
}
