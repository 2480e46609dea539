package dev.kcm.testkit;

import static dev.kcm.testkit.PlanAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.RememberingReconciler;
import dev.kcm.core.plan.Report;
import dev.kcm.core.plan.Report.Applied;
import dev.kcm.core.plan.Report.Rejected;
import dev.kcm.core.plan.Report.Result;
import dev.kcm.core.plan.Stage;
import dev.kcm.core.plan.Turn;
import dev.kcm.core.plan.Verdict;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RehearsalTest {

  private final ConfigMap owner = Greeters.owner("greeter", 1);
  private final ModelCluster cluster =
      ModelCluster.of(VirtualEnvironment.seeded(1), List.of(owner));
  private final Action creation =
      Action.create(Greeters.SECRETS, Greeters.secret(owner), "too few");

  @ParameterizedTest(name = "{0}: {1} of 10 tried when the third is refused")
  @CsvSource({"SEQUENTIAL, 3", "KEEP_GOING, 10", "PARALLEL, 10", "SLOW_START, 3"})
  void stagesRunByTheRulesOfTheExecutor(Stage.Order order, int tried) {
    FaultyServer server =
        FaultyServer.before(cluster).rejectOnly(Action.Create.class, 3, Greeters.refusal());
    Stage stage = new Stage(order, Collections.nCopies(10, creation));

    Rehearsal run = Rehearsal.of(Plan.of(stage), server);

    assertThat(run.tried(Action.Create.class)).hasSize(tried);
    assertThat(run.results()).hasSize(10);
    assertThat(run).ends(Verdict.retry("no"));
  }

  @Test
  void aBatchOfASlowStartIsFinished() {
    FaultyServer server =
        FaultyServer.before(cluster).rejectOnly(Action.Create.class, 2, Greeters.refusal());
    Rehearsal run =
        Rehearsal.of(Plan.of(Stage.slowStart(Collections.nCopies(10, creation))), server);
    assertThat(run.tried(Action.Create.class)).hasSize(3);
  }

  @Test
  void aPlanThatNeverEndsIsAnError() {
    Plan endless = Plan.NOTHING.then(RehearsalTest::again);
    assertThatThrownBy(() -> Rehearsal.of(endless, cluster))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("goes on after 12 turns");
  }

  @Test
  void whatIsGoneNeedsNoDeletion() {
    Secret gone = Greeters.secret(owner);
    gone.getMetadata().setName("gone");
    gone.getMetadata().setUid("u");
    Rehearsal run = Rehearsal.of(Plan.of(Action.delete(Greeters.SECRETS, gone, "x")), cluster);
    assertThat(run).deletes(Secret.class, "gone").because("x").ends(Verdict.DONE);
    assertThat(run.results()).allMatch(Applied.class::isInstance);
  }

  @Test
  void createdObjectsGetWhatTheServerGives() {
    HasMetadata created = applied(cluster.answer(creation));
    assertThat(created.getMetadata().getName()).isEqualTo("greeter-00001");
    assertThat(created.getMetadata().getUid()).isNotEmpty();
    assertThat(created.getMetadata().getGeneration()).isEqualTo(1);
    assertThat(created.getMetadata().getCreationTimestamp()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(cluster.list(Secret.class)).containsExactly((Secret) created);
  }

  @Test
  void aStaleUpdateIsAConflict() {
    ConfigMap stale =
        new ConfigMapBuilder(owner).editMetadata().withResourceVersion("0").endMetadata().build();
    Result result = cluster.answer(Action.update(Greeters.OWNERS, stale, "x"));
    assertThat(rejected(result).kind()).isEqualTo(ApiError.Kind.CONFLICT);
  }

  @Test
  void aStatusUpdateChangesNothingElse() {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("p")
            .withGeneration(1L)
            .endMetadata()
            .withNewSpec()
            .withNodeName("n")
            .endSpec()
            .build();
    cluster.put(pod);
    Pod changed =
        new PodBuilder(pod)
            .editSpec()
            .withNodeName("other")
            .endSpec()
            .withNewStatus()
            .withPhase("Running")
            .endStatus()
            .build();
    Pod after =
        (Pod)
            applied(cluster.answer(Action.updateStatus(ResourceType.of(Pod.class), changed, "x")));
    assertThat(after.getSpec().getNodeName()).isEqualTo("n");
    assertThat(after.getStatus().getPhase()).isEqualTo("Running");
    assertThat(after.getMetadata().getGeneration()).isEqualTo(1);

    HasMetadata replaced =
        applied(cluster.answer(Action.update(ResourceType.of(Pod.class), resent(changed), "x")));
    assertThat(((Pod) replaced).getStatus().getPhase()).isEqualTo("Running");
    assertThat(replaced.getMetadata().getGeneration()).isEqualTo(2);
  }

  /** The same without a phase and a version. */
  private static Pod resent(Pod pod) {
    return new PodBuilder(pod)
        .editMetadata()
        .withResourceVersion(null)
        .endMetadata()
        .withStatus(null)
        .build();
  }

  @Test
  void aPatchOfAnotherIncarnationIsAConflict() {
    assertThat(rejected(patch("{\"metadata\":{\"uid\":\"other\"}}")).kind())
        .isEqualTo(ApiError.Kind.CONFLICT);
  }

  @Test
  void aPatchMergesFieldsAndOwnersByUid() {
    HasMetadata patched =
        applied(
            patch(
                "{\"metadata\":{\"labels\":{\"a\":\"b\"},\"ownerReferences\":["
                    + "{\"kind\":\"A\",\"uid\":\"1\",\"controller\":true}]}}"));
    assertThat(patched.getMetadata().getLabels()).isEqualTo(Map.of("a", "b"));
    assertThat(patched.getMetadata().getOwnerReferences()).hasSize(1);

    Result second =
        patch("{\"metadata\":{\"ownerReferences\":[{\"uid\":\"2\",\"controller\":true}]}}");
    assertThat(rejected(second).kind()).isEqualTo(ApiError.Kind.INVALID);

    HasMetadata released =
        applied(
            patch("{\"metadata\":{\"ownerReferences\":[{\"$patch\":\"delete\",\"uid\":\"1\"}]}}"));
    assertThat(released.getMetadata().getOwnerReferences()).isEmpty();
  }

  @Test
  void aDeletedObjectTerminatesAndThenGoes() {
    cluster.answer(Action.delete(Greeters.OWNERS, owner, "x"));
    assertThat(cluster.list(ConfigMap.class))
        .singleElement()
        .satisfies(o -> assertThat(o.getMetadata().getDeletionTimestamp()).isNotNull());
    cluster.finishDeletions();
    assertThat(cluster.list(ConfigMap.class)).isEmpty();
  }

  @Test
  void cachesLagAsLongAsTheTestWants() {
    ModelCaches caches = ModelCaches.of(cluster, 1);
    ModelLoop<Greeters.Snapshot> loop = Greeters.wire(caches, Greeters.Bug.NONE);
    ObjectKey key = ObjectKey.of(owner);
    assertThat(loop.run(key)).doesNothing();

    caches.catchUp();
    assertThat(loop.takeQueued()).containsExactly(key);
    assertThat(loop.run(key)).creates(1, Secret.class);
    assertThat(caches.lag()).isEqualTo(1);
    assertThat(loop.run(key)).doesNothing();

    caches.catchUp();
    assertThat(loop.expectations().satisfied(key)).isTrue();
    assertThat(loop.run(key)).doesNothing();
  }

  @Test
  void aModelLoopRemembersAsARunningLoopDoes() {
    ModelCaches caches = ModelCaches.of(cluster, 1);
    List<Integer> given = new ArrayList<>();
    RememberingReconciler<ConfigMap, Integer> counting =
        (seen, memory, now) -> {
          given.add(memory);
          return new Turn<>(Plan.of(creation), memory + 1);
        };
    ModelLoop<ConfigMap> loop =
        ModelLoop.<ConfigMap>over(caches)
            .on(caches.informer(Greeters.OWNERS), Enqueue.self())
            .reading((key, settled) -> caches.informer(Greeters.OWNERS).lister().get(key))
            .deciding(counting, 0);
    caches.catchUp();
    ObjectKey key = ObjectKey.of(owner);

    loop.run(key);
    loop.run(key, action -> new Rejected(action, Greeters.refusal()));
    loop.decide(key);
    loop.run(key);

    assertThat(given).containsExactly(0, 1, 1, 1);
  }

  @Test
  void assertionsShowThePlan() {
    assertThatThrownBy(() -> assertThat(Plan.of(creation)).creates(2, Secret.class))
        .hasMessageContaining("2 creations of Secret, but had 1")
        .hasMessageContaining("create secrets shop/greeter-*: too few");
    assertThatThrownBy(
            () -> assertThat(Plan.of(creation)).creates(1, Secret.class).because("too many"))
        .hasMessageContaining("too few");
  }

  private static Plan again(Report report) {
    return Plan.NOTHING.then(RehearsalTest::again);
  }

  private Result patch(String body) {
    return cluster.answer(
        new Action.Patch<>(
            Greeters.OWNERS, ObjectKey.of(owner), "", PatchFormat.STRATEGIC, body, "x"));
  }

  private static HasMetadata applied(Result result) {
    return ((Applied) result).answer();
  }

  private static ApiError rejected(Result result) {
    return ((Rejected) result).error();
  }
}
