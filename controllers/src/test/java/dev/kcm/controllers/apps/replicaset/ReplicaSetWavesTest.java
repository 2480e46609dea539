package dev.kcm.controllers.apps.replicaset;

import static dev.kcm.controllers.apps.replicaset.ReplicaSetKind.KIND;
import static dev.kcm.testkit.PlanAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.controllers.shared.pods.TestPod;
import dev.kcm.controllers.shared.replicas.OwnerMapper;
import dev.kcm.controllers.shared.replicas.PodMapper;
import dev.kcm.controllers.shared.replicas.ReplicasConfig;
import dev.kcm.controllers.shared.replicas.ReplicasReader;
import dev.kcm.controllers.shared.replicas.ReplicasReconciler;
import dev.kcm.controllers.shared.replicas.ReplicasSnapshot;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.FaultyServer;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.Rehearsal;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mappers, reader, engine and expectations together, with caches that lag. */
class ReplicaSetWavesTest {

  private static final ObjectKey WEB = new ObjectKey("shop", "web");

  private final ModelCluster cluster = ModelCluster.of(VirtualEnvironment.seeded(1), List.of());
  private final ModelCaches caches = ModelCaches.of(cluster, 1);

  @ParameterizedTest(name = "burst {0}, {1} replicas")
  @CsvSource({"5, 30", "5, 12", "3, 2"})
  @DisplayName("Exact waves; the last missing event gates the next wave")
  void scalesInWaves(int burst, int replicas) {
    ModelLoop<ReplicasSnapshot> loop = loop(burst);
    cluster.put(TestReplicaSet.wanting(replicas).build());
    caches.catchUp();

    for (int pods = 0; pods < replicas; pods += burst) {
      assertThat(loop.run(WEB)).creates(Math.min(burst, replicas - pods), Pod.class);
      caches.catchUpBy(Math.max(1, caches.lag() - 2));
      assertThat(loop.run(WEB)).creates(0, Pod.class);
      caches.catchUp();
    }
    assertThat(active()).isEqualTo(replicas);

    scaleTo(0);
    for (int pods = replicas; pods > 0; pods -= burst) {
      caches.catchUp();
      assertThat(loop.run(WEB)).deletes(Math.min(burst, pods), Pod.class);
      assertThat(loop.run(WEB)).deletes(0, Pod.class);
    }
    assertThat(active()).isZero();
  }

  @Test
  @DisplayName("Dormancy: an open expectation holds back creation, not the status")
  void waitsForWhatItCreated() {
    ModelLoop<ReplicasSnapshot> loop = loop(500);
    cluster.put(TestReplicaSet.wanting(2).build());
    caches.catchUp();
    assertThat(loop.run(WEB)).creates(2, Pod.class).updatesStatus(1, ReplicaSet.class);

    caches.catchUpBy(1);
    assertThat(loop.expectations().satisfied(WEB)).isFalse();
    assertThat(loop.run(WEB)).creates(0, Pod.class);
    assertThat(cluster.list(ReplicaSet.class).get(0).getStatus().getReplicas()).isEqualTo(1);
    caches.catchUp();
    assertThat(loop.run(WEB)).creates(0, Pod.class).updatesStatus(1, ReplicaSet.class);
    caches.catchUp();
    assertThat(loop.run(WEB)).doesNothing();
  }

  @Test
  @DisplayName("A failing create leaves expectations at 0/0, so the next run tries again")
  void triesAgainAfterAFailedCreation() {
    ModelLoop<ReplicasSnapshot> loop = loop(500);
    cluster.put(TestReplicaSet.wanting(3).build());
    caches.catchUp();
    FaultyServer server =
        FaultyServer.before(cluster)
            .reject(Action.Create.class, ApiError.of(ApiError.Kind.SERVER_ERROR, 500, "no"));

    assertThat(loop.run(WEB, server)).retriesBecause("no");

    assertThat(server.calls(Action.Create.class)).isEqualTo(1);
    assertThat(loop.expectations().satisfied(WEB)).isTrue();
    assertThat(loop.run(WEB)).creates(3, Pod.class);
  }

  @Test
  @DisplayName("A terminating namespace: the expectation stays until it expires")
  void staysQuietWhileItsNamespaceGoes() {
    ModelLoop<ReplicasSnapshot> loop = loop(500);
    cluster.put(TestReplicaSet.wanting(1).build());
    cluster.terminateNamespace("shop");
    caches.catchUp();
    loop.run(WEB);

    assertThat(loop.expectations().satisfied(WEB)).isFalse();
    cluster.environment().advance(Duration.ofMinutes(5).plusSeconds(1));
    assertThat(loop.expectations().satisfied(WEB)).isTrue();
  }

  @Test
  @DisplayName("Re-created RS with new UID creates pods at once")
  void anotherIncarnationCreatesAtOnce() {
    ModelLoop<ReplicasSnapshot> loop = loop(500);
    ReplicaSet set = TestReplicaSet.wanting(2).build();
    cluster.put(set);
    caches.catchUpBy(1);
    loop.run(WEB);
    cluster.remove(set);
    cluster.put(new ReplicaSetBuilder(set).editMetadata().withUid("new").endMetadata().build());
    caches.catchUp();

    Rehearsal run = loop.run(WEB);

    assertThat(run).creates(2, Pod.class);
    assertThat(run.tried(Action.Create.class))
        .allSatisfy(
            create ->
                assertThat(create.object().getMetadata().getOwnerReferences().get(0).getUid())
                    .isEqualTo("new"));
  }

  @Test
  void anObjectThatIsGoneIsDone() {
    ModelLoop<ReplicasSnapshot> loop = loop(500);
    loop.expectations().expectCreations(WEB, 1);

    assertThat(loop.run(WEB)).doesNothing();
    assertThat(loop.expectations().satisfied(WEB)).isTrue();
  }

  @Test
  @DisplayName("Rank counts pods of all sets under one deployment, whoever owns them")
  void takesPodsAwayWhereThereAreMostOfTheDeployment() {
    ModelLoop<ReplicasSnapshot> loop = loop(500);
    ReplicaSet web = rolledOut("web", 1);
    ReplicaSet old = rolledOut("old", 5);
    cluster.put(web);
    cluster.put(old);
    putReady("alone", web, "node-2");
    putReady("crowded", web, "node-1");
    putReady("theirs", old, "node-1");
    caches.catchUp();

    assertThat(loop.run(WEB)).deletes(Pod.class, "crowded");
  }

  private void putReady(String name, ReplicaSet owner, String node) {
    cluster.put(
        TestPod.named(name)
            .of(owner, KIND.type())
            .labels(TestReplicaSet.LABELS)
            .node(node)
            .readySince(cluster.environment().wallClock().now().minusSeconds(60))
            .build());
  }

  private static ReplicaSet rolledOut(String name, int replicas) {
    return TestReplicaSet.named(name, replicas)
        .editMetadata()
        .withOwnerReferences(TestReplicaSet.deployment())
        .endMetadata()
        .build();
  }

  private void scaleTo(int replicas) {
    cluster.change(
        ReplicaSet.class,
        WEB,
        set -> new ReplicaSetBuilder(set).editSpec().withReplicas(replicas).endSpec().build());
  }

  private long active() {
    return cluster.list(Pod.class).stream().filter(PodStates::isActive).count();
  }

  private ModelLoop<ReplicasSnapshot> loop(int burst) {
    Informer<ReplicaSet> sets = caches.informer(KIND.type());
    Informer<Pod> pods = caches.informer(PodStates.TYPE);
    ReplicasConfig config = ReplicasConfig.defaults().withBurst(burst);
    return ModelLoop.<ReplicasSnapshot>over(caches)
        .on(sets, OwnerMapper.INSTANCE)
        .on(pods, PodMapper.to(KIND, sets.lister()))
        .reading(ReplicasReader.of(KIND, config, sets, pods, SiblingPods.in(sets, pods)))
        .deciding(new ReplicasReconciler(KIND));
  }
}
