package dev.kcm.embedded.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What pods ask for, or nodes have.
 *
 * @param pods number of pods
 * @param millicpu processor time in thousandths of a processor
 * @param memory memory in bytes
 */
record Demand(long pods, long millicpu, long memory) {

  static final Demand NOTHING = new Demand(0, 0, 0);

  private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);

  /** What a pod asks for: the sum over its containers, or its largest init container. */
  static Demand of(JsonNode pod) {
    Demand sum = NOTHING;
    for (JsonNode container : pod.path("spec").path("containers")) {
      sum = sum.plus(resources(container.path("resources").path("requests"), 0));
    }
    Demand largest = sum;
    for (JsonNode container : pod.path("spec").path("initContainers")) {
      Demand init = resources(container.path("resources").path("requests"), 0);
      largest =
          new Demand(
              0, Math.max(largest.millicpu, init.millicpu), Math.max(largest.memory, init.memory));
    }
    return new Demand(1, largest.millicpu, largest.memory);
  }

  /** What a node can take. */
  static Demand allocatable(JsonNode node) {
    JsonNode resources = node.path("status").path("allocatable");
    return resources(resources, amount(resources.path("pods")).longValue());
  }

  Demand plus(Demand other) {
    return new Demand(pods + other.pods, millicpu + other.millicpu, memory + other.memory);
  }

  Demand minus(Demand other) {
    return new Demand(pods - other.pods, millicpu - other.millicpu, memory - other.memory);
  }

  private static Demand resources(JsonNode resources, long pods) {
    return new Demand(
        pods,
        amount(resources.path("cpu"))
            .multiply(THOUSAND)
            .setScale(0, RoundingMode.CEILING)
            .longValue(),
        amount(resources.path("memory")).setScale(0, RoundingMode.CEILING).longValue());
  }

  private static BigDecimal amount(JsonNode quantity) {
    return quantity.isMissingNode()
        ? BigDecimal.ZERO
        : Quantity.parse(quantity.asText()).getNumericalAmount();
  }
}
