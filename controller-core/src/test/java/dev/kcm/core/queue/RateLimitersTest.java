package dev.kcm.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kcm.core.time.VirtualEnvironment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Waits by number of failures. */
final class RateLimitersTest {

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(1);

  @Test
  @DisplayName("T-54 the exponential wait doubles from 5 ms, never shrinks and stops at 1000 s")
  void exponentialDoublesAndSaturates() {
    RateLimiter<String> limiter =
        RateLimiters.exponential(Duration.ofMillis(5), Duration.ofSeconds(1000));
    Duration previous = Duration.ZERO;
    for (int failure = 0; failure < 10_000; failure++) {
      Duration wait = limiter.when("a");
      Duration expected =
          failure < 18 ? Duration.ofMillis(5L << failure) : Duration.ofSeconds(1000);
      assertThat(wait).as("failure %d", failure).isEqualTo(expected);
      assertThat(wait).isGreaterThanOrEqualTo(previous);
      previous = wait;
    }
    assertThat(limiter.failures("a")).isEqualTo(10_000);
    limiter.forget("a");
    assertThat(limiter.failures("a")).isZero();
    assertThat(limiter.when("a")).isEqualTo(Duration.ofMillis(5));
  }

  @Test
  @DisplayName("T-54 asking for the failures of a million unknown keys keeps none of them")
  void askingKeepsNothing() {
    FailureCounts<Integer> counts = new FailureCounts<>();
    for (int key = 0; key < 1_000_000; key++) {
      assertThat(counts.count(key)).isZero();
    }
    assertThat(counts.size()).isZero();
    counts.increment(1);
    counts.forget(1);
    assertThat(counts.size()).isZero();
  }

  @Test
  void exponentialSaturatesForAnyBase() {
    RateLimiter<String> limiter =
        RateLimiters.exponential(Duration.ofNanos(1), Duration.ofNanos(Long.MAX_VALUE));
    Duration wait = Duration.ZERO;
    for (int failure = 0; failure < 200; failure++) {
      Duration next = limiter.when("a");
      assertThat(next).isGreaterThanOrEqualTo(wait).isPositive();
      wait = next;
    }
    assertThat(wait).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
  }

  @Test
  @DisplayName("T-55 the bucket gives 100 slots at once, then one each 100 ms")
  void bucketSpreadsAfterTheBurst() {
    RateLimiter<Integer> limiter = RateLimiters.bucket(environment.ticker(), 10, 100);
    for (int call = 0; call < 300; call++) {
      Duration expected = Duration.ofMillis(call < 100 ? 0 : (call - 99) * 100L);
      assertThat(limiter.when(call)).as("call %d", call).isEqualTo(expected);
    }
    environment.advance(Duration.ofSeconds(20));
    assertThat(limiter.when(0)).isEqualTo(Duration.ofMillis(100));
    environment.advance(Duration.ofHours(1));
    for (int call = 0; call < 100; call++) {
      assertThat(limiter.when(call)).isZero();
    }
    assertThat(limiter.when(0)).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  @DisplayName("T-55 a clock that goes back an hour gives no negative and no huge wait")
  void bucketFollowsAClockBackwards() {
    AtomicLong clock = new AtomicLong(Duration.ofHours(2).toNanos());
    RateLimiter<Integer> limiter = RateLimiters.bucket(clock::get, 10, 100);
    for (int call = 0; call < 110; call++) {
      limiter.when(call);
    }
    clock.addAndGet(-Duration.ofHours(1).toNanos());
    assertThat(limiter.when(0)).isEqualTo(Duration.ofMillis(1100));
    clock.addAndGet(Duration.ofSeconds(2).toNanos());
    assertThat(limiter.when(0)).isZero();
  }

  @Test
  void bucketStepsAsideWhenItsReservationIsFull() {
    RateLimiter<Integer> limiter =
        RateLimiters.bucket(environment.ticker(), 10, 1, Duration.ofMillis(200));
    assertThat(limiter.when(0)).isZero();
    assertThat(limiter.when(0)).isEqualTo(Duration.ofMillis(100));
    assertThat(limiter.when(0)).isEqualTo(Duration.ofMillis(200));
    assertThat(limiter.when(0)).isZero();
    environment.advance(Duration.ofMillis(100));
    assertThat(limiter.when(0)).isEqualTo(Duration.ofMillis(200));
  }

  @Test
  void controllerDefaultIsTheLongerOfBoth() {
    RateLimiter<String> limiter = RateLimiters.controllerDefault(environment);
    for (int call = 0; call < 100; call++) {
      assertThat(limiter.when("key-" + call)).isEqualTo(Duration.ofMillis(5));
    }
    assertThat(limiter.when("another")).isEqualTo(Duration.ofMillis(100));
    for (int failure = 1; failure < 20; failure++) {
      limiter.when("key-0");
    }
    assertThat(limiter.failures("key-0")).isEqualTo(20);
    assertThat(limiter.when("key-0")).isEqualTo(Duration.ofSeconds(1000));
    limiter.forget("key-0");
    assertThat(limiter.failures("key-0")).isZero();
  }

  @Test
  void itemDefaultStartsAtOneMillisecond() {
    RateLimiter<String> limiter = RateLimiters.itemDefault();
    assertThat(limiter.when("a")).isEqualTo(Duration.ofMillis(1));
    assertThat(limiter.when("a")).isEqualTo(Duration.ofMillis(2));
    assertThat(limiter.when("b")).isEqualTo(Duration.ofMillis(1));
  }

  @Test
  void fastSlowChangesAfterTheGivenTries() {
    RateLimiter<String> limiter =
        RateLimiters.itemFastSlow(Duration.ofMillis(5), Duration.ofSeconds(10), 3);
    assertThat(List.of(limiter.when("a"), limiter.when("a"), limiter.when("a"), limiter.when("a")))
        .containsExactly(
            Duration.ofMillis(5),
            Duration.ofMillis(5),
            Duration.ofMillis(5),
            Duration.ofSeconds(10));
  }

  @Test
  void maxWaitCapsAndJitterStretches() {
    RateLimiter<String> capped =
        RateLimiters.withMaxWait(RateLimiters.itemDefault(), Duration.ofMillis(3));
    assertThat(List.of(capped.when("a"), capped.when("a"), capped.when("a")))
        .containsExactly(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(3));

    RateLimiter<Integer> jittered =
        RateLimiters.withJitter(
            RateLimiters.exponential(Duration.ofSeconds(1), Duration.ofSeconds(10)),
            0.1,
            environment.random());
    for (int key = 0; key < 1000; key++) {
      assertThat(jittered.when(key)).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1100));
    }
  }

  @Test
  void refusesArgumentsOutOfRange() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RateLimiters.exponential(Duration.ZERO, Duration.ofSeconds(1)))
        .withMessage("base must be above zero, got PT0S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RateLimiters.exponential(Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .withMessage("max must be at least PT2S, got PT1S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RateLimiters.bucket(environment.ticker(), 0, 1))
        .withMessageContaining("perSecond");
    assertThatIllegalArgumentException().isThrownBy(() -> RateLimiters.maxOf(List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> RateLimiters.withJitter(RateLimiters.itemDefault(), -1, environment.random()));
  }
}
