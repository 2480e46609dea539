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

  @ParameterizedTest(name = "{0}")
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
