package dev.kcm.controllers.network.endpointslice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.services.TestService;
import dev.kcm.core.plan.Action;
import dev.kcm.testkit.Rehearsal;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pods come and go at random; small slices, so that all of the packing is exercised. */
class PackingLawTest {

  private static final int MOST = 4;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void everyPodIsInOneSliceAndWhatIsRightIsNotWritten(long seed) {
    Random random = new Random(seed);
    SliceWorld world = SliceWorld.of(TestService.web().port("http", 80, 8080), MOST);
    Set<Integer> pods = new TreeSet<>();
    for (int step = 0; step < 30; step++) {
      change(world, pods, random);
      Map<String, EndpointSlice> before = byName(world);
      Rehearsal run = world.run();
      assertThat(world.endpoints())
          .as("seed %d, step %d", seed, step)
          .extracting(e -> e.getTargetRef().getName())
          .containsExactlyInAnyOrderElementsOf(pods.stream().map("pod-%04d"::formatted).toList());
      assertThat(world.sizes()).allMatch(size -> size <= MOST);
      assertOnlyNeededWrites(before, run, pods);
      assertThat(world.run().actions()).allMatch(Action.Measure.class::isInstance);
      world.cluster.finishDeletions();
    }
  }

  private static void change(SliceWorld world, Set<Integer> pods, Random random) {
    for (int i = random.nextInt(5); i > 0; i--) {
      int number = random.nextInt(20);
      if (pods.remove(number)) {
        world.cluster.remove(SliceWorld.ready(number).build());
      } else {
        pods.add(number);
        world.cluster.put(SliceWorld.ready(number).build());
      }
    }
  }

  private static Map<String, EndpointSlice> byName(SliceWorld world) {
    return world.slices().stream()
        .collect(Collectors.toMap(s -> s.getMetadata().getName(), Function.identity()));
  }

  /** At most one slice is written that has lost nothing: the one that is filled up. */
  private static void assertOnlyNeededWrites(
      Map<String, EndpointSlice> before, Rehearsal run, Set<Integer> pods) {
    Set<String> wanted = new HashSet<>();
    pods.forEach(number -> wanted.add("pod-%04d".formatted(number)));
    List<String> needless =
        run.tried(Action.Update.class).stream()
            .map(update -> update.object().getMetadata().getName())
            .filter(
                name ->
                    !before.get(name).getEndpoints().isEmpty()
                        && before.get(name).getEndpoints().stream()
                            .allMatch(e -> wanted.contains(e.getTargetRef().getName())))
            .toList();
    assertThat(needless).hasSizeLessThanOrEqualTo(1);
  }
}
