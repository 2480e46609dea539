package dev.kcm.controllers.node.ttl;

import static dev.kcm.testkit.PlanAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.plan.Plan;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TtlReconcilerTest {

  private static final Instant NOW = VirtualEnvironment.seeded(0).wallClock().now();
  private static final String PATCH =
      "{\"metadata\":{\"annotations\":{\"node.alpha.kubernetes.io/ttl\":\"15\"}}}";

  @Test
  @DisplayName("Absent: add")
  void addsAMissingAnnotation() {
    assertThat(decide(Map.of(), 15)).patches(Node.class, PATCH);
    assertThat(decide(null, 15)).patches(Node.class, PATCH);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "300", "", "15s"})
  @DisplayName("Other value: change; other annotations untouched")
  void changesAnotherValueAndNothingElse(String value) {
    assertThat(decide(Map.of("node.alpha.kubernetes.io/ttl", value, "other", "x"), 15))
        .patches(Node.class, PATCH);
  }

  @Test
  @DisplayName("Same value: no call")
  void leavesTheSameValueAlone() {
    assertThat(decide(Map.of("node.alpha.kubernetes.io/ttl", "15"), 15)).doesNothing();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, at the start",
    "0, 100, 0, inside the first",
    "0, 101, 15, step 0: 100 to 101",
    "1, 89, 0, step 1: 90 to 89",
    "1, 90, 15, inside the second",
    "1, 500, 15, inside the second",
    "1, 501, 30, step 1: 500 to 501",
    "2, 450, 30, inside the third",
    "2, 449, 15, below the third",
    "3, 2000, 60, inside the fourth",
    "3, 899, 30, below the fourth",
    "4, 1799, 60, step 4: 1800 to 1799",
    "4, 1800, 300, inside the last",
    "4, 1000000, 300, inside the last",
    "0, 5000, 300, the initial list of a great cluster",
    "4, 3, 0, nearly all gone",
  })
  void valuesChangeWithHysteresis(int before, int nodes, int seconds, String what) {
    int after = ClusterSizeOrder.next(before, nodes);
    assertThat(ClusterSizeOrder.ALL.get(after).seconds()).as(what).isEqualTo(seconds);
  }

  private static Plan decide(Map<String, String> annotations, int seconds) {
    Node node =
        new NodeBuilder()
            .withNewMetadata()
            .withName("n")
            .withAnnotations(annotations)
            .endMetadata()
            .build();
    return new TtlReconciler().decide(new TtlSnapshot(node, seconds), NOW);
  }
}
