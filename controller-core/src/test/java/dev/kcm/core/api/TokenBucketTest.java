package dev.kcm.core.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.time.VirtualEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(1);
  private final List<String> served = new ArrayList<>();

  private TokenBucket bucket(double perSecond, int burst) {
    return new TokenBucket(environment, environment.executor("test"), perSecond, burst);
  }

  private TokenBucket.Ticket ask(TokenBucket bucket, int number) {
    return bucket.acquire(
        () -> served.add(number + "@" + environment.ticker().nanos() / 1_000_000));
  }

  @Test
  @DisplayName("T-86 limiter 20/30: 100 calls, 30 at once, then 50 ms apart, in order")
  void letsABurstThroughAndThenTheRate() {
    TokenBucket bucket = bucket(20, 30);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      ask(bucket, i);
      expected.add(i + "@" + (i < 30 ? 0 : (i - 29) * 50));
    }

    environment.advance(Duration.ofSeconds(10));

    assertThat(served).isEqualTo(expected);
    assertThat(environment.hasWork()).isFalse();
  }

  @Test
  @DisplayName("T-86 a waiter that gives up frees its slot")
  void passesTheTokenOfAWaiterThatGaveUpToTheNext() {
    TokenBucket bucket = bucket(10, 1);
    ask(bucket, 0);
    TokenBucket.Ticket second = ask(bucket, 1);
    ask(bucket, 2);

    second.cancel();
    environment.advance(Duration.ofSeconds(1));
    second.cancel();

    assertThat(served).containsExactly("0@0", "2@100");
  }

  @Test
  void savesNoMoreThanTheBurst() {
    TokenBucket bucket = bucket(10, 2);
    environment.advance(Duration.ofHours(1));
    for (int i = 0; i < 4; i++) {
      ask(bucket, i);
    }
    environment.advance(Duration.ofSeconds(1));

    assertThat(served).containsExactly("0@3600000", "1@3600000", "2@3600100", "3@3600200");
  }

  @Test
  void newcomersDoNotOvertakeThoseWhoWait() {
    TokenBucket bucket = bucket(10, 1);
    ask(bucket, 0);
    ask(bucket, 1);
    environment.stall(Duration.ofMillis(500));
    ask(bucket, 2);
    environment.run();
    environment.advance(Duration.ofSeconds(1));

    assertThat(served).containsExactly("0@0", "1@500", "2@600");
  }

  @Test
  void isOffForANegativeRate() {
    TokenBucket bucket = bucket(-1, 1);
    for (int i = 0; i < 1000; i++) {
      ask(bucket, i);
    }

    assertThat(served).hasSize(1000);
  }
}
