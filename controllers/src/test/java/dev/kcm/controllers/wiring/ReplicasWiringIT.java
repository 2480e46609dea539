package dev.kcm.controllers.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kcm.controllers.catalog.Catalog;
import dev.kcm.controllers.catalog.CatalogConfig;
import dev.kcm.core.api.ListQuery;
import dev.kcm.core.api.Scope;
import dev.kcm.core.informer.Informers;
import dev.kcm.core.manager.Manager;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import dev.kcm.embedded.resource.ApiRequest;
import dev.kcm.embedded.resource.ApiServer;
import dev.kcm.embedded.resource.FaultPlan;
import dev.kcm.embedded.resource.Statuses;
import dev.kcm.testkit.cluster.InProcessApiClient;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ReplicationController;
import io.fabric8.kubernetes.api.model.ReplicationControllerBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The two replica controllers on real threads against the embedded API server. */
class ReplicasWiringIT {

  private static final ResourceType<Pod> PODS = ResourceType.of(Pod.class);
  private static final ResourceType<ReplicaSet> SETS = ResourceType.of(ReplicaSet.class);
  private static final ResourceType<ReplicationController> CONTROLLERS =
      ResourceType.of(ReplicationController.class);

  private final Environment environment = Environment.system();
  private final FaultPlan faults = FaultPlan.create();
  private final ApiServer server = ApiServer.builder().faults(faults).build();
  private final InProcessApiClient client = InProcessApiClient.of(server, environment);
  private Manager manager;

  @BeforeEach
  void start() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    manager =
        Manager.named("test")
            .controllers(Catalog.of(CatalogConfig.defaults()).specs())
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
  void replicationControllerMakesItsPodsAndReplacesALostOne() {
    client.create(CONTROLLERS, replicationController(3)).join();
    await().until(() -> pods().size() == 3);
    Pod lost = pods().get(0);

    client.delete(PODS, ObjectKey.of(lost), dev.kcm.core.api.DeleteOptions.DEFAULTS).join();

    await().until(() -> pods().size() == 3 && !names().contains(lost.getMetadata().getName()));
    await()
        .untilAsserted(
            () -> {
              ReplicationController rc = client.get(CONTROLLERS, key("web")).join();
              assertThat(rc.getStatus().getReplicas()).isEqualTo(3);
              assertThat(rc.getStatus().getObservedGeneration()).isEqualTo(1);
            });
  }

  @Test
  void replicaSetScalesDownAndRemovesWhatItMade() {
    client.create(SETS, replicaSet(4)).join();
    await().until(() -> pods().size() == 4);
    Set<String> before = names();

    scale(1);

    await().until(() -> pods().size() == 1);
    assertThat(before).containsAll(names());
  }

  @Test
  void refusedCreationsAreMadeUpForAndNothingIsMadeTwice() {
    faults
        .on(ApiRequest.Verb.CREATE, "pods")
        .call(2)
        .fail(() -> Statuses.serviceUnavailable("not now"));
    faults
        .on(ApiRequest.Verb.CREATE, "pods")
        .call(4)
        .failAfterCommit(() -> Statuses.serviceUnavailable("lost answer"));

    client.create(SETS, replicaSet(20)).join();

    await()
        .untilAsserted(
            () -> {
              ReplicaSet set = client.get(SETS, key("web")).join();
              assertThat(set.getStatus().getReplicas()).isEqualTo(20);
              assertThat(set.getStatus().getConditions()).isEmpty();
            });
    assertThat(pods()).hasSize(20);
  }

  private void scale(int replicas) {
    client
        .patch(
            SETS, key("web"), "", PatchFormat.MERGE, "{\"spec\":{\"replicas\":" + replicas + "}}")
        .join();
  }

  private Set<String> names() {
    return pods().stream().map(pod -> pod.getMetadata().getName()).collect(Collectors.toSet());
  }

  private List<Pod> pods() {
    List<Pod> pods = new ArrayList<>();
    client.list(PODS, ListQuery.all(Scope.namespace("default")), pods::add).join();
    pods.removeIf(ReplicasWiringIT::isGoing);
    return pods;
  }

  private static boolean isGoing(HasMetadata object) {
    return object.getMetadata().getDeletionTimestamp() != null;
  }

  private static ObjectKey key(String name) {
    return new ObjectKey("default", name);
  }

  private static ReplicationController replicationController(int replicas) {
    return new ReplicationControllerBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName("web")
        .endMetadata()
        .withNewSpec()
        .withReplicas(replicas)
        .withSelector(Map.of("app", "web"))
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(Map.of("app", "web"))
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("web")
        .withImage("nginx")
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  private static ReplicaSet replicaSet(int replicas) {
    ReplicationController rc = replicationController(replicas);
    return new ReplicaSetBuilder()
        .withMetadata(rc.getMetadata())
        .withNewSpec()
        .withReplicas(replicas)
        .withNewSelector()
        .withMatchLabels(Map.of("app", "web"))
        .endSelector()
        .withTemplate(rc.getSpec().getTemplate())
        .endSpec()
        .build();
  }
}
