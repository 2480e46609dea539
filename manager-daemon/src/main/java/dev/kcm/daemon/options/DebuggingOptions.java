package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagValues;
import java.util.List;

/**
 * Profiling.
 *
 * <p><i>Immutable.</i>
 */
final class DebuggingOptions implements OptionGroup<DebuggingConfig> {

  private static final Flag<Boolean> PROFILING =
      Flag.bool(
          "profiling",
          true,
          "Serve profiles under /debug/pprof/ and log levels under /debug/flags/.");

  private static final Flag<Boolean> CONTENTION =
      Flag.bool(
          "contention-profiling",
          false,
          "Record where threads wait for locks. Works only together with --profiling.");

  @Override
  public List<FlagGroup> flags() {
    return List.of(FlagGroup.of("debugging", PROFILING, CONTENTION));
  }

  @Override
  public DebuggingConfig read(FlagValues values) {
    return new DebuggingConfig(values.get(PROFILING), values.get(CONTENTION));
  }
}
