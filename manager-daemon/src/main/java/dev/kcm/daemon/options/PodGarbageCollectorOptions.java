package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagValues;
import java.util.List;

/**
 * Finished pods.
 *
 * <p><i>Immutable.</i>
 */
final class PodGarbageCollectorOptions implements OptionGroup<PodGarbageCollectorConfig> {

  private static final Flag<Integer> THRESHOLD =
      Flag.int32(
          "terminated-pod-gc-threshold",
          12500,
          "Number of finished pods from which the oldest are deleted. 0 or less keeps all.");

  @Override
  public List<FlagGroup> flags() {
    return List.of(FlagGroup.of("pod-garbage-collector-controller", THRESHOLD));
  }

  @Override
  public PodGarbageCollectorConfig read(FlagValues values) {
    return new PodGarbageCollectorConfig(values.get(THRESHOLD));
  }
}
