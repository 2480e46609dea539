package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagValues;
import java.util.List;

/**
 * Garbage collection.
 *
 * <p><i>Immutable.</i>
 */
final class GarbageCollectorOptions implements OptionGroup<GarbageCollectorConfig> {

  private static final Flag<Integer> SYNCS =
      WorkersOptions.flag("concurrent-gc-syncs", 20, "objects deleted or orphaned and");

  private static final Flag<Boolean> ENABLE =
      Flag.bool(
          "enable-garbage-collector",
          true,
          "Delete objects whose owners are gone. Must be the same for the API server.");

  @Override
  public List<FlagGroup> flags() {
    return List.of(FlagGroup.of("garbage-collector-controller", SYNCS, ENABLE));
  }

  @Override
  public void check(Checks checks) {
    checks.atLeastOne(SYNCS);
  }

  @Override
  public GarbageCollectorConfig read(FlagValues values) {
    return new GarbageCollectorConfig(values.get(SYNCS), values.get(ENABLE));
  }
}
