package dev.kcm.controllers.shared.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.pods.DeletionCost;
import dev.kcm.controllers.shared.pods.TestPod;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PodDeletionOrderTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  /** Each row: what it says, who goes first, who goes later. UIDs are the other way round. */
  static Stream<Arguments> pairs() {
    return Stream.of(
        row("unbound before bound", pod("first").node(""), pod("later")),
        row("pending before running", pod("first").phase("Pending"), pod("later")),
        row("pending before unknown", pod("first").phase("Pending"), pod("later").phase("Unknown")),
        row("unknown before running", pod("first").phase("Unknown"), pod("later")),
        row(
            "unbound before pending",
            pod("first").node("").phase("Running"),
            pod("later").phase("Pending")),
        row("not ready before ready", pod("first"), ready("later", 10)),
        row("not ready before cheap", pod("first"), cost(ready("later", 10), "-5")),
        row("lower cost first", cost(ready("first", 9000), "1"), cost(ready("later", 1), "2")),
        row("negative cost before none", cost(ready("first", 9000), "-1"), ready("later", 1)),
        row(
            "cost before siblings",
            cost(ready("first", 1).node("lonely"), "-1"),
            ready("later", 1)),
        row(
            "more siblings on the node first",
            ready("first", 9000),
            ready("later", 1).node("lonely")),
        row("ready for a shorter time first", ready("first", 10), ready("later", 100)),
        row("missing ready time first", pod("first").readySince(null), ready("later", 0)),
        row(
            "more restarts first",
            ready("first", 10).restarts(1, 5),
            ready("later", 10).restarts(4, 4)),
        row(
            "restarts of sidecars after those of containers",
            ready("first", 10).restarts(2).sidecarRestarts(0),
            ready("later", 10).restarts(1).sidecarRestarts(9)),
        row(
            "more restarts of sidecars first",
            ready("first", 10).sidecarRestarts(3),
            ready("later", 10).sidecarRestarts(2)),
        row(
            "younger first",
            created("first", Duration.ofHours(2)),
            created("later", Duration.ofHours(5))),
        row("missing creation first", pod("first").created(null), created("later", Duration.ZERO)),
        row(
            "not in the past before in the past",
            created("first", Duration.ofSeconds(-5)),
            created("later", Duration.ofSeconds(1))));
  }

  @ParameterizedTest(name = "T-87 {0}")
  @MethodSource("pairs")
  void putsFirstBeforeLater(String rule, TestPod first, TestPod later) {
    List<Pod> pods = List.of(later.uid("a").build(), first.uid("b").build());
    assertThat(names(order().sort(pods))).containsExactly("first", "later");
  }

  @Test
  void agesOfOneMagnitudeAreToldApartByUidOnly() {
    Pod fiveHours = created("five", Duration.ofHours(5)).uid("z").build();
    Pod eightHours = created("eight", Duration.ofHours(8)).uid("a").build();
    assertThat(names(order().sort(List.of(fiveHours, eightHours))))
        .containsExactly("eight", "five");

    Pod readyFive = ready("five", 5 * 3600).uid("z").build();
    Pod readyEight = ready("eight", 8 * 3600).uid("a").build();
    assertThat(names(order().sort(List.of(readyFive, readyEight))))
        .containsExactly("eight", "five");
  }

  @ParameterizedTest(name = "\"{0}\" costs {1}")
  @CsvSource({
    "0, 0",
    "7, 7",
    "-7, -7",
    "2147483647, 2147483647",
    "-2147483648, -2147483648",
    "2147483648, 0",
    "+5, 0",
    "007, 0",
    "-007, -7",
    "'', 0",
    "-, 0",
    "1.5, 0",
    "x, 0",
    "' 1', 0",
  })
  void readsTheDeletionCost(String text, int cost) {
    assertThat(DeletionCost.of(pod("p").annotation(DeletionCost.ANNOTATION, text).build()))
        .isEqualTo(cost);
  }

  @Test
  void costsNothingWhenTheGateIsOff() {
    Pod dear = cost(ready("dear", 10), "100").uid("a").build();
    Pod cheap = cost(ready("cheap", 10), "-100").uid("b").build();
    PodDeletionOrder heedless = PodDeletionOrder.at(NOW, List.of(), false);
    assertThat(names(heedless.sort(List.of(cheap, dear)))).containsExactly("dear", "cheap");
  }

  @Test
  void onlyActiveSiblingsCount() {
    List<Pod> related =
        List.of(
            pod("s1").node("busy").build(),
            pod("s2").node("quiet").phase("Failed").build(),
            pod("s3").node("quiet").deletedAt(NOW).build());
    Pod onBusy = ready("onBusy", 10).node("busy").uid("b").build();
    Pod onQuiet = ready("onQuiet", 10).node("quiet").uid("a").build();
    assertThat(names(PodDeletionOrder.at(NOW, related, true).sort(List.of(onQuiet, onBusy))))
        .containsExactly("onBusy", "onQuiet");
  }

  /**
   * The comparison is no strict weak order; hundreds of mixed pods make the library's sort throw.
   */
  @Test
  void sortsAnythingAndNotByTheOrderGiven() {
    for (long seed = 1; seed <= 50; seed++) {
      Random random = new Random(seed);
      List<Pod> pods = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        TestPod pod = created("p" + i, Duration.ofSeconds(random.nextInt(40_000)));
        pod.uid("uid" + random.nextInt(1_000_000) + "-" + i).restarts(random.nextInt(3));
        pods.add(
            random.nextBoolean()
                ? pod.readySince(NOW.minusSeconds(random.nextInt(40_000))).build()
                : pod.build());
      }
      List<String> sorted = names(order().sort(pods));
      Collections.shuffle(pods, random);
      assertThat(names(order().sort(pods))).as("seed %s", seed).isEqualTo(sorted);
    }
  }

  @Test
  @DisplayName("T-87 random pods are put into the one total order that the rules give")
  void randomPodsAreInTheTotalOrderOfTheRules() {
    for (long seed = 1; seed <= 1000; seed++) {
      List<RulePod> pods = randomPods(new Random(seed));
      List<String> sorted = names(order().sort(pods.stream().map(RulePod::build).toList()));
      List<RulePod> expected = new ArrayList<>(pods);
      expected.sort(PodDeletionOrderTest::byTheRules);

      assertThat(sorted)
          .as("seed %s", seed)
          .isEqualTo(expected.stream().map(RulePod::name).toList());
      assertThat(isTotalOrder(expected)).as("seed %s", seed).isTrue();
    }
  }

  private static boolean isTotalOrder(List<RulePod> sorted) {
    for (int i = 0; i < sorted.size(); i++) {
      for (int k = i + 1; k < sorted.size(); k++) {
        if (byTheRules(sorted.get(i), sorted.get(k)) >= 0
            || byTheRules(sorted.get(k), sorted.get(i)) <= 0) {
          return false;
        }
      }
    }
    return true;
  }

  /** No two pods became ready, or were created, at one time: else the rules are no order. */
  private static List<RulePod> randomPods(Random random) {
    List<Integer> ages = new ArrayList<>();
    for (int age = 0; age < 24; age++) {
      ages.add(1 << (age / 2 + 3) | age % 2);
    }
    Collections.shuffle(ages, random);
    List<RulePod> pods = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      pods.add(
          new RulePod(
              "p" + i,
              String.format("%04d-%d", random.nextInt(10_000), i),
              List.of("", "busy", "lonely").get(random.nextInt(3)),
              List.of("Pending", "Unknown", "Running").get(random.nextInt(3)),
              random.nextBoolean() ? ages.get(2 * i) : -1,
              random.nextInt(3) - 1,
              random.nextInt(3),
              random.nextInt(2),
              ages.get(2 * i + 1)));
    }
    return pods;
  }

  /**
   * The rules in words and one after the other, with no thought of speed.
   *
   * @param readyFor seconds; negative when it is not ready
   * @param age seconds since its creation
   */
  private record RulePod(
      String name,
      String uid,
      String node,
      String phase,
      int readyFor,
      int cost,
      int restarts,
      int sidecarRestarts,
      int age) {

    private Pod build() {
      TestPod pod = created(name, Duration.ofSeconds(age)).uid(uid).node(node).phase(phase);
      TestPod seen = readyFor < 0 ? pod : pod.readySince(NOW.minusSeconds(readyFor));
      return seen.annotation(DeletionCost.ANNOTATION, Integer.toString(cost))
          .restarts(restarts)
          .sidecarRestarts(sidecarRestarts)
          .build();
    }

    /** As many as {@link #order} is told of; pods that are bound to no node have none. */
    private int siblings() {
      return node.equals("lonely") ? 1 : 0;
    }
  }

  private static int byTheRules(RulePod a, RulePod b) {
    List<String> phases = List.of("Pending", "Unknown", "Running");
    int[] differences = {
      Boolean.compare(!a.node.isEmpty(), !b.node.isEmpty()),
      Integer.compare(phases.indexOf(a.phase), phases.indexOf(b.phase)),
      Boolean.compare(a.readyFor >= 0, b.readyFor >= 0),
      Integer.compare(a.cost, b.cost),
      Integer.compare(b.siblings(), a.siblings()),
      a.readyFor < 0 ? 0 : byMagnitude(a.readyFor, b.readyFor, a, b),
      Integer.compare(b.restarts, a.restarts),
      Integer.compare(b.sidecarRestarts, a.sidecarRestarts),
      byMagnitude(a.age, b.age, a, b)
    };
    for (int difference : differences) {
      if (difference != 0) {
        return difference;
      }
    }
    return 0;
  }

  private static int byMagnitude(int secondsA, int secondsB, RulePod a, RulePod b) {
    int byLog = Integer.compare(log2(secondsA), log2(secondsB));
    return byLog != 0 ? byLog : a.uid.compareTo(b.uid);
  }

  private static int log2(int seconds) {
    return (int) (Math.log(seconds * 1e9) / Math.log(2));
  }

  private static PodDeletionOrder order() {
    List<Pod> related =
        List.of(pod("s1").build(), pod("s2").build(), pod("s3").node("lonely").build());
    return PodDeletionOrder.at(NOW, related, true);
  }

  private static Arguments row(String rule, TestPod first, TestPod later) {
    return Arguments.of(rule, first, later);
  }

  private static TestPod pod(String name) {
    return TestPod.named(name);
  }

  private static TestPod ready(String name, int seconds) {
    return pod(name).readySince(NOW.minusSeconds(seconds));
  }

  private static TestPod created(String name, Duration age) {
    return pod(name).created(NOW.minus(age));
  }

  private static TestPod cost(TestPod pod, String cost) {
    return pod.annotation(DeletionCost.ANNOTATION, cost);
  }

  private static List<String> names(List<Pod> pods) {
    return pods.stream().map(pod -> pod.getMetadata().getName()).toList();
  }
}
