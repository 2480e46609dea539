package dev.kcm.daemon.boot;

import dev.kcm.daemon.options.MetricsConfig;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which values labels of metrics may show: from the flag, or else from the file of the other. */
final class MetricLabels {

  private MetricLabels() {}

  /**
   * Allowed values by {@code metric,label}; empty when all are.
   *
   * @param problems takes what is wrong with the file
   */
  static Map<String, Set<String>> of(MetricsConfig config, Problems problems) {
    return !config.allowedLabelValues().isEmpty() || config.allowedLabelsFile().isEmpty()
        ? config.allowedLabelValues()
        : problems.attempt(
            "--allow-metric-labels-manifest",
            Map.of(),
            () -> read(Path.of(config.allowedLabelsFile())));
  }

  private static Map<String, Set<String>> read(Path file) throws IOException {
    String text = Files.readString(file);
    Map<?, ?> entries;
    try {
      entries = new KubernetesSerialization().unmarshal(text, Map.class);
    } catch (RuntimeException e) {
      throw new IOException(file + " is not a YAML map of metric,label to values", e);
    }
    Map<String, Set<String>> allowed = new HashMap<>();
    if (entries != null) {
      for (Map.Entry<?, ?> entry : entries.entrySet()) {
        String key = String.valueOf(entry.getKey());
        if (!key.matches("[^,]+,[^,]+")) {
          throw new IOException("%s: \"%s\" is not of the form metric,label".formatted(file, key));
        }
        allowed.put(key, Set.copyOf(List.of(String.valueOf(entry.getValue()).split(",", -1))));
      }
    }
    return allowed;
  }
}
