package dev.kcm.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kcm.core.time.VirtualEnvironment;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class IdBackoffTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(5);
  private final IdBackoff<String> backoff = IdBackoff.of(SECOND, MINUTE, environment);

  @Test
  @DisplayName("HLP-15 each failure of an id doubles its wait up to the maximum")
  void doublesForEachIdAlone() {
    for (int expected : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
      assertThat(backoff.failed("a")).hasSeconds(expected);
    }
    assertThat(backoff.failed("b")).isEqualTo(SECOND);
    backoff.reset("a");
    assertThat(backoff.failed("a")).isEqualTo(SECOND);
  }

  @Test
  void saysHowLongIsLeft() {
    assertThat(backoff.remaining("a")).isEmpty();
    backoff.failed("a");
    environment.advance(Duration.ofMillis(400));
    assertThat(backoff.remaining("a")).hasValue(Duration.ofMillis(600));
    environment.advance(Duration.ofMillis(600));
    assertThat(backoff.remaining("a")).isEmpty();
  }

  @Test
  @DisplayName("HLP-15 an id that is quiet for twice the maximum starts anew and costs no memory")
  void forgetsWhatWasQuiet() {
    for (int i = 0; i < 10_000; i++) {
      backoff.failed("id-" + i);
      backoff.failed("id-" + i);
    }
    environment.advance(MINUTE.multipliedBy(2));
    assertThat(backoff.failed("id-0")).hasSeconds(4);
    environment.advance(Duration.ofMillis(1));
    assertThat(backoff.failed("id-1")).isEqualTo(SECOND);
    environment.advance(MINUTE.multipliedBy(2).plusMillis(1));
    backoff.failed("other");
    assertThat(backoff.size()).isEqualTo(1);
  }

  @Test
  void jitterMakesWaitsLongerByUpToThatPartOfTheFirst() {
    IdBackoff<String> jittered = IdBackoff.withJitter(SECOND, MINUTE, 0.5, environment);
    for (int i = 0; i < 100; i++) {
      assertThat(jittered.failed("id-" + i)).isBetween(SECOND, Duration.ofMillis(1500));
    }
    assertThat(jittered.failed("id-0")).isBetween(SECOND.multipliedBy(2), Duration.ofMillis(2500));
  }

  @Test
  void refusesWhatIsOutOfRange() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IdBackoff.of(MINUTE, SECOND, environment))
        .withMessageContaining("first <= longest");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IdBackoff.withJitter(SECOND, MINUTE, -1, environment));
  }
}
