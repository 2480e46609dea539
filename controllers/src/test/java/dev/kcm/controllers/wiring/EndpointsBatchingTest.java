package dev.kcm.controllers.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.network.endpoints.EndpointsConfig;
import dev.kcm.controllers.network.endpoints.EndpointsController;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.testkit.cluster.TestCluster;
import io.fabric8.kubernetes.api.model.EndpointPort;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many writes changes of pods lead to, on virtual time. */
class EndpointsBatchingTest {

  private final TestCluster cluster = TestCluster.builder().start();

  @AfterEach
  void stop() {
    cluster.close();
  }

  @ParameterizedTest(name = "batch {0} ms, pause {1} ms before the third: {2} requests")
  @CsvSource({"0, 300, 3", "1000, 300, 1", "1000, 2000, 2"})
  @DisplayName("Batching: 3 updates with batch 0: 3 requests; in a 1 s window: 1; split: 2")
  void updatesWithinABatchAreOneWrite(long batchMillis, long pauseMillis, int writes) {
    start(batchMillis);
    for (int i = 0; i < 3; i++) {
      cluster.updateStatus(pod(i, true));
      cluster.advance(Duration.ofMillis(i == 1 ? pauseMillis : 300));
    }
    cluster.advance(Duration.ofSeconds(5));
    assertThat(cluster.requests().of(Verb.UPDATE, "endpoints")).hasSize(writes);
    assertThat(addresses()).isEqualTo(3);
  }

  @ParameterizedTest(name = "batch {0} ms, pause {1} ms before the third: {2} requests")
  @CsvSource({"0, 300, 3", "1000, 300, 1", "1000, 2000, 2"})
  @DisplayName("Batching of deletions")
  void deletionsWithinABatchAreOneWrite(long batchMillis, long pauseMillis, int writes) {
    start(batchMillis);
    for (int i = 0; i < 3; i++) {
      cluster.updateStatus(pod(i, true));
    }
    cluster.advance(Duration.ofSeconds(5));
    cluster.requests().clear();
    for (int i = 0; i < 3; i++) {
      cluster.delete(pod(i, true));
      cluster.advance(Duration.ofMillis(i == 1 ? pauseMillis : 300));
    }
    cluster.advance(Duration.ofSeconds(5));
    assertThat(cluster.requests().of(Verb.UPDATE, "endpoints")).hasSize(writes);
    assertThat(addresses()).isZero();
  }

  @ParameterizedTest(name = "batch {0} ms, pause {1} ms before the third: {2} requests")
  @CsvSource({"0, 300, 3", "1000, 300, 1", "1000, 2000, 2"})
  @DisplayName("Batching of additions")
  void additionsWithinABatchAreOneWrite(long batchMillis, long pauseMillis, int writes) {
    start(batchMillis);
    for (int i = 3; i < 6; i++) {
      cluster.create(pod(i, true));
      cluster.updateStatus(pod(i, true));
      cluster.advance(Duration.ofMillis(i == 4 ? pauseMillis : 300));
    }
    cluster.advance(Duration.ofSeconds(5));
    assertThat(cluster.requests().of(Verb.UPDATE, "endpoints")).hasSize(writes);
    assertThat(addresses()).isEqualTo(3);
  }

  @Test
  @DisplayName("Many fast changes of pods never lose the last state, whatever is refused")
  void theLastStateIsNeverLost() {
    start(0);
    cluster.faults().on(Verb.UPDATE, "endpoints").calls(3, 6).status(409, "Conflict");
    for (int round = 0; round < 20; round++) {
      for (int i = 0; i < 3; i++) {
        cluster.updateStatus(pod(i, (round + i) % 2 == 0));
      }
    }
    cluster.advance(Duration.ofSeconds(30));
    // The last round left the second of the three ready, and no other.
    assertThat(addresses()).isEqualTo(1);
  }

  @Test
  @DisplayName("Many fast changes of the Service never lose the last state, whatever is refused")
  void theLastStateOfTheServiceIsNeverLost() {
    start(0);
    cluster.updateStatus(pod(0, true));
    cluster.faults().on(Verb.UPDATE, "endpoints").calls(3, 6).status(409, "Conflict");
    for (int round = 1; round <= 40; round++) {
      int port = 1000 + round;
      cluster.edit(Service.class, "default", "till", service -> withPorts(service, port));
    }
    cluster.advance(Duration.ofSeconds(30));
    assertThat(endpoints().getSubsets())
        .flatMap(EndpointSubset::getPorts)
        .extracting(EndpointPort::getPort)
        .containsExactly(1040);
  }

  @Test
  @DisplayName("Port added or removed on the Service changes subsets accordingly")
  void portsFollowTheService() {
    start(0);
    cluster.updateStatus(pod(0, true));
    for (int[] ports : new int[][] {{80, 443}, {443}, {80}}) {
      cluster.edit(Service.class, "default", "till", service -> withPorts(service, ports));
      cluster.advance(Duration.ofSeconds(2));
      assertThat(endpoints().getSubsets())
          .flatMap(subset -> subset.getPorts())
          .extracting(EndpointPort::getPort)
          .containsExactlyInAnyOrderElementsOf(Arrays.stream(ports).boxed().distinct().toList());
    }
  }

  private void start(long batchMillis) {
    cluster.create(withPorts(service(), 80));
    for (int i = 0; i < 3; i++) {
      cluster.create(pod(i, false));
      cluster.updateStatus(pod(i, false));
    }
    cluster.start(EndpointsController.spec(new EndpointsConfig(1, Duration.ofMillis(batchMillis))));
    cluster.advance(Duration.ofSeconds(5));
    cluster.requests().clear();
  }

  private int addresses() {
    return endpoints().getSubsets().stream().mapToInt(s -> s.getAddresses().size()).sum();
  }

  private Endpoints endpoints() {
    return cluster.get(Endpoints.class, "default", "till");
  }

  private static Service service() {
    return new ServiceBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName("till")
        .endMetadata()
        .withNewSpec()
        .withSelector(Map.of("app", "till"))
        .endSpec()
        .build();
  }

  private static Service withPorts(Service service, int... ports) {
    ServiceBuilder builder = new ServiceBuilder(service).editSpec().withPorts().endSpec();
    for (int port : ports) {
      builder.editSpec().addNewPort().withName("p" + port).withPort(port).endPort().endSpec();
    }
    return builder.build();
  }

  private static Pod pod(int number, boolean ready) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName("p" + number)
        .withLabels(Map.of("app", "till"))
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("c")
        .withImage("i")
        .endContainer()
        .endSpec()
        .withNewStatus()
        .withPhase("Running")
        .withPodIP("10.0.0." + (number + 1))
        .addNewPodIP()
        .withIp("10.0.0." + (number + 1))
        .endPodIP()
        .addNewCondition()
        .withType("Ready")
        .withStatus(ready ? "True" : "False")
        .endCondition()
        .endStatus()
        .build();
  }
}
