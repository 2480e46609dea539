package dev.kcm.controllers.shared.objects;

import static dev.kcm.testkit.PlanAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.controllers.shared.pods.TestPod;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Verdict;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.FaultyServer;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.Rehearsal;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClaimsTest {

  private static final ResourceType<ReplicaSet> SETS = ResourceType.of(ReplicaSet.class);
  private static final Map<String, String> LABELS = Map.of("app", "web");

  private final ReplicaSet owner =
      new ReplicaSetBuilder()
          .withNewMetadata()
          .withNamespace("shop")
          .withName("web")
          .withUid("uid-of-web")
          .endMetadata()
          .build();
  private final List<Pod> claimed = new ArrayList<>();

  @Test
  @DisplayName("Release uses the exact JSON of a strategic merge patch")
  void releasesByExactPatch() {
    Pod stray = TestPod.named("stray").of(owner, SETS).build();
    assertThat(claim(owner, stray))
        .patches(
            Pod.class,
            "{\"metadata\":{\"uid\":\"uid-of-stray\",\"ownerReferences\":"
                + "[{\"$patch\":\"delete\",\"uid\":\"uid-of-web\"}]}}")
        .fetches(0, ReplicaSet.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = ApiError.Kind.class,
      names = {"NOT_FOUND", "INVALID"})
  @DisplayName("T-82 release 422/404 is success")
  void whatIsGoneNeedsNoRelease(ApiError.Kind kind) {
    Rehearsal run = releaseRejectedWith(kind);
    assertThat(run).ends(Verdict.DONE);
    assertThat(claimed).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = ApiError.Kind.class,
      names = {"CONFLICT", "FORBIDDEN", "SERVER_ERROR"})
  void otherReleaseErrorsEndTheRun(ApiError.Kind kind) {
    assertThat(releaseRejectedWith(kind)).retriesBecause("refused");
  }

  @Test
  void anErrorOfAdoptionNamesEveryDistinctTextOnce() {
    Pod a = TestPod.named("a").labels(LABELS).build();
    Pod b = TestPod.named("b").labels(LABELS).build();
    FaultyServer server =
        FaultyServer.before(cluster(owner, a, b))
            .rejectOnly(Action.Patch.class, 1, error(ApiError.Kind.SERVER_ERROR, "one"))
            .rejectOnly(Action.Patch.class, 2, error(ApiError.Kind.SERVER_ERROR, "two"));
    assertThat(Rehearsal.of(plan(owner, SETS, a, b), server)).ends(Verdict.retry("[one, two]"));
  }

  @Test
  void strayPodsAreLetGoEvenWhenNothingMayBeAdopted() {
    Pod orphan = TestPod.named("orphan").labels(LABELS).build();
    Pod stray = TestPod.named("stray").of(owner, SETS).build();
    Rehearsal run = Rehearsal.of(plan(owner, SETS, orphan, stray), cluster(orphan, stray));
    assertThat(run).patches(1, Pod.class);
    assertThat(run).retriesBecause("can't adopt Pod shop/orphan (uid-of-orphan)");
  }

  @Test
  @DisplayName("Other-namespace pods are never adopted")
  void reachesNoOtherNamespace() {
    Pod elsewhere = TestPod.named("p").namespace("other").labels(LABELS).build();
    assertThat(claim(owner, elsewhere)).doesNothing();
    assertThat(claimed).isEmpty();
  }

  @Test
  @DisplayName("Cluster-scoped owner may claim in any namespace")
  void aClusterScopedOwnerReachesAll() {
    Namespace space =
        new NamespaceBuilder().withNewMetadata().withName("n").withUid("u").endMetadata().build();
    Pod orphan = TestPod.named("p").namespace("other").labels(LABELS).build();
    Rehearsal run =
        Rehearsal.of(plan(space, ResourceType.of(Namespace.class), orphan), cluster(space, orphan));
    assertThat(run).patches(1, Pod.class).ends(Verdict.DONE);
    assertThat(claimed).hasSize(1);
  }

  @Test
  void aTerminatingOrphanIsNotAdopted() {
    Pod leaving = TestPod.named("p").labels(LABELS).deletedAt(Instant.EPOCH).build();
    assertThat(claim(owner, leaving)).doesNothing();
  }

  @Test
  void keepsItsOwnEvenWhileItIsBeingDeleted() {
    ReplicaSet deleted =
        new ReplicaSetBuilder(owner)
            .editMetadata()
            .withDeletionTimestamp("2026-01-01T00:00:00Z")
            .endMetadata()
            .build();
    Pod mine = TestPod.named("mine").labels(LABELS).of(owner, SETS).build();
    Pod stray = TestPod.named("stray").of(owner, SETS).build();
    assertThat(claim(deleted, mine, stray)).doesNothing();
    assertThat(claimed).containsExactly(mine);
  }

  private Rehearsal releaseRejectedWith(ApiError.Kind kind) {
    Pod stray = TestPod.named("stray").of(owner, SETS).build();
    FaultyServer server =
        FaultyServer.before(cluster(owner, stray))
            .reject(Action.Patch.class, error(kind, "refused"));
    return Rehearsal.of(plan(owner, SETS, stray), server);
  }

  private Plan claim(ReplicaSet set, Pod... pods) {
    return plan(set, SETS, pods);
  }

  private Plan plan(HasMetadata claimer, ResourceType<?> type, Pod... pods) {
    Claimant<Pod> claimant =
        new Claimant<>(type, claimer, LabelMatcher.ofLabels(LABELS), PodStates.TYPE);
    return Claims.of(claimant, List.of(pods))
        .then(
            mine -> {
              claimed.addAll(mine);
              return Plan.NOTHING;
            });
  }

  private static ModelCluster cluster(HasMetadata... objects) {
    return ModelCluster.of(VirtualEnvironment.seeded(1), List.of(objects));
  }

  private static ApiError error(ApiError.Kind kind, String message) {
    return ApiError.of(kind, 0, message);
  }
}
