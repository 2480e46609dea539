package dev.kcm.embedded.nodes;

import static dev.kcm.embedded.nodes.Objects.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.embedded.nodes.PodLifecycle.Step;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PodLifecycleTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final PodLifecycle lifecycle = new PodLifecycle(NodeSettings.of(1));

  @Test
  void startsPendingPodsSomewhereInTheRange() {
    JsonNode pod = yaml("{metadata: {}, status: {phase: Pending}}");

    assertThat(lifecycle.next(pod, 0, NOW)).isEqualTo(new Step.Run(Duration.ofMillis(100)));
    assertThat(lifecycle.next(pod, 0.5, NOW)).isEqualTo(new Step.Run(Duration.ofMillis(200)));
  }

  @Test
  void leavesRunningAndFinishedPodsAlone() {
    for (String phase : new String[] {"Running", "Succeeded", "Failed"}) {
      assertThat(lifecycle.next(yaml("status: {phase: " + phase + "}"), 0.5, NOW))
          .isEqualTo(new Step.Wait());
    }
  }

  @Test
  void stopsWithinTheGracePeriodAndAtOnceWhatDoesNotRun() {
    String deleting =
        "{metadata: {deletionTimestamp: x, deletionGracePeriodSeconds: %d}, status: {phase: %s}}";

    assertThat(lifecycle.next(yaml(deleting.formatted(30, "Running")), 0, NOW))
        .isEqualTo(new Step.Remove(Duration.ofMillis(500)));
    assertThat(lifecycle.next(yaml(deleting.formatted(0, "Running")), 0, NOW))
        .isEqualTo(new Step.Remove(Duration.ZERO));
    assertThat(lifecycle.next(yaml(deleting.formatted(30, "Pending")), 0, NOW))
        .isEqualTo(new Step.Remove(Duration.ZERO));
  }

  @Test
  void reportsContainersInTheFormOfKubelets() {
    JsonNode pod =
        yaml(
            """
            metadata: {uid: u, generation: 2}
            spec:
              initContainers:
              - {name: once, image: a/b:1}
              - {name: beside, image: c, restartPolicy: Always}
              containers: [{name: main, image: "host:5000/x"}]
            """);
    JsonNode status =
        PodStatus.running(pod, "h", "p", Instant.parse("2026-01-01T00:00:00.5Z")).path("status");

    assertThat(status.at("/containerStatuses/0"))
        .isEqualTo(
            yaml(
                """
                name: main
                image: host:5000/x:latest
                imageID: host:5000/x:latest
                containerID: simulated://u/main
                ready: true
                restartCount: 0
                lastState: {}
                started: true
                state: {running: {startedAt: "2026-01-01T00:00:00Z"}}
                """));
    assertThat(status.at("/initContainerStatuses/0/state/terminated/reason").asText())
        .isEqualTo("Completed");
    assertThat(status.at("/initContainerStatuses/1/state").has("running")).isTrue();
    assertThat(status.at("/conditions/2"))
        .isEqualTo(
            yaml(
                "{type: Ready, status: 'True', lastProbeTime: null,"
                    + " lastTransitionTime: '2026-01-01T00:00:00Z', observedGeneration: 2}"));
    assertThat(status.path("podIPs").at("/0/ip").asText()).isEqualTo("p");
  }

  @Test
  void handsOutEachAddressOnce() {
    AddressPool pool = AddressPool.forPods();

    assertThat(pool.take()).isEqualTo("10.244.0.1");
    pool.claim("10.244.0.3");
    pool.claim("192.168.0.1");
    pool.claim("nonsense");
    assertThat(pool.take()).isEqualTo("10.244.0.2");
    assertThat(pool.take()).isEqualTo("10.244.0.4");
    pool.release("10.244.0.2");
    pool.release("");
    assertThat(pool.take()).as("later addresses first").isEqualTo("10.244.0.5");
  }
}
