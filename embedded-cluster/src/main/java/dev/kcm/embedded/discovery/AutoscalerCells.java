package dev.kcm.embedded.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The cells of a HorizontalPodAutoscaler of version 1 or 2. */
final class AutoscalerCells {

  private static final int MAX_METRICS = 2;

  private AutoscalerCells() {}

  static void fill(JsonNode object, Row row) {
    JsonNode spec = object.path("spec");
    JsonNode target = spec.path("scaleTargetRef");
    row.name(object)
        .text(target.path("kind").asText() + "/" + target.path("name").asText())
        .text(targets(spec, object.path("status")))
        .textOr(spec.path("minReplicas"), Row.UNSET)
        .number(spec.path("maxReplicas"))
        .number(object.path("status").path("currentReplicas"))
        .age(object);
  }

  private static String targets(JsonNode spec, JsonNode status) {
    JsonNode percentage = spec.path("targetCPUUtilizationPercentage");
    if (Row.isSet(percentage)) {
      JsonNode current = status.path("currentCPUUtilizationPercentage");
      return "cpu: " + percent(current, Row.UNKNOWN) + "/" + percent(percentage, "<auto>");
    }
    List<String> targets = new ArrayList<>();
    JsonNode metrics = spec.path("metrics");
    for (int i = 0; i < metrics.size(); i++) {
      targets.add(target(metrics.get(i), status.path("currentMetrics").path(i)));
    }
    return targets.isEmpty() ? Row.NONE : Row.shortened(targets, MAX_METRICS, ", ");
  }

  private static String target(JsonNode metric, JsonNode status) {
    return switch (metric.path("type").asText()) {
      case "Resource" -> resource(metric.path("resource"), status.path("resource"));
      case "ContainerResource" ->
          resource(metric.path("containerResource"), status.path("containerResource"));
      case "Pods" -> quantity(metric.path("pods"), status.path("pods"), "averageValue", "");
      case "Object" -> valueOrAverage(metric.path("object"), status.path("object"));
      case "External" -> valueOrAverage(metric.path("external"), status.path("external"));
      default -> "<unknown type>";
    };
  }

  private static String resource(JsonNode metric, JsonNode status) {
    String name = metric.path("name").asText() + ": ";
    if (Row.isSet(metric.path("target").path("averageValue"))) {
      return name + quantity(metric, status, "averageValue", "");
    }
    String field = "averageUtilization";
    return name
        + percent(status.path("current").path(field), Row.UNKNOWN)
        + "/"
        + percent(metric.path("target").path(field), "<auto>");
  }

  private static String valueOrAverage(JsonNode metric, JsonNode status) {
    return Row.isSet(metric.path("target").path("averageValue"))
        ? quantity(metric, status, "averageValue", " (avg)")
        : quantity(metric, status, "value", "");
  }

  private static String quantity(JsonNode metric, JsonNode status, String field, String suffix) {
    return Row.orElse(status.path("current").path(field), Row.UNKNOWN)
        + "/"
        + metric.path("target").path(field).asText()
        + suffix;
  }

  private static String percent(JsonNode value, String absent) {
    return Row.isSet(value) ? value.asText() + "%" : absent;
  }
}
