package dev.kcm.controllers.lifecycle.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.object.ServedResources;
import io.fabric8.kubernetes.api.model.NamespaceCondition;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NamespaceConditionsTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final Findings WELL =
      Findings.of(new ServedResources(List.of(), new TreeMap<>(), List.of()));

  @Test
  void allIsWell() {
    assertThat(NamespaceConditions.after(List.of(), WELL, NOW))
        .extracting(
            c -> c.getType() + " " + c.getStatus() + " " + c.getReason() + ": " + c.getMessage())
        .containsExactly(
            "NamespaceDeletionDiscoveryFailure False ResourcesDiscovered: All resources"
                + " successfully discovered",
            "NamespaceDeletionGroupVersionParsingFailure False ParsedGroupVersions: All legacy"
                + " kube types successfully parsed",
            "NamespaceDeletionContentFailure False ContentDeleted: All content successfully"
                + " deleted, may be waiting on finalization",
            "NamespaceContentRemaining False ContentRemoved: All content successfully removed",
            "NamespaceFinalizersRemaining False ContentHasNoFinalizers: All content-preserving"
                + " finalizers finished");
  }

  @Test
  @DisplayName("Merge: unknown types are kept, the order is preserved")
  void keepsWhatIsNotItsOwnAndTheOrder() {
    NamespaceCondition foreign =
        new NamespaceCondition("2020-01-01T00:00:00Z", "m", "r", "True", "Foreign");
    NamespaceCondition last =
        new NamespaceCondition(
            "2020-01-01T00:00:00Z", "m", "r", "True", "NamespaceContentRemaining");
    List<NamespaceCondition> next = NamespaceConditions.after(List.of(last, foreign), WELL, NOW);
    assertThat(next)
        .extracting(NamespaceCondition::getType)
        .startsWith("NamespaceContentRemaining", "Foreign", "NamespaceDeletionDiscoveryFailure")
        .hasSize(6);
    assertThat(next.get(1)).isEqualTo(foreign);
  }

  @Test
  @DisplayName("Success replaces failure, and failure success; the time moves with the status")
  void movesTheTimeOnlyWhenTheStatusFlips() {
    List<NamespaceCondition> failed =
        NamespaceConditions.after(List.of(), WELL.failing("a"), NOW.minusSeconds(60));
    List<NamespaceCondition> worse =
        NamespaceConditions.after(failed, WELL.failing("a").failing("b"), NOW);
    assertThat(worse.get(2).getMessage())
        .isEqualTo("Failed to delete all resource types, 2 remaining: a, b");
    assertThat(worse.get(2).getLastTransitionTime()).isEqualTo("2026-01-02T03:03:05Z");
    NamespaceCondition well = NamespaceConditions.after(worse, WELL, NOW).get(2);
    assertThat(well.getStatus()).isEqualTo("False");
    assertThat(well.getLastTransitionTime()).isEqualTo("2026-01-02T03:04:05Z");
  }

  @Test
  void whatSaysTheSameStaysEqual() {
    List<NamespaceCondition> once = NamespaceConditions.after(List.of(), WELL, NOW);
    assertThat(NamespaceConditions.after(once, WELL, NOW.plusSeconds(60))).isEqualTo(once);
  }
}
