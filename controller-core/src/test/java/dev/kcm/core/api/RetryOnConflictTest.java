package dev.kcm.core.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.time.VirtualEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RetryOnConflictTest {

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(3);
  private final List<Long> triedAtMillis = new ArrayList<>();

  /** Meets this many conflicts first. */
  private CompletableFuture<String> body(int conflicts) {
    triedAtMillis.add(environment.ticker().nanos() / 1_000_000);
    return triedAtMillis.size() <= conflicts
        ? CompletableFuture.failedFuture(failure(Kind.CONFLICT, 409))
        : CompletableFuture.completedFuture("done");
  }

  private static ApiException failure(Kind kind, int code) {
    return new ApiException(ApiError.of(kind, code, "scripted"));
  }

  private CompletableFuture<String> run(RetryOnConflict retry, int conflicts) {
    CompletableFuture<String> result = retry.run(() -> body(conflicts), environment);
    environment.advance(Duration.ofSeconds(1));
    return result;
  }

  @Test
  @DisplayName("HLP 4.6 the usual retry: 5 tries, 10 to 11 ms apart")
  void triesFiveTimesTenMillisecondsApart() {
    assertThat(run(RetryOnConflict.DEFAULT, 4)).isCompletedWithValue("done");
    assertThat(triedAtMillis).hasSize(5);
    for (int i = 1; i < 5; i++) {
      assertThat(triedAtMillis.get(i) - triedAtMillis.get(i - 1)).isBetween(9L, 11L);
    }
  }

  @Test
  @DisplayName("HLP 4.6 the slower retry: 4 tries, 10, 50 and 250 ms apart")
  void triesFourTimesEachFiveTimesLater() {
    assertThat(run(RetryOnConflict.BACKOFF, 3)).isCompletedWithValue("done");
    assertThat(triedAtMillis).hasSize(4);
    assertThat(triedAtMillis.get(1)).isBetween(10L, 11L);
    assertThat(triedAtMillis.get(2) - triedAtMillis.get(1)).isBetween(50L, 55L);
    assertThat(triedAtMillis.get(3) - triedAtMillis.get(2)).isBetween(250L, 275L);
  }

  @Test
  void theLastConflictIsTheResultWhenAllTriesMeetOne() {
    CompletableFuture<String> result = run(RetryOnConflict.DEFAULT, 9);
    assertThat(triedAtMillis).hasSize(5);
    assertThat(result)
        .failsWithin(Duration.ZERO)
        .withThrowableOfType(ExecutionException.class)
        .havingCause()
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.error().code()).isEqualTo(409));
  }

  @Test
  @DisplayName("HLP 4.6 only conflicts are tried again")
  void anythingElseIsFinal() {
    CompletableFuture<String> result =
        RetryOnConflict.DEFAULT.run(
            () -> {
              triedAtMillis.add(0L);
              return CompletableFuture.failedFuture(failure(Kind.SERVER_ERROR, 500));
            },
            environment);
    environment.advance(Duration.ofSeconds(1));
    assertThat(result).isCompletedExceptionally();
    assertThat(triedAtMillis).hasSize(1);
  }

  @Test
  @DisplayName("HLP 4.6 cancelled before the first try: nothing is tried, and it is an error")
  void nothingIsTriedOnceItIsCancelled() {
    CompletableFuture<String> result = RetryOnConflict.DEFAULT.run(() -> body(0), environment);
    result.cancel(false);
    environment.advance(Duration.ofSeconds(1));
    assertThat(result).isCancelled();
    assertThat(triedAtMillis).isEmpty();
  }

  @Test
  void refusesWhatIsOutOfRangeTogether() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RetryOnConflict(0, Duration.ofMillis(-1), 0.5, -1))
        .withMessageContainingAll("tries is 0", "first is", "factor is 0.5", "jitter is -1");
  }
}
