package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagTypes;
import dev.kcm.daemon.flags.FlagValues;
import java.util.List;

/**
 * Feature gates and the release that is emulated.
 *
 * <p><i>Immutable.</i>
 */
final class FeatureOptions implements OptionGroup<FeatureGates> {

  private static final Flag<List<String>> VERSION =
      Flag.strings(
          "emulated-version",
          "",
          "Release from 1.31 to 1.34 whose feature gate defaults hold, as kube=1.33.");

  private static final Flag<List<String>> GATES =
      Flag.of(
              "feature-gates",
              FlagTypes.COMPONENT_SETTINGS,
              List.of(),
              "Features to switch on or off.")
          .helpFrom(FeatureOptions::describe);

  private static String describe() {
    StringBuilder text =
        new StringBuilder(
            "Features to switch on or off, as Name=true,Other=false. AllAlpha and AllBeta stand for"
                + " all of a stage.\nFeatures that can be set:");
    for (FeatureGate gate : FeatureGates.defaults().all()) {
      if (!gate.locked()) {
        String stage = gate.stage().name();
        text.append('\n')
            .append(gate.name())
            .append("=true|false (%s - default=%s)".formatted(stage, gate.enabledByDefault()));
      }
    }
    return text.toString();
  }

  @Override
  public List<FlagGroup> flags() {
    return List.of(FlagGroup.of("generic", VERSION, GATES));
  }

  FeatureGateParser.Outcome parse(FlagValues values) {
    return FeatureGateParser.parse(values.get(VERSION), values.get(GATES));
  }

  @Override
  public FeatureGates read(FlagValues values) {
    return parse(values).gates();
  }
}
