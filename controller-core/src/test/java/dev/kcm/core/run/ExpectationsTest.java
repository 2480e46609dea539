package dev.kcm.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.time.Seeds;
import dev.kcm.core.time.VirtualEnvironment;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ExpectationsTest {

  private static final ObjectKey OWNER = new ObjectKey("default", "web");
  private static final ObjectKey POD = new ObjectKey("default", "web-1");
  private static final ObjectKey OTHER = new ObjectKey("default", "web-2");

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(1);
  private final Expectations expectations = Expectations.withTicker(environment.ticker());

  @Test
  @DisplayName("T-80 a lost delete event blocks for 5 minutes, then the key is free")
  void aLostDeletionBlocksForFiveMinutes() {
    expectations.expectDeletions(OWNER, List.of(POD));

    environment.advance(Expectations.TIMEOUT);
    assertThat(expectations.satisfied(OWNER)).isFalse();
    environment.advance(Duration.ofMillis(1));
    assertThat(expectations.satisfied(OWNER)).isTrue();
  }

  @Test
  @DisplayName("T-80 the update with a deletionTimestamp and the delete count once")
  void terminatingAndGoneCountOnce() {
    expectations.expectDeletions(OWNER, List.of(POD, OTHER));

    expectations.deletionObserved(OWNER, POD);
    expectations.deletionObserved(OWNER, POD);
    assertThat(expectations.satisfied(OWNER)).as("the other one is still awaited").isFalse();
    expectations.deletionObserved(OWNER, OTHER);
    assertThat(expectations.satisfied(OWNER)).isTrue();
  }

  @Test
  void moreArrivalsThanExpectedSatisfy() {
    expectations.expectCreations(OWNER, 1);
    expectations.creationsObserved(OWNER, 3);

    assertThat(expectations.satisfied(OWNER)).isTrue();
  }

  @Test
  void expectingAnewReplacesAndRaisingAdds() {
    expectations.expectCreations(OWNER, 5);
    expectations.expectCreations(OWNER, 1);
    expectations.raise(OWNER, 1, List.of(POD));

    expectations.creationsObserved(OWNER, 2);
    assertThat(expectations.satisfied(OWNER)).isFalse();
    expectations.deletionObserved(OWNER, POD);
    assertThat(expectations.satisfied(OWNER)).isTrue();
  }

  @Test
  void raisingStartsTheTimeAnewAndForgettingEndsIt() {
    expectations.expectCreations(OWNER, 1);
    environment.advance(Duration.ofMinutes(4));
    expectations.raise(OWNER, 1, List.of());
    environment.advance(Duration.ofMinutes(4));
    assertThat(expectations.satisfied(OWNER)).isFalse();

    expectations.forget(OWNER);
    assertThat(expectations.satisfied(OWNER)).isTrue();
    expectations.creationObserved(OWNER);
    assertThat(expectations.satisfied(OWNER)).as("never expected").isTrue();
  }

  @Test
  void isSatisfiedExactlyWhenNothingIsOutstandingOrTheTimeIsOver() {
    Seeds.each("expectations", 1, 1000, this::agreesWithCounting);
  }

  private void agreesWithCounting(long seed) {
    Random random = new Random(seed);
    VirtualEnvironment time = VirtualEnvironment.seeded(seed);
    Expectations tested = Expectations.withTicker(time.ticker());
    int creations = 0;
    Set<ObjectKey> deletions = new HashSet<>();
    long since = time.ticker().nanos();
    // What arrives before anything was expected does not count.
    tested.expectCreations(OWNER, 0);
    for (int step = 0; step < 60; step++) {
      ObjectKey pod = new ObjectKey("default", "web-" + random.nextInt(3));
      switch (random.nextInt(5)) {
        case 0 -> {
          int more = random.nextInt(3);
          tested.raise(OWNER, more, List.of(pod));
          creations += more;
          deletions.add(pod);
          since = time.ticker().nanos();
        }
        case 1 -> {
          creations = random.nextInt(3);
          deletions.clear();
          tested.expectCreations(OWNER, creations);
          since = time.ticker().nanos();
        }
        case 2 -> {
          tested.creationObserved(OWNER);
          creations--;
        }
        case 3 -> {
          tested.deletionObserved(OWNER, pod);
          deletions.remove(pod);
        }
        default -> time.advance(Duration.ofSeconds(random.nextInt(200)));
      }
      boolean late = time.ticker().since(since).compareTo(Expectations.TIMEOUT) > 0;
      boolean expected = late || (creations <= 0 && deletions.isEmpty());
      assertThat(tested.satisfied(OWNER)).as("seed %d, step %d", seed, step).isEqualTo(expected);
    }
  }
}
