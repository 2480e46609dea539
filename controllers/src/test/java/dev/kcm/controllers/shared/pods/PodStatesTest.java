package dev.kcm.controllers.shared.pods;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodStatesTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "Pending, false, true, false, false",
    "Running, false, true, false, false",
    "Unknown, false, true, false, false",
    "'', false, true, false, false",
    "Succeeded, false, false, true, false",
    "Failed, false, false, true, false",
    "Running, true, false, false, true",
    "Pending, true, false, false, true",
    "Succeeded, true, false, true, false",
    "Failed, true, false, true, false",
  })
  @DisplayName("Active, terminal or terminating, by phase and deletionTimestamp")
  void podsAreActiveTerminalOrTerminating(
      String phase, boolean deleting, boolean active, boolean terminal, boolean terminating) {
    TestPod pod = TestPod.named("a").phase(phase);
    Pod built = (deleting ? pod.deletedAt(NOW) : pod).build();
    assertThat(PodStates.isActive(built)).isEqualTo(active);
    assertThat(PodStates.isTerminal(built)).isEqualTo(terminal);
    assertThat(PodStates.isTerminating(built)).isEqualTo(terminating);
  }

  /** Ready since so many seconds; empty for ready without saying since when, - for not ready. */
  @ParameterizedTest
  @CsvSource({
    "-, 0, false",
    "0, 0, true",
    "'', 0, true",
    "'', 5, false",
    "4, 5, false",
    "5, 5, true",
    "6, 5, true",
    "-60, 5, false",
  })
  @DisplayName("Available: ready, and for minReadySeconds at least, if there are any")
  void podsAreAvailableWhenTheyHaveBeenReadyForLongEnough(
      String readyFor, int minReady, boolean available) {
    TestPod pod = TestPod.named("a");
    if (!readyFor.equals("-")) {
      pod.readySince(readyFor.isEmpty() ? null : NOW.minusSeconds(Long.parseLong(readyFor)));
    }
    assertThat(PodStates.isAvailable(pod.build(), Duration.ofSeconds(minReady), NOW))
        .isEqualTo(available);
  }
}
