package dev.kcm.embedded.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectorBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** What programs do with the fabric8 client and its default settings: all of it works here. */
class Fabric8SmokeTest {

  private static final int PATIENCE_SECONDS = 20;

  private static EmbeddedCluster cluster;
  private static KubernetesClient client;

  private String namespace;

  @BeforeAll
  static void start() throws IOException {
    cluster = EmbeddedCluster.builder().nodes(0).start();
    client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(cluster.adminKubeconfig()))
            .build();
  }

  @AfterAll
  static void stop() {
    client.close();
    cluster.close();
  }

  @BeforeEach
  void createNamespace(TestInfo test) {
    namespace = test.getTestMethod().orElseThrow().getName().toLowerCase(java.util.Locale.ROOT);
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
  }

  private ConfigMap map(String name, String value) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .addToLabels("name", name)
        .endMetadata()
        .withData(Map.of("k", value))
        .build();
  }

  @Test
  void informersSeeEveryChange() throws Exception {
    client.resource(map("before", "1")).create();
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    try (SharedIndexInformer<ConfigMap> informer =
        client.configMaps().inNamespace(namespace).inform(recorder(events))) {
      client.resource(map("a", "1")).create();
      client.configMaps().inNamespace(namespace).resource(map("a", "2")).update();
      client.configMaps().inNamespace(namespace).withName("a").delete();

      assertThat(next(events, 4)).containsExactly("add before", "add a", "update a", "delete a");
      assertThat(informer.getStore().listKeys()).containsExactly(namespace + "/before");
      assertThat(informer.isWatching()).isTrue();
    }
  }

  @Test
  void informersRecoverFromForgottenHistory() throws Exception {
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    try (SharedIndexInformer<ConfigMap> informer =
        client.configMaps().inNamespace(namespace).inform(recorder(events))) {
      assertThat(informer.hasSynced()).isTrue();
      client.resource(map("a", "1")).create();
      assertThat(next(events, 1)).containsExactly("add a");
      cluster.server().compact();
      client.resource(map("b", "1")).create();
      assertThat(next(events, 1)).containsExactly("add b");
    }
  }

  private static ResourceEventHandler<ConfigMap> recorder(BlockingQueue<String> events) {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(ConfigMap map) {
        events.add("add " + map.getMetadata().getName());
      }

      @Override
      public void onUpdate(ConfigMap old, ConfigMap map) {
        events.add("update " + map.getMetadata().getName());
      }

      @Override
      public void onDelete(ConfigMap map, boolean unknown) {
        events.add("delete " + map.getMetadata().getName());
      }
    };
  }

  private static List<String> next(BlockingQueue<String> events, int count) throws Exception {
    List<String> seen = new java.util.ArrayList<>();
    for (int i = 0; i < count; i++) {
      seen.add(events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }
    return seen;
  }

  @Test
  void listsByLabelFieldAndPage() {
    IntStream.range(0, 7).forEach(i -> client.resource(map("m" + i, "v")).create());
    var maps = client.configMaps().inNamespace(namespace);

    assertThat(maps.withLabel("name", "m3").list().getItems()).hasSize(1);
    assertThat(maps.withLabelNotIn("name", "m1", "m2").list().getItems()).hasSize(5);
    assertThat(maps.withField("metadata.name", "m4").list().getItems()).hasSize(1);
    var page = maps.list(new ListOptionsBuilder().withLimit(5L).build());
    assertThat(page.getItems()).hasSize(5);
    assertThat(page.getMetadata().getRemainingItemCount()).isEqualTo(2);
    assertThat(
            maps.list(
                    new ListOptionsBuilder()
                        .withLimit(5L)
                        .withContinue(page.getMetadata().getContinue())
                        .build())
                .getItems())
        .hasSize(2);
  }

  @Test
  void patchesInEveryWay() {
    ConfigMap made = client.resource(map("a", "1")).create();
    var resource = client.configMaps().inNamespace(namespace).withName("a");

    assertThat(resource.patch("{\"data\":{\"l\":\"2\"}}").getData()).containsEntry("l", "2");
    assertThat(
            resource
                .patch(
                    PatchContext.of(PatchType.JSON),
                    "[{\"op\":\"replace\",\"path\":\"/data/k\",\"value\":\"3\"}]")
                .getData())
        .containsEntry("k", "3");
    assertThat(
            resource
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"data\":{\"l\":null}}")
                .getData())
        .doesNotContainKey("l");
    made.setData(Map.of("k", "stale"));
    assertThatThrownBy(() -> client.resource(made).lockResourceVersion().update())
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(409));
  }

  @Test
  void appliesOnTheServerSide() {
    client.resource(map("a", "1")).fieldManager("one").serverSideApply();
    assertThatThrownBy(() -> client.resource(map("a", "2")).fieldManager("two").serverSideApply())
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(409));
    ConfigMap forced =
        client.resource(map("a", "2")).fieldManager("two").forceConflicts().serverSideApply();

    assertThat(forced.getData()).containsEntry("k", "2");
    assertThat(forced.getMetadata().getManagedFields()).hasSize(2);
  }

  @Test
  void scalesAndEditsStatus() {
    Deployment made = client.resource(deployment()).create();
    var resource = client.apps().deployments().inNamespace(namespace).withName("web");
    assertThat(resource.scale(3).getSpec().getReplicas()).isEqualTo(3);
    Deployment status =
        resource.editStatus(
            d ->
                new DeploymentBuilder(d)
                    .withNewStatus()
                    .withObservedGeneration(2L)
                    .withReplicas(3)
                    .endStatus()
                    .build());

    assertThat(status.getStatus().getReplicas()).isEqualTo(3);
    assertThat(status.getMetadata().getGeneration())
        .isEqualTo(made.getMetadata().getGeneration() + 1);
  }

  private Deployment deployment() {
    return new DeploymentBuilder()
        .withNewMetadata()
        .withName("web")
        .withNamespace(namespace)
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
        .withImage("i")
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  @Test
  void evictsUnlessABudgetForbids() {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("p")
            .withNamespace(namespace)
            .addToLabels("app", "web")
            .endMetadata()
            .withNewSpec()
            .withNodeName("n")
            .addNewContainer()
            .withName("c")
            .withImage("i")
            .endContainer()
            .endSpec()
            .build();
    client.resource(pod).create();
    var resource = client.pods().inNamespace(namespace).withName("p");
    resource.editStatus(
        p ->
            new PodBuilder(p)
                .editOrNewStatus()
                .withPhase("Running")
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build());
    client
        .resource(
            new PodDisruptionBudgetBuilder()
                .withNewMetadata()
                .withName("b")
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .withNewMinAvailable(1)
                .withNewSelector()
                .addToMatchLabels("app", "web")
                .endSelector()
                .endSpec()
                .build())
        .create();

    assertThat(resource.evict()).isFalse();
    client.policy().v1().podDisruptionBudget().inNamespace(namespace).withName("b").delete();
    assertThat(resource.evict()).isTrue();
    assertThat(resource.get().getMetadata().getDeletionTimestamp()).isNotEmpty();
  }

  @Test
  void handsLeadershipOver() throws Exception {
    BlockingQueue<String> leaders = new LinkedBlockingQueue<>();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      CompletableFuture<?> first = elector("one", threads, leaders).start();
      assertThat(next(leaders, 1)).containsExactly("one");
      CompletableFuture<?> second = elector("two", threads, leaders).start();
      first.cancel(true);
      assertThat(next(leaders, 1)).containsExactly("two");
      second.cancel(true);
    } finally {
      threads.shutdownNow();
    }
  }

  private LeaderElector elector(
      String identity, ExecutorService threads, BlockingQueue<String> leaders) {
    return new LeaderElectorBuilder(client, threads)
        .withConfig(
            new LeaderElectionConfigBuilder()
                .withName("smoke")
                .withLock(new LeaseLock(namespace, "smoke", identity))
                .withLeaseDuration(Duration.ofSeconds(5))
                .withRenewDeadline(Duration.ofSeconds(3))
                .withRetryPeriod(Duration.ofMillis(100))
                .withReleaseOnCancel(true)
                .withLeaderCallbacks(
                    new LeaderCallbacks(() -> leaders.add(identity), () -> {}, leader -> {}))
                .build())
        .build();
  }

  @Test
  void usesKindsItHasNoClassFor() {
    GenericKubernetesResource made =
        client
            .genericKubernetesResources("v1", "ConfigMap")
            .inNamespace(namespace)
            .resource(
                client
                    .getKubernetesSerialization()
                    .convertValue(map("a", "1"), GenericKubernetesResource.class))
            .create();

    assertThat(made.getKind()).isEqualTo("ConfigMap");
    assertThat(client.getApiGroups().getGroups()).isNotEmpty();
    assertThat(client.hasApiGroup("apps", true)).isTrue();
    assertThat(client.getApiResources("apps/v1").getResources()).isNotEmpty();
  }

  @Test
  void asksWhatItMayDo() {
    var review =
        client
            .authorization()
            .v1()
            .selfSubjectAccessReview()
            .create(
                new SelfSubjectAccessReviewBuilder()
                    .withNewSpec()
                    .withNewResourceAttributes()
                    .withVerb("delete")
                    .withResource("nodes")
                    .endResourceAttributes()
                    .endSpec()
                    .build());

    assertThat(review.getStatus().getAllowed()).isTrue();
  }
}
