package dev.kcm.controllers.apps.replicaset;

import static dev.kcm.controllers.apps.replicaset.ReplicaSetKind.KIND;
import static dev.kcm.controllers.apps.replicaset.ReplicaSetKind.TYPE;
import static dev.kcm.controllers.apps.replicaset.TestReplicaSet.LABELS;
import static dev.kcm.testkit.PlanAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.pods.TestPod;
import dev.kcm.controllers.shared.replicas.ReplicasConfig;
import dev.kcm.controllers.shared.replicas.ReplicasReconciler;
import dev.kcm.controllers.shared.replicas.ReplicasSnapshot;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Stage;
import dev.kcm.core.plan.Verdict;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.FaultyServer;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.Rehearsal;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReplicaSetReconcilerTest {

  private static final Instant NOW = VirtualEnvironment.seeded(0).wallClock().now();
  private static final ApiError QUOTA =
      ApiError.of(ApiError.Kind.FORBIDDEN, 403, "pods \"web-x\" is forbidden: exceeded quota: q");

  @Test
  @DisplayName("2 desired, 2 running: nothing")
  void doesNothingWhenAllIsAsItShouldBe() {
    ReplicaSet set = TestReplicaSet.settled(2);
    assertThat(decide(set, ready("a", set), ready("b", set))).doesNothing();
  }

  @Test
  void createsMissingPodsInDoublingBatches() {
    ReplicaSet set = TestReplicaSet.wanting(7).build();
    assertThat(decide(set))
        .creates(7, Pod.class)
        .because("too few pods")
        .inOrder(Stage.Order.SLOW_START);
  }

  @Test
  @DisplayName("100 desired with creation limit 10: at most 15 create calls in one run")
  void stopsCreatingAfterTheBatchThatFailed() {
    ReplicaSet set = TestReplicaSet.wanting(100).build();
    FaultyServer server =
        FaultyServer.before(cluster(set)).rejectFrom(Action.Create.class, 11, QUOTA);

    Rehearsal run = Rehearsal.of(decide(set), server);

    assertThat(server.calls(Action.Create.class)).isEqualTo(15);
    assertThat(run).emits(10, "SuccessfulCreate").emits(5, "FailedCreate");
    assertThat(run).retriesBecause("exceeded quota");
  }

  @Test
  void createsNoMoreThanTheBurstInOneRun() {
    ReplicaSet set = TestReplicaSet.wanting(501).build();
    assertThat(decide(set)).creates(500, Pod.class);
  }

  @Test
  void createsPodsFromTheTemplate() {
    ReplicaSet set =
        TestReplicaSet.wanting(1)
            .editSpec()
            .editTemplate()
            .editMetadata()
            .addToAnnotations("note", "n")
            .addToFinalizers("f.dev/x")
            .endMetadata()
            .endTemplate()
            .endSpec()
            .build();

    Action.Create<?> create = (Action.Create<?>) decide(set).actions().get(0);

    Pod pod = (Pod) create.object();
    assertThat(create.expected()).isTrue();
    assertThat(pod.getMetadata().getGenerateName()).isEqualTo("web-");
    assertThat(pod.getMetadata().getName()).isNull();
    assertThat(pod.getMetadata().getNamespace()).isEqualTo("shop");
    assertThat(pod.getMetadata().getLabels()).isEqualTo(LABELS);
    assertThat(pod.getMetadata().getAnnotations()).isEqualTo(Map.of("note", "n"));
    assertThat(pod.getMetadata().getFinalizers()).containsExactly("f.dev/x");
    assertThat(pod.getSpec()).isEqualTo(set.getSpec().getTemplate().getSpec());
    assertThat(pod.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(
            reference -> {
              assertThat(reference.getApiVersion()).isEqualTo("apps/v1");
              assertThat(reference.getKind()).isEqualTo("ReplicaSet");
              assertThat(reference.getName()).isEqualTo("web");
              assertThat(reference.getUid()).isEqualTo("uid-of-web");
              assertThat(reference.getController()).isTrue();
              assertThat(reference.getBlockOwnerDeletion()).isTrue();
            });
  }

  @Test
  void tellsOfEachCreationAndWritesTheStatusOnce() {
    ReplicaSet set = TestReplicaSet.wanting(2).build();
    ModelCluster cluster = cluster(set);

    Rehearsal run = Rehearsal.of(decide(set), cluster);

    assertThat(run)
        .emits(Action.Severity.NORMAL, "SuccessfulCreate", "Created pod: web-00001")
        .emits(Action.Severity.NORMAL, "SuccessfulCreate", "Created pod: web-00002")
        .updatesStatus(1, ReplicaSet.class)
        .ends(Verdict.DONE);
    assertThat(status(cluster).getReplicas()).isZero();
    assertThat(status(cluster).getObservedGeneration()).isEqualTo(1);
  }

  @Test
  @DisplayName("A template without labels: an error of its own, no request and no event")
  void refusesATemplateWithoutLabels() {
    ReplicaSet set =
        TestReplicaSet.wanting(1)
            .editSpec()
            .editTemplate()
            .editMetadata()
            .withLabels(Map.of())
            .endMetadata()
            .endTemplate()
            .endSpec()
            .build();
    ModelCluster cluster = cluster(set);

    Rehearsal run = Rehearsal.of(decide(set), cluster);

    assertThat(run).creates(0, Pod.class).emits(0, "FailedCreate");
    assertThat(run).retriesBecause("unable to create pods, no labels");
    assertThat(status(cluster).getConditions())
        .singleElement()
        .satisfies(c -> assertThat(c.getReason()).isEqualTo("FailedCreate"));
  }

  @Test
  @DisplayName("A namespace on its way out: no event, no condition, no retry")
  void isQuietInATerminatingNamespace() {
    ReplicaSet set = TestReplicaSet.wanting(3).build();
    ModelCluster cluster = cluster(set);
    cluster.terminateNamespace("shop");

    Rehearsal run = Rehearsal.of(decide(set), cluster);

    assertThat(run).emits(0, "FailedCreate").ends(Verdict.DONE);
    assertThat(status(cluster).getConditions()).isEmpty();
  }

  @Test
  void deletesWhatIsTooManyAllAtOnceAndNamesTheUid() {
    ReplicaSet set = TestReplicaSet.settled(1);
    Plan plan =
        decide(
            set, ready("a", set), pod("b", set).phase("Pending").node("").build(), ready("c", set));

    assertThat(plan).deletes(2, Pod.class).because("too many pods").inOrder(Stage.Order.PARALLEL);
    assertThat(plan.actions())
        .filteredOn(Action.Delete.class::isInstance)
        .allSatisfy(
            action -> {
              Action.Delete<?> delete = (Action.Delete<?>) action;
              assertThat(delete.uid()).isEqualTo("uid-of-" + delete.key().name());
              assertThat(delete.expected()).isTrue();
            })
        .first()
        .satisfies(action -> assertThat(((Action.Delete<?>) action).key().name()).isEqualTo("b"));
  }

  @Test
  void tellsOfEachDeletion() {
    ReplicaSet set = TestReplicaSet.settled(0);
    Pod a = ready("a", set);
    Pod b = ready("b", set);
    FaultyServer server =
        FaultyServer.before(cluster(set, a, b)).rejectOnly(Action.Delete.class, 2, QUOTA);

    Rehearsal run = Rehearsal.of(decide(set, a, b), server);

    assertThat(run)
        .emits(Action.Severity.NORMAL, "SuccessfulDelete", "Deleted pod: a")
        .emits(Action.Severity.WARNING, "FailedDelete", "Error deleting: " + QUOTA.message());
    assertThat(run).retriesBecause("unable to delete pods: " + QUOTA.message());
  }

  @Test
  void aPodThatIsGoneAlreadyIsNoFailure() {
    ReplicaSet set = TestReplicaSet.settled(0);

    Rehearsal run = Rehearsal.of(decide(set, ready("a", set)), cluster(set));

    assertThat(run).emits(0, "FailedDelete").ends(Verdict.DONE);
  }

  @Test
  @DisplayName("Age ratio of ready victims, cut to whole numbers, only when there was a choice")
  void measuresHowOldTheVictimsAre() {
    ReplicaSet set = TestReplicaSet.settled(1);
    Pod old = pod("old", set).readySince(NOW).created(NOW.minusSeconds(35)).build();
    Pod young =
        pod("young", set).readySince(NOW.minusSeconds(5)).created(NOW.minusSeconds(10)).build();
    Pod unready = pod("unready", set).created(NOW.minusSeconds(90)).build();

    assertThat(decide(set, old, young, unready).actions())
        .filteredOn(Action.Measure.class::isInstance)
        .singleElement()
        .isEqualTo(
            new Action.Measure(
                "replicaset_controller_sorting_deletion_age_ratio",
                3,
                Map.of(),
                "pods were chosen by order"));
    assertThat(decide(TestReplicaSet.settled(0), old, young).actions())
        .noneMatch(Action.Measure.class::isInstance);
  }

  @Test
  void dividesNothingByAPodOfThisVeryMoment() {
    ReplicaSet set = TestReplicaSet.settled(1);
    Pod a = pod("a", set).readySince(NOW).created(NOW).build();
    Pod b = pod("b", set).readySince(NOW).created(NOW).build();

    assertThat(decide(set, a, b).actions()).noneMatch(Action.Measure.class::isInstance);
  }

  @Test
  @DisplayName("Open expectations: no create and no delete, but the status is computed")
  void onlyWritesTheStatusWhileUnsettled() {
    ReplicaSet set = TestReplicaSet.wanting(3).build();
    Plan plan = decide(snapshot(set, false, ready("a", set)));

    assertThat(plan).creates(0, Pod.class).updatesStatus(1, ReplicaSet.class);
  }

  @Test
  @DisplayName("Pod controlled by another UID is neither patched nor counted")
  void leavesPodsOfOthersAlone() {
    ReplicaSet set = TestReplicaSet.settled(0);
    ReplicaSet other = TestReplicaSet.named("other", 1).build();

    assertThat(decide(set, ready("theirs", other))).doesNothing();
  }

  @Test
  void inactivePodsDoNotCount() {
    ReplicaSet set = TestReplicaSet.settled(1);
    Pod succeeded = pod("done", set).phase("Succeeded").build();
    Pod failed = pod("failed", set).phase("Failed").build();
    Pod leaving = pod("leaving", set).deletedAt(NOW).build();

    assertThat(decide(set, ready("a", set), succeeded, failed, leaving)).doesNothing();
  }

  @Test
  void adoptsOrphansAfterALiveReadAndCountsThem() {
    ReplicaSet set = TestReplicaSet.settled(1);
    Pod orphan = TestPod.named("orphan").labels(LABELS).readySince(NOW).build();
    ModelCluster cluster = cluster(set, orphan);

    Rehearsal run = Rehearsal.of(decide(set, orphan), cluster);

    assertThat(run)
        .fetches(1, ReplicaSet.class)
        .patches(
            Pod.class,
            "{\"metadata\":{\"ownerReferences\":[{\"apiVersion\":\"apps/v1\","
                + "\"kind\":\"ReplicaSet\",\"name\":\"web\",\"uid\":\"uid-of-web\","
                + "\"controller\":true,\"blockOwnerDeletion\":true}],\"uid\":\"uid-of-orphan\"}}")
        .creates(0, Pod.class)
        .ends(Verdict.DONE);
  }

  @Test
  @DisplayName("Failing adoption patches: 2 patches, error contains their text, key re-queued")
  void failingAdoptionsEndTheRun() {
    ReplicaSet set = TestReplicaSet.wanting(3).build();
    Pod a = TestPod.named("a").labels(LABELS).build();
    Pod b = TestPod.named("b").labels(LABELS).build();
    FaultyServer server =
        FaultyServer.before(cluster(set, a, b))
            .reject(Action.Patch.class, ApiError.of(ApiError.Kind.SERVER_ERROR, 500, "fake error"));

    Rehearsal run = Rehearsal.of(decide(set, a, b), server);

    assertThat(server.calls(Action.Patch.class)).isEqualTo(2);
    assertThat(run).creates(0, Pod.class).updatesStatus(0, ReplicaSet.class);
    assertThat(run).retriesBecause("fake error");
  }

  @Test
  void anOrphanThatIsGoneIsNeitherCountedNorAnError() {
    ReplicaSet set = TestReplicaSet.settled(1);
    Pod orphan = TestPod.named("orphan").labels(LABELS).build();

    Rehearsal run = Rehearsal.of(decide(set, orphan), cluster(set));

    assertThat(run).patches(1, Pod.class).creates(1, Pod.class).ends(Verdict.DONE);
  }

  @Test
  @DisplayName("RS being deleted: no adopt, no create, no release; the status is kept up")
  void aDeletedOwnerOnlyWritesItsStatus() {
    ReplicaSet set =
        TestReplicaSet.wanting(3)
            .editMetadata()
            .withDeletionTimestamp(NOW.toString())
            .endMetadata()
            .build();
    Pod orphan = TestPod.named("orphan").labels(LABELS).build();
    Pod stray = TestPod.named("stray").of(set, TYPE).labels(Map.of()).build();

    assertThat(decide(set, orphan, stray, ready("mine", set)))
        .fetches(0, ReplicaSet.class)
        .patches(0, Pod.class)
        .creates(0, Pod.class)
        .updatesStatus(1, ReplicaSet.class);
  }

  @Test
  @DisplayName("Cache says alive but live GET says deleting: error, no patch, no create")
  void doesNotAdoptForAnOwnerThatIsBeingDeletedAlready() {
    ReplicaSet set = TestReplicaSet.wanting(2).build();
    ReplicaSet live =
        new ReplicaSetBuilder(set)
            .editMetadata()
            .withDeletionTimestamp(NOW.toString())
            .endMetadata()
            .build();
    Pod orphan = TestPod.named("orphan").labels(LABELS).build();

    Rehearsal run = Rehearsal.of(decide(set, orphan), cluster(live, orphan));

    assertThat(run).patches(0, Pod.class).creates(0, Pod.class);
    assertThat(run).retriesBecause("has just been deleted");
  }

  @Test
  @DisplayName("T-82 owner deleted and re-created under its name: no adoption")
  void doesNotAdoptForAnotherIncarnation() {
    ReplicaSet set = TestReplicaSet.wanting(2).build();
    ReplicaSet live =
        new ReplicaSetBuilder(set).editMetadata().withUid("new").endMetadata().build();
    Pod orphan = TestPod.named("orphan").labels(LABELS).build();

    Rehearsal run = Rehearsal.of(decide(set, orphan), cluster(live, orphan));

    assertThat(run).patches(0, Pod.class).creates(0, Pod.class);
    assertThat(run).retriesBecause("got uid new, wanted uid-of-web");
  }

  @Test
  @DisplayName("Status update failure: 1 GET, 2 PUT, error; key re-queued")
  void triesTheStatusTwice() {
    ReplicaSet set = TestReplicaSet.wanting(1).build();
    FaultyServer server =
        FaultyServer.before(cluster(set))
            .reject(Action.Update.class, ApiError.of(ApiError.Kind.SERVER_ERROR, 500, "no luck"));

    Rehearsal run = Rehearsal.of(decide(set, ready("a", set)), server);

    assertThat(server.calls(Action.Fetch.class)).isEqualTo(1);
    assertThat(server.calls(Action.Update.class)).isEqualTo(2);
    assertThat(run).retriesBecause("no luck");
  }

  @Test
  void theSecondStatusWriteGoesOntoTheLiveObject() {
    ReplicaSet set = TestReplicaSet.wanting(1).build();
    ModelCluster cluster = cluster(set);
    cluster.change(
        ReplicaSet.class,
        ObjectKey.of(set),
        s ->
            new ReplicaSetBuilder(s)
                .editMetadata()
                .addToLabels("new", "yes")
                .endMetadata()
                .build());
    ReplicaSet seen =
        new ReplicaSetBuilder(set).editMetadata().withResourceVersion("1").endMetadata().build();

    Rehearsal run = Rehearsal.of(decide(seen, ready("a", set)), cluster);

    assertThat(run).updatesStatus(2, ReplicaSet.class).ends(Verdict.DONE);
    assertThat(status(cluster).getReadyReplicas()).isEqualTo(1);
    assertThat(cluster.list(ReplicaSet.class).get(0).getMetadata().getLabels()).containsKey("new");
  }

  @Test
  void aFailingReReadEndsTheRunWithItsError() {
    ReplicaSet set = TestReplicaSet.wanting(1).build();
    FaultyServer server =
        FaultyServer.before(cluster(set))
            .reject(Action.Update.class, ApiError.of(ApiError.Kind.SERVER_ERROR, 500, "put"))
            .reject(Action.Fetch.class, ApiError.of(ApiError.Kind.SERVER_ERROR, 500, "get"));

    assertThat(Rehearsal.of(decide(set, ready("a", set)), server)).ends(Verdict.retry("get"));
  }

  @Test
  @DisplayName("A run with adoption, failing creates and a failing status stays within 8 turns")
  void theLongestRunFitsTheTurns() {
    ReplicaSet set = TestReplicaSet.wanting(3).build();
    Pod orphan = TestPod.named("orphan").labels(LABELS).build();
    FaultyServer server =
        FaultyServer.before(cluster(set, orphan))
            .reject(Action.Create.class, QUOTA)
            .rejectOnly(Action.Update.class, 1, QUOTA);

    Rehearsal run = Rehearsal.of(decide(set, orphan), server);

    assertThat(run.turns()).hasSize(7);
    assertThat(run).retriesBecause(QUOTA.message());
  }

  @Test
  @DisplayName("minReady 5 with pods ready since 0, 2, 4.3 s: ready 3, available 0, after 0.7 s")
  void wakesUpWhenTheNextPodBecomesAvailable() {
    ReplicaSet set = TestReplicaSet.wanting(3).editSpec().withMinReadySeconds(5).endSpec().build();
    Pod a = pod("a", set).readySince(NOW).build();
    Pod b = pod("b", set).readySince(NOW.minusSeconds(2)).build();
    Pod c = pod("c", set).readySince(NOW.minusMillis(4300)).build();
    ModelCluster cluster = cluster(set, a, b, c);

    Rehearsal run = Rehearsal.of(decide(set, a, b, c), cluster);

    assertThat(run).looksAgainAfter(Duration.ofMillis(700));
    assertThat(status(cluster).getReadyReplicas()).isEqualTo(3);
    assertThat(status(cluster).getAvailableReplicas()).isNull();
  }

  @Test
  void wakesUpAfterMinReadyWhenNoPodSaysSinceWhenItIsReady() {
    ReplicaSet set = TestReplicaSet.wanting(1).editSpec().withMinReadySeconds(5).endSpec().build();
    Pod a = pod("a", set).readySince(null).build();

    assertThat(Rehearsal.of(decide(set, a), cluster(set, a)))
        .looksAgainAfter(Duration.ofSeconds(5));
  }

  @Test
  @DisplayName("Condition: error and none: added, FailedCreate or FailedDelete")
  void addsTheFailureCondition() {
    ReplicaSet set = TestReplicaSet.wanting(1).build();
    ModelCluster few = cluster(set);
    ModelCluster many = cluster(set);
    Plan creating = decide(set);
    Plan deleting = decide(set, ready("a", set), ready("b", set));

    Rehearsal.of(creating, FaultyServer.before(few).reject(Action.Create.class, QUOTA));
    Rehearsal.of(deleting, FaultyServer.before(many).reject(Action.Delete.class, QUOTA));

    assertThat(status(few).getConditions())
        .singleElement()
        .satisfies(
            condition -> {
              assertThat(condition.getType()).isEqualTo("ReplicaFailure");
              assertThat(condition.getStatus()).isEqualTo("True");
              assertThat(condition.getReason()).isEqualTo("FailedCreate");
              assertThat(condition.getMessage()).isEqualTo(QUOTA.message());
              assertThat(condition.getLastTransitionTime()).isEqualTo("2026-01-01T00:00:00Z");
            });
    assertThat(status(many).getConditions())
        .singleElement()
        .satisfies(
            condition -> {
              assertThat(condition.getReason()).isEqualTo("FailedDelete");
              assertThat(condition.getMessage())
                  .isEqualTo("unable to delete pods: " + QUOTA.message());
            });
  }

  @Test
  @DisplayName("Condition: error and existing: unchanged; no error and existing: removed")
  void keepsAndRemovesTheFailureCondition() {
    ReplicaSet set =
        TestReplicaSet.wanting(1)
            .withNewStatus()
            .withReplicas(0)
            .withObservedGeneration(1L)
            .addNewCondition(
                "2020-01-01T00:00:00Z", "first", "FailedCreate", "True", "ReplicaFailure")
            .addNewCondition("2020-01-01T00:00:00Z", "foreign", "R", "True", "Other")
            .endStatus()
            .build();
    ModelCluster cluster = cluster(set);

    Rehearsal failing =
        Rehearsal.of(decide(set), FaultyServer.before(cluster).reject(Action.Create.class, QUOTA));
    assertThat(failing).updatesStatus(0, ReplicaSet.class);

    Rehearsal.of(decide(set, ready("a", set)), cluster);
    assertThat(status(cluster).getConditions())
        .extracting("type", "message")
        .containsExactly(org.assertj.core.groups.Tuple.tuple("Other", "foreign"));
  }

  @Test
  @DisplayName(
      "terminatingReplicas: null with gate off; 0 with gate on and none; else their number")
  void countsTerminatingPodsBehindTheGate() {
    ReplicaSet set = TestReplicaSet.wanting(0).build();
    Pod mine = pod("mine", set).deletedAt(NOW).build();
    Pod done = pod("done", set).phase("Succeeded").deletedAt(NOW).build();
    Pod stray = TestPod.named("stray").of(set, TYPE).labels(Map.of()).deletedAt(NOW).build();
    Pod orphan = TestPod.named("orphan").labels(LABELS).deletedAt(NOW).build();
    ReplicasConfig on = ReplicasConfig.defaults().withTerminatingReplicas(true);

    assertThat(statusAfter(snapshot(set, true, mine)).getTerminatingReplicas()).isNull();
    assertThat(statusAfter(new ReplicasSnapshot(KIND.owner(set), List.of(), List.of(), true, on)))
        .satisfies(status -> assertThat(status.getTerminatingReplicas()).isZero());
    assertThat(
            statusAfter(
                    new ReplicasSnapshot(
                        KIND.owner(set), List.of(mine, done, stray, orphan), List.of(), true, on))
                .getTerminatingReplicas())
        .isEqualTo(1);
  }

  @Test
  void countsPodsThatCarryAllLabelsOfTheTemplate() {
    ReplicaSet set =
        TestReplicaSet.wanting(2)
            .editSpec()
            .editTemplate()
            .editMetadata()
            .addToLabels("tier", "front")
            .endMetadata()
            .endTemplate()
            .endSpec()
            .build();
    Pod full = pod("full", set).labels(Map.of("app", "web", "tier", "front", "x", "y")).build();

    ReplicaSetStatus status = statusAfter(snapshot(set, true, full, pod("part", set).build()));

    assertThat(status.getReplicas()).isEqualTo(2);
    assertThat(status.getFullyLabeledReplicas()).isEqualTo(1);
  }

  @Test
  @DisplayName("A new generation is written down even when no count changed")
  void observesTheGeneration() {
    ReplicaSet set =
        new ReplicaSetBuilder(TestReplicaSet.settled(0))
            .editMetadata()
            .withGeneration(2L)
            .endMetadata()
            .build();

    assertThat(statusAfter(snapshot(set, true)).getObservedGeneration()).isEqualTo(2);
  }

  @Test
  @DisplayName("A selector that cannot be used: logged, not retried")
  void givesUpOnAnUnusableSelector() {
    ReplicaSet set =
        TestReplicaSet.wanting(1)
            .editSpec()
            .editSelector()
            .addNewMatchExpression()
            .withKey("app")
            .withOperator("Near")
            .endMatchExpression()
            .endSelector()
            .endSpec()
            .build();

    Plan plan = decide(set);

    assertThat(plan).hasNoActions();
    assertThat(plan.verdict())
        .isInstanceOfSatisfying(
            Verdict.Drop.class, drop -> assertThat(drop.why()).contains("\"Near\""));
  }

  private static Plan decide(ReplicaSet set, Pod... pods) {
    return decide(snapshot(set, true, pods));
  }

  private static Plan decide(ReplicasSnapshot snapshot) {
    return new ReplicasReconciler(KIND).decide(snapshot, NOW);
  }

  private static ReplicasSnapshot snapshot(ReplicaSet set, boolean settled, Pod... pods) {
    return new ReplicasSnapshot(
        KIND.owner(set), List.of(pods), List.of(), settled, ReplicasConfig.defaults());
  }

  private static TestPod pod(String name, ReplicaSet set) {
    return TestPod.named(name).of(set, TYPE).labels(LABELS);
  }

  private static Pod ready(String name, ReplicaSet set) {
    return pod(name, set).readySince(NOW.minusSeconds(60)).build();
  }

  private static ModelCluster cluster(HasMetadata... objects) {
    List<HasMetadata> all = new ArrayList<>(Arrays.asList(objects));
    return ModelCluster.of(VirtualEnvironment.seeded(1), all);
  }

  private static ReplicaSetStatus status(ModelCluster cluster) {
    return cluster.list(ReplicaSet.class).get(0).getStatus();
  }

  private static ReplicaSetStatus statusAfter(ReplicasSnapshot snapshot) {
    ModelCluster cluster = cluster(snapshot.owner().object());
    Rehearsal.of(decide(snapshot), cluster);
    return status(cluster);
  }
}
