package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagValues;
import java.time.Duration;
import java.util.List;

/**
 * Deletion of namespaces.
 *
 * <p><i>Immutable.</i>
 */
final class NamespaceOptions implements OptionGroup<NamespaceConfig> {

  private static final Flag<Integer> SYNCS =
      WorkersOptions.flag("concurrent-namespace-syncs", 10, "namespaces");

  private static final Flag<Duration> PERIOD =
      Flag.duration("namespace-sync-period", "5m", "Pause between two looks at every namespace.");

  @Override
  public List<FlagGroup> flags() {
    return List.of(FlagGroup.of("namespace-controller", SYNCS, PERIOD));
  }

  @Override
  public void check(Checks checks) {
    checks.atLeastOne(SYNCS);
  }

  @Override
  public NamespaceConfig read(FlagValues values) {
    return new NamespaceConfig(values.get(SYNCS), values.get(PERIOD));
  }
}
