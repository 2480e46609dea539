package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The quality-of-service class of a pod, from the CPU and memory its containers ask for.
 *
 * <p>Stateless.
 */
final class PodQuality {

  private static final List<String> COUNTED = List.of("cpu", "memory");

  private PodQuality() {}

  static String of(JsonNode pod) {
    List<JsonNode> containers = new ArrayList<>();
    pod.path("spec").path("initContainers").forEach(containers::add);
    pod.path("spec").path("containers").forEach(containers::add);
    if (containers.stream().noneMatch(PodQuality::asksForAnything)) {
      return "BestEffort";
    }
    return containers.stream().allMatch(PodQuality::isGuaranteed) ? "Guaranteed" : "Burstable";
  }

  private static boolean asksForAnything(JsonNode container) {
    JsonNode resources = container.path("resources");
    return COUNTED.stream()
        .anyMatch(
            name ->
                isPositive(resources.path("requests").path(name))
                    || isPositive(resources.path("limits").path(name)));
  }

  private static boolean isGuaranteed(JsonNode container) {
    JsonNode resources = container.path("resources");
    return COUNTED.stream()
        .allMatch(
            name ->
                isPositive(resources.path("limits").path(name))
                    && resources
                        .path("requests")
                        .path(name)
                        .equals(resources.path("limits").path(name)));
  }

  private static boolean isPositive(JsonNode quantity) {
    String text = quantity.asText("");
    return !text.isEmpty() && !text.matches("[+-]?[0.]+[A-Za-z]*");
  }
}
