package dev.kcm.core.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionsTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final Pod OBJECT =
      new PodBuilder().withNewMetadata().withName("p").withGeneration(7L).endMetadata().build();

  private final Condition ready =
      new ConditionBuilder()
          .withType("Ready")
          .withStatus("True")
          .withReason("Started")
          .withMessage("up")
          .withObservedGeneration(7L)
          .withLastTransitionTime("2025-01-01T00:00:00Z")
          .build();

  private Conditions having(Condition... conditions) {
    return Conditions.of(List.of(conditions)).observing(OBJECT, NOW);
  }

  @Test
  void aNewConditionIsAppendedWithTimeInWholeSecondsAndGeneration() {
    List<Condition> list = having(ready).set("Synced", false, "Waiting", "").list();

    assertThat(list).extracting(Condition::getType).containsExactly("Ready", "Synced");
    assertThat(list.get(1).getLastTransitionTime()).isEqualTo("2026-01-02T03:04:05Z");
    assertThat(list.get(1).getObservedGeneration()).isEqualTo(7);
    assertThat(list.get(1).getStatus()).isEqualTo("False");
  }

  @Test
  void settingWhatWasThereLeavesAnEqualList() {
    assertThat(having(ready).set("Ready", true, "Started", "up"))
        .isEqualTo(Conditions.of(List.of(ready)))
        .hasSameHashCodeAs(Conditions.of(List.of(ready)));
  }

  @Test
  void theTimeMovesOnlyWithTheStatus() {
    Conditions talked = having(ready).set("Ready", true, "Running", "still up");
    Conditions failed = talked.set("Ready", false, "Crashed", "down");

    assertThat(talked.get("Ready").orElseThrow().getLastTransitionTime())
        .isEqualTo("2025-01-01T00:00:00Z");
    assertThat(talked.get("Ready").orElseThrow().getReason()).isEqualTo("Running");
    assertThat(failed.get("Ready").orElseThrow().getLastTransitionTime())
        .isEqualTo("2026-01-02T03:04:05Z");
    assertThat(ready.getReason()).as("what came from a cache").isEqualTo("Started");
  }

  @Test
  void aNewerGenerationAloneIsAChangeWithoutATransition() {
    Pod newer = new PodBuilder(OBJECT).editMetadata().withGeneration(8L).endMetadata().build();
    Condition seen =
        Conditions.of(List.of(ready))
            .observing(newer, NOW)
            .set("Ready", true, "Started", "up")
            .get("Ready")
            .orElseThrow();

    assertThat(seen.getObservedGeneration()).isEqualTo(8);
    assertThat(seen.getLastTransitionTime()).isEqualTo("2025-01-01T00:00:00Z");
  }

  @Test
  void answersQuestionsAndForgets() {
    Conditions conditions = having(ready).unknown("Synced", "NoAnswer", "");

    assertThat(conditions.isTrue("Ready")).isTrue();
    assertThat(conditions.isFalse("Ready")).isFalse();
    assertThat(conditions.isTrue("Synced")).isFalse();
    assertThat(conditions.isFalse("Synced")).isFalse();
    assertThat(conditions.isFalse("Absent")).isFalse();
    assertThat(conditions.without("Ready").list())
        .extracting(Condition::getType)
        .containsExactly("Synced");
    assertThat(Conditions.of(null).list()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "1st", "Dash-ed", "Ends,"})
  void refusesAReasonTheServerWouldRefuse(String reason) {
    assertThatThrownBy(() -> having().set("Ready", true, reason, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Ready")
        .hasMessageContaining("\"" + reason + "\"")
        .hasMessageContaining("allowed");
  }

  @Test
  void cutsAMessageAtTheServersLimit() {
    Conditions conditions = having().set("Ready", true, "Long", "x".repeat(40_000));

    assertThat(conditions.get("Ready").orElseThrow().getMessage()).hasSize(32_768);
  }

  @Test
  void wantsToKnowWhatWasObserved() {
    assertThatThrownBy(() -> Conditions.of(null).set("Ready", true, "Up", ""))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("observing");
  }
}
