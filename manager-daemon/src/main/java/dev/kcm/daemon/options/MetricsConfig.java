package dev.kcm.daemon.options;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which metrics are shown.
 *
 * @param allowedLabelValues the values shown for {@code metric,label}; others read "unexpected"
 * @param allowedLabelsFile file with the same, used if the map is empty; or empty
 * @param disabled full names that are never shown
 * @param showHiddenFor the previous release to show metrics of that are hidden since, or empty
 */
public record MetricsConfig(
    Map<String, Set<String>> allowedLabelValues,
    String allowedLabelsFile,
    List<String> disabled,
    String showHiddenFor) {

  /** Copies the collections. */
  public MetricsConfig {
    allowedLabelValues = Map.copyOf(allowedLabelValues);
    disabled = List.copyOf(disabled);
  }
}
