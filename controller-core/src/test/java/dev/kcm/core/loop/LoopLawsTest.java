package dev.kcm.core.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.api.Fence;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Stage;
import dev.kcm.core.plan.Verdict;
import dev.kcm.core.run.Pods;
import dev.kcm.core.run.ScriptedApi;
import dev.kcm.core.time.Seeds;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.Pod;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Laws that hold whatever the order of events, answers and failures. */
class LoopLawsTest {

  private static final int SEEDS = 1000;

  @Test
  void everyKeyIsReconciledAfterItsLastEventAndNeverTwiceAtOnce() {
    Seeds.each("laws of the loop", 1, SEEDS, seed -> new World(seed).play());
  }

  @Test
  void aStopAtAnyMomentEndsEverythingAndLeavesNothingBehind() {
    Seeds.each("stops of the loop", 1, SEEDS, seed -> new World(seed).playAndStop());
  }

  /** One random history. Confined to the thread of the test. */
  private static final class World {

    private final long seed;
    private final Random random;
    private final VirtualEnvironment environment;
    private final ScriptedApi api;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final FakeInformer<Pod> pods;
    private final Map<ObjectKey, String> lastSeen = new HashMap<>();
    private final RunningLoop<Pod> loop;
    private final int workers;
    private boolean faults = true;
    private int versions;

    private World(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
      this.environment = VirtualEnvironment.seeded(seed);
      this.workers = 1 + random.nextInt(4);
      this.pods = FakeInformer.of(Pods.TYPE, environment);
      this.api =
          ScriptedApi.on(environment)
              .after(r -> Optional.of(Duration.ofMillis(random.nextInt(50))))
              .answering(
                  r ->
                      faults && random.nextInt(5) == 0
                          ? Optional.of(ScriptedApi.error(anyKind()))
                          : Optional.empty());
      Fence fence =
          () -> faults && random.nextInt(20) == 0 ? Optional.of("suspect") : Optional.empty();
      this.loop =
          Loop.<Pod>named("law")
              .on(pods, Enqueue.self())
              .reading(this::read)
              .deciding((pod, now) -> decide(pod))
              .workers(workers)
              .build()
              .start(new LoopHost(environment, api, meters, component -> emit -> {}, fence));
    }

    private void play() {
      playEvents();
      faults = false;
      pods.sync();
      environment.advance(Duration.ofMinutes(10));

      for (Pod pod : pods.lister().list()) {
        assertThat(lastSeen.get(ObjectKey.of(pod)))
            .as("seed %d, key %s", seed, ObjectKey.of(pod))
            .isEqualTo(version(pod));
      }
      assertThat(loop.inFlight()).as("seed %d", seed).isZero();
    }

    private void playAndStop() {
      pods.sync();
      playEvents();
      int sentBefore = api.requests().size();
      var stopped = loop.stop(Duration.ofSeconds(random.nextInt(3)));
      playEvents();
      environment.advance(Duration.ofMinutes(10));

      assertThat(stopped).as("seed %d", seed).isDone();
      assertThat(loop.inFlight()).as("seed %d", seed).isZero();
      assertThat(meters.getMeters())
          .extracting(m -> m.getId().getName())
          .as("seed %d", seed)
          .isEmpty();
      assertThat(api.requests().size() - sentBefore).as("seed %d", seed).isLessThan(workers * 12);
    }

    private void playEvents() {
      for (int step = 0; step < 60; step++) {
        switch (random.nextInt(8)) {
          case 0, 1, 2 -> pods.put(pod("p" + random.nextInt(6)));
          case 3 -> pods.delete(new ObjectKey("default", "p" + random.nextInt(6)));
          case 4 -> loop.workers(workers);
          case 5 -> pods.sync();
          case 6 -> environment.advance(Duration.ofMillis(random.nextInt(100)));
          default -> environment.step();
        }
      }
    }

    private Optional<Pod> read(ObjectKey key, boolean settled) {
      List<ObjectKey> busy = api.unanswered().stream().map(ScriptedApi.Request::key).toList();
      assertThat(busy).as("seed %d: two runs at once", seed).doesNotContain(key);
      assertThat(busy).as("seed %d: too many keys in flight", seed).hasSizeLessThan(workers);
      if (faults && random.nextInt(15) == 0) {
        throw new IllegalStateException("scripted");
      }
      return pods.lister().get(key);
    }

    private Plan decide(Pod pod) {
      lastSeen.put(ObjectKey.of(pod), version(pod));
      Plan writing = Plan.of(Stage.sequential(List.of(write(pod), write(pod))));
      return switch (random.nextInt(4)) {
        case 0 -> Plan.NOTHING;
        case 1 -> Plan.verdict(Verdict.retry("scripted"));
        case 2 -> writing;
        default -> writing.then(report -> Plan.of(write(pod)).ending(soon()));
      };
    }

    private Verdict soon() {
      return faults ? Verdict.after(Duration.ofMillis(random.nextInt(500))) : Verdict.DONE;
    }

    private Action write(Pod pod) {
      return Action.update(Pods.TYPE, pod, "write");
    }

    private Pod pod(String name) {
      Pod pod = Pods.named(name);
      pod.getMetadata().setResourceVersion(Integer.toString(++versions));
      return pod;
    }

    private static String version(Pod pod) {
      return pod.getMetadata().getResourceVersion();
    }

    private Kind anyKind() {
      Kind[] kinds = Kind.values();
      return kinds[random.nextInt(kinds.length)];
    }
  }
}
