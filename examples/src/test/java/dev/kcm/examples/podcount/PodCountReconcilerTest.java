package dev.kcm.examples.podcount;

import static dev.kcm.testkit.PlanAssertions.assertThat;

import dev.kcm.core.plan.Plan;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodCountReconcilerTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  @ParameterizedTest(name = "label {0}, {1} running: label {2}")
  @CsvSource({"'', 0, 0", "'', 3, 3", "2, 3, 3", "3, 0, 0", "many, 1, 1"})
  void patchesALabelThatIsNotTheCount(String label, long running, String written) {
    assertThat(decide(namespace(label).build(), running))
        .patches(
            Namespace.class,
            "{\"metadata\":{\"labels\":{\"examples.kcm.dev/running-pods\":\""
                + written
                + "\"},\"uid\":\"u1\"}}")
        .because("count has changed");
  }

  @ParameterizedTest(name = "{0} running")
  @CsvSource({"0", "17"})
  void leavesALabelThatIsTheCount(long running) {
    assertThat(decide(namespace(Long.toString(running)).build(), running)).doesNothing();
  }

  @Test
  void leavesANamespaceThatIsBeingDeleted() {
    Namespace going =
        namespace("2").editMetadata().withDeletionTimestamp(NOW.toString()).endMetadata().build();

    assertThat(decide(going, 1)).doesNothing();
  }

  private static Plan decide(Namespace namespace, long running) {
    return new PodCountReconciler()
        .decide(new PodCountReconciler.Snapshot(namespace, running), NOW);
  }

  private static NamespaceBuilder namespace(String label) {
    return new NamespaceBuilder()
        .withNewMetadata()
        .withName("web")
        .withUid("u1")
        .withLabels(label.isEmpty() ? Map.of() : Map.of(PodCountReconciler.LABEL, label))
        .endMetadata();
  }
}
