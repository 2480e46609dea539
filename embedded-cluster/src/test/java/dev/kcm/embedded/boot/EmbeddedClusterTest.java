package dev.kcm.embedded.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.embedded.nodes.NodeSettings;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole cluster as users of the fabric8 client see it. */
class EmbeddedClusterTest {

  private final EmbeddedCluster cluster;
  private final KubernetesClient client;

  EmbeddedClusterTest() throws IOException {
    cluster =
        EmbeddedCluster.builder()
            .nodes(
                NodeSettings.of(2)
                    .withPodTimes(Duration.ofMillis(10), Duration.ofMillis(30), Duration.ZERO))
            .start();
    client = client(cluster.adminKubeconfig());
  }

  private static KubernetesClient client(String kubeconfig) {
    return new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(kubeconfig)).build();
  }

  @AfterEach
  void stop() {
    client.close();
    cluster.close();
  }

  @Test
  void createsReadsChangesAndDeletesObjects() {
    ConfigMap created = client.resource(configMap("a")).create();
    assertThat(created.getMetadata().getUid()).isNotEmpty();
    assertThat(client.configMaps().inNamespace("default").withName("a").get()).isEqualTo(created);

    ConfigMap edited =
        client
            .configMaps()
            .inNamespace("default")
            .withName("a")
            .edit(map -> new ConfigMapBuilder(map).addToData("more", "x").build());
    assertThat(edited.getData()).containsEntry("more", "x");
    client.resource(configMap("b")).create();
    assertThat(client.configMaps().inNamespace("default").list().getItems()).hasSize(2);

    assertThat(client.resource(edited).delete()).hasSize(1);
    assertThat(client.configMaps().inNamespace("default").withName("a").get()).isNull();
    assertThatThrownBy(() -> client.resource(configMap("b")).create())
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            e -> assertThat(e.getStatus().getReason()).isEqualTo("AlreadyExists"));
  }

  @Test
  void watchesOverWebSocket() throws Exception {
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    try (Watch watch =
        client
            .configMaps()
            .inNamespace("default")
            .watch(
                new Watcher<>() {
                  @Override
                  public void eventReceived(Action action, ConfigMap map) {
                    events.add(action + " " + map.getMetadata().getName());
                  }

                  @Override
                  public void onClose(WatcherException cause) {
                    events.add("closed " + cause);
                  }
                })) {
      assertThat(watch).isNotNull();
      client.resource(configMap("a")).create();
      assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("ADDED a");
      client.configMaps().inNamespace("default").withName("a").delete();
      assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("DELETED a");
    }
  }

  @Test
  void feedsInformers() {
    client.resource(configMap("before")).create();
    try (SharedIndexInformer<ConfigMap> informer =
        client.configMaps().inNamespace("default").inform()) {
      assertThat(informer.getStore().list())
          .extracting(map -> map.getMetadata().getName())
          .contains("before");
    }
  }

  @Test
  void runsPodsOnNodesThatBecomeReady() {
    client
        .nodes()
        .withName("node-1")
        .waitUntilCondition(node -> node != null && isReady(node), 10, TimeUnit.SECONDS);
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("web")
            .endMetadata()
            .withNewSpec()
            .addNewContainer()
            .withName("c")
            .withImage("nginx")
            .endContainer()
            .endSpec()
            .build();
    client.pods().inNamespace("default").resource(pod).create();
    Pod running =
        client.pods().inNamespace("default").withName("web").waitUntilReady(10, TimeUnit.SECONDS);

    assertThat(running.getStatus().getPhase()).isEqualTo("Running");
    assertThat(running.getSpec().getNodeName()).startsWith("node-");
    client.pods().inNamespace("default").withName("web").delete();
    Pod gone =
        client
            .pods()
            .inNamespace("default")
            .withName("web")
            .waitUntilCondition(found -> found == null, 10, TimeUnit.SECONDS);
    assertThat(gone).isNull();
  }

  @Test
  void scalesByTheSubresource() {
    Deployment deployment =
        new DeploymentBuilder()
            .withNewMetadata()
            .withName("web")
            .withNamespace("default")
            .endMetadata()
            .withNewSpec()
            .withNewSelector()
            .addToMatchLabels("app", "web")
            .endSelector()
            .withNewTemplate()
            .withNewMetadata()
            .addToLabels("app", "web")
            .endMetadata()
            .withNewSpec()
            .addNewContainer()
            .withName("c")
            .withImage("nginx")
            .endContainer()
            .endSpec()
            .endTemplate()
            .endSpec()
            .build();
    client.resource(deployment).create();
    Deployment scaled = client.apps().deployments().inNamespace("default").withName("web").scale(3);

    assertThat(scaled.getSpec().getReplicas()).isEqualTo(3);
  }

  @Test
  void letsTheControllerManagerIn() {
    try (KubernetesClient manager = client(cluster.controllerManagerKubeconfig())) {
      assertThat(manager.pods().inAnyNamespace().list().getItems()).isEmpty();
      assertThat(manager.getKubernetesVersion().getMinor()).isEqualTo("34");
    }
  }

  @Test
  void keepsItsIdentityInADirectoryOverRestarts(@TempDir Path directory) throws Exception {
    String kubeconfig;
    try (EmbeddedCluster first = EmbeddedCluster.builder().pkiDir(directory).nodes(0).start()) {
      kubeconfig = Files.readString(directory.resolve("admin.kubeconfig"));
      assertThat(kubeconfig).isEqualTo(first.adminKubeconfig());
    }
    int port = URI.create(Config.fromKubeconfig(kubeconfig).getMasterUrl()).getPort();
    try (EmbeddedCluster second =
            EmbeddedCluster.builder().pkiDir(directory).nodes(0).port(port).start();
        KubernetesClient old = client(kubeconfig)) {
      assertThat(second.url().getPort()).isEqualTo(port);
      assertThat(old.namespaces().list().getItems()).hasSize(4);
    }
  }

  @Test
  void namesAnAddressThatIsTaken() {
    assertThatThrownBy(
            () -> EmbeddedCluster.builder().port(cluster.url().getPort()).nodes(0).start())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("in use");
  }

  @Test
  void answersNothingOnceClosed() throws Exception {
    EmbeddedCluster other = EmbeddedCluster.builder().nodes(1).start();
    other.close();
    other.close();

    assertThatThrownBy(
            () -> new Socket(InetAddress.getLoopbackAddress(), other.url().getPort()).close())
        .isInstanceOf(ConnectException.class);
  }

  private static boolean isReady(Node node) {
    return Readiness.getInstance().isReady(node);
  }

  private static ConfigMap configMap(String name) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("default")
        .endMetadata()
        .withData(Map.of("k", "v"))
        .build();
  }
}
