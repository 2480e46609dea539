package dev.kcm.examples.podcount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kcm.core.api.DeleteOptions;
import dev.kcm.core.informer.Informers;
import dev.kcm.core.manager.Manager;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.time.Environment;
import dev.kcm.embedded.resource.ApiServer;
import dev.kcm.testkit.cluster.InProcessApiClient;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operator on real threads against the embedded API server. */
class PodCountWiringIT {

  private final Environment environment = Environment.system();
  private final ApiServer server = ApiServer.builder().build();
  private final InProcessApiClient client = InProcessApiClient.of(server, environment);
  private Manager manager;

  @BeforeEach
  void start() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    manager =
        Manager.named("test")
            .controllers(List.of(Main.controller()))
            .clients(identity -> InProcessApiClient.of(server, environment))
            .informers(Informers.create(client, environment, meters))
            .meters(meters)
            .create(environment);
    manager.start();
  }

  @AfterEach
  void stop() {
    assertThat(manager.stop(Duration.ofSeconds(5)).join().clean()).isTrue();
    server.close();
  }

  @Test
  void labelFollowsPodsThatStartAndEnd() {
    await().untilAsserted(() -> assertThat(label("default")).isEqualTo("0"));

    makePod("one");
    makePod("two");
    setPhase("one", "Running");
    setPhase("two", "Running");
    await().untilAsserted(() -> assertThat(label("default")).isEqualTo("2"));

    setPhase("one", "Succeeded");
    await().untilAsserted(() -> assertThat(label("default")).isEqualTo("1"));

    client.delete(Main.PODS, new ObjectKey("default", "two"), DeleteOptions.DEFAULTS).join();
    await().untilAsserted(() -> assertThat(label("default")).isEqualTo("0"));
    assertThat(label("kube-system")).isEqualTo("0");
  }

  @Test
  void labelThatSomebodyOverwritesIsPutRight() {
    await().untilAsserted(() -> assertThat(label("default")).isEqualTo("0"));

    client
        .patch(
            Main.NAMESPACES,
            new ObjectKey("", "default"),
            "",
            PatchFormat.MERGE,
            "{\"metadata\":{\"labels\":{\"" + PodCountReconciler.LABEL + "\":\"7\"}}}")
        .join();

    await().untilAsserted(() -> assertThat(label("default")).isEqualTo("0"));
  }

  private String label(String namespace) {
    return client
        .get(Main.NAMESPACES, new ObjectKey("", namespace))
        .join()
        .getMetadata()
        .getLabels()
        .get(PodCountReconciler.LABEL);
  }

  private void makePod(String name) {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withNamespace("default")
            .withName(name)
            .endMetadata()
            .withNewSpec()
            .withTerminationGracePeriodSeconds(0L)
            .addNewContainer()
            .withName("web")
            .withImage("nginx")
            .endContainer()
            .endSpec()
            .build();
    client.create(Main.PODS, pod).join();
  }

  private void setPhase(String name, String phase) {
    client
        .patch(
            Main.PODS,
            new ObjectKey("default", name),
            "status",
            PatchFormat.MERGE,
            "{\"status\":{\"phase\":\"" + phase + "\"}}")
        .join();
  }
}
