package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagValues;
import java.time.Duration;
import java.util.List;

/**
 * Unused token Secrets.
 *
 * <p><i>Immutable.</i>
 */
final class LegacyTokenCleanerOptions implements OptionGroup<LegacyTokenCleanerConfig> {

  private static final Flag<Duration> PERIOD =
      Flag.duration(
          "legacy-service-account-token-clean-up-period",
          "8760h",
          "Time without use after which an automatically made token Secret is marked and then removed.");

  @Override
  public List<FlagGroup> flags() {
    return List.of(FlagGroup.of("legacy-serviceaccount-token-cleaner-controller", PERIOD));
  }

  @Override
  public LegacyTokenCleanerConfig read(FlagValues values) {
    return new LegacyTokenCleanerConfig(values.get(PERIOD));
  }
}
