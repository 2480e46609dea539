package dev.kcm.core.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.api.Fence;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Verdict;
import dev.kcm.core.queue.RateLimiters;
import dev.kcm.core.run.ScriptedApi;
import dev.kcm.core.time.Environment;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;

/** The loop's laws on real threads. */
class LoopThreadsTest {

  private static final int KEYS = 200;
  private static final int EVENTS_OF_A_KEY = 50;

  private final Environment environment = Environment.system();
  private final Map<ObjectKey, AtomicBoolean> busyByKey = new ConcurrentHashMap<>();
  private final Map<ObjectKey, AtomicInteger> wantedByKey = new ConcurrentHashMap<>();
  private final CountDownLatch caughtUp = new CountDownLatch(KEYS);
  private final AtomicInteger overlaps = new AtomicInteger();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger mostInFlight = new AtomicInteger();

  @RepeatedTest(50)
  void noKeyIsLostAndNoneIsWithTwoWorkersWhateverTheInterleaving() throws Exception {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    RunningLoop<ObjectKey> loop =
        Loop.<ObjectKey>named("threads")
            .startingWith(new ObjectKey("", "first"))
            .limiter(() -> RateLimiters.exponential(Duration.ofNanos(1), Duration.ofMillis(1)))
            .reading((key, settled) -> read(key))
            .deciding((key, now) -> decide(key))
            .measuring(measure -> ended(measure.labels()))
            .workers(4)
            .build()
            .start(
                new LoopHost(
                    environment,
                    ScriptedApi.on(environment),
                    meters,
                    component -> emit -> {},
                    Fence.OPEN));
    for (int i = 0; i < KEYS; i++) {
      wantedByKey.put(new ObjectKey("n", "k" + i), new AtomicInteger());
    }
    for (int feeder = 0; feeder < 2; feeder++) {
      environment.executor("feeder").execute(() -> feed(loop));
    }

    assertThat(caughtUp.await(20, TimeUnit.SECONDS))
        .as("all keys caught up: %s", caughtUp)
        .isTrue();
    assertThat(loop.stop(Duration.ofSeconds(10)).get(15, TimeUnit.SECONDS)).isEmpty();
    assertThat(overlaps).hasValue(0);
    assertThat(mostInFlight.get()).isBetween(1, 4);
    assertThat(meters.getMeters()).isEmpty();
  }

  private void feed(RunningLoop<ObjectKey> loop) {
    for (int event = 0; event < EVENTS_OF_A_KEY; event++) {
      for (ObjectKey key : List.copyOf(wantedByKey.keySet())) {
        wantedByKey.get(key).incrementAndGet();
        loop.enqueue(key);
      }
    }
  }

  private Optional<ObjectKey> read(ObjectKey key) {
    AtomicInteger wanted = wantedByKey.get(key);
    if (wanted == null) {
      return Optional.empty();
    }
    if (busyByKey.computeIfAbsent(key, k -> new AtomicBoolean()).getAndSet(true)) {
      overlaps.incrementAndGet();
    }
    mostInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
    // Exactly one run sees the last event of a key first: the counter is taken beyond reach.
    if (wanted.compareAndSet(2 * EVENTS_OF_A_KEY, Integer.MIN_VALUE)) {
      caughtUp.countDown();
    }
    return Optional.of(key);
  }

  private Plan decide(ObjectKey key) {
    Action last =
        new Action.Measure("end", 1, Map.of("name", key.name()), "the run of the key is over");
    return Plan.of(last).ending(key.hashCode() % 3 == 0 ? Verdict.retry("scripted") : Verdict.DONE);
  }

  private void ended(Map<String, String> labels) {
    inFlight.decrementAndGet();
    busyByKey.get(new ObjectKey("n", labels.getOrDefault("name", ""))).set(false);
  }
}
