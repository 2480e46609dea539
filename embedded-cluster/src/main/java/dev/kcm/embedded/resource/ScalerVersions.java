package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Converts horizontal pod autoscalers between autoscaling/v1 and v2: the one CPU percentage of v1
 * is a resource metric of v2.
 *
 * <p>Stateless.
 */
final class ScalerVersions {

  private static final String TARGET = "targetCPUUtilizationPercentage";
  private static final String CURRENT = "currentCPUUtilizationPercentage";

  private ScalerVersions() {}

  static ObjectNode toV2(JsonNode scaler) {
    ObjectNode converted = Trees.shallow(scaler).put("apiVersion", "autoscaling/v2");
    convert(converted, "spec", TARGET, "metrics", "target");
    convert(converted, "status", CURRENT, "currentMetrics", "current");
    return converted;
  }

  private static void convert(
      ObjectNode scaler, String part, String percentage, String metrics, String field) {
    if (!scaler.has(part)) {
      return;
    }
    ObjectNode copy = Trees.shallow(scaler.path(part));
    JsonNode value = copy.remove(percentage);
    if (value != null) {
      ObjectNode metric = Trees.listChild(copy, metrics).addObject().put("type", "Resource");
      ObjectNode target = metric.putObject("resource").put("name", "cpu").putObject(field);
      if (field.equals("target")) {
        target.put("type", "Utilization");
      }
      target.set("averageUtilization", value);
    }
    scaler.set(part, copy);
  }

  static ObjectNode fromV2(JsonNode scaler) {
    ObjectNode converted = Trees.shallow(scaler).put("apiVersion", "autoscaling/v1");
    restore(converted, "spec", TARGET, "metrics", "target");
    restore(converted, "status", CURRENT, "currentMetrics", "current");
    return converted;
  }

  private static void restore(
      ObjectNode scaler, String part, String percentage, String metrics, String field) {
    if (!scaler.has(part)) {
      return;
    }
    ObjectNode copy = Trees.shallow(scaler.path(part));
    JsonNode list = copy.remove(metrics);
    if (list != null) {
      for (JsonNode metric : list) {
        JsonNode resource = metric.path("resource");
        JsonNode value = resource.path(field).path("averageUtilization");
        if (resource.path("name").asText().equals("cpu") && value.isNumber()) {
          copy.set(percentage, value);
        }
      }
    }
    scaler.set(part, copy);
  }
}
