package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagValues;
import java.time.Duration;
import java.util.List;

/**
 * Quotas.
 *
 * <p><i>Immutable.</i>
 */
final class ResourceQuotaOptions implements OptionGroup<ResourceQuotaConfig> {

  private static final Flag<Integer> SYNCS =
      WorkersOptions.flag("concurrent-resource-quota-syncs", 5, "quotas");

  private static final Flag<Duration> PERIOD =
      Flag.duration("resource-quota-sync-period", "5m", "Pause between two full counts.");

  @Override
  public List<FlagGroup> flags() {
    return List.of(FlagGroup.of("resourcequota-controller", SYNCS, PERIOD));
  }

  @Override
  public void check(Checks checks) {
    checks.atLeastOne(SYNCS);
  }

  @Override
  public ResourceQuotaConfig read(FlagValues values) {
    return new ResourceQuotaConfig(values.get(SYNCS), values.get(PERIOD));
  }
}
