package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagTypes;
import dev.kcm.daemon.flags.FlagValues;
import dev.kcm.daemon.flags.GoText;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Metrics.
 *
 * <p><i>Immutable.</i>
 */
final class MetricsOptions implements OptionGroup<MetricsConfig> {

  private static final Flag<Map<String, String>> LABELS =
      Flag.of(
          "allow-metric-labels",
          FlagTypes.STRING_TO_STRING,
          Map.of(),
          "Values to show for a label of a metric, as metric,label='value,value'. Other values read"
              + " unexpected.");

  private static final Flag<String> MANIFEST =
      Flag.string(
          "allow-metric-labels-manifest", "", "File with the same. Not used with the flag form.");

  private static final Flag<List<String>> DISABLED =
      Flag.strings("disabled-metrics", "", "Full names of metrics not to show.");

  private static final Flag<String> HIDDEN =
      Flag.string(
          "show-hidden-metrics-for-version",
          "",
          "Previous minor release, to show metrics again that are hidden since.");

  @Override
  public List<FlagGroup> flags() {
    return List.of(FlagGroup.of("metrics", LABELS, MANIFEST, DISABLED, HIDDEN));
  }

  @Override
  public void check(Checks checks) {
    String previous = ProductVersion.PREVIOUS_MINOR;
    String hidden = checks.get(HIDDEN);
    checks.problemIf(
        !hidden.isEmpty() && !hidden.equals(previous),
        "--show-hidden-metrics-for-version must be omitted or have the value '"
            + previous
            + "'. Only the previous minor version is allowed");
    for (String key : checks.get(LABELS).keySet()) {
      checks.problemIf(
          !key.matches("[^,]+,[^,]+"),
          "--allow-metric-labels: " + GoText.quote(key) + " is not of the form metric,label");
    }
    if (checks.get(LABELS).isEmpty()) {
      checks.readableFile(MANIFEST);
    }
  }

  @Override
  public MetricsConfig read(FlagValues values) {
    Map<String, Set<String>> allowed =
        values.get(LABELS).entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, e -> Set.copyOf(List.of(e.getValue().split(",", -1)))));
    return new MetricsConfig(
        allowed, values.get(MANIFEST), values.get(DISABLED), values.get(HIDDEN));
  }
}
