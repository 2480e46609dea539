package dev.kcm.controllers.shared.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.objects.LabelMatcher;
import dev.kcm.controllers.shared.pods.TestPod;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.run.Expectations;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PodMapperTest {

  private static final ResourceType<ReplicaSet> TYPE = ResourceType.of(ReplicaSet.class);
  private static final ReplicaKind<ReplicaSet> KIND =
      new ReplicaKind<>(TYPE, PodMapperTest::view, (set, status) -> set, false);
  private static final Map<String, String> A = Map.of("app", "a");
  private static final Map<String, String> B = Map.of("app", "b");
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(1);
  private final ModelCluster cluster = ModelCluster.of(environment, List.of());
  private final ModelCaches caches = ModelCaches.of(cluster, 1);
  private final Informer<ReplicaSet> sets = caches.informer(TYPE);
  private final RecordedKeys keys = new RecordedKeys();
  private final PodMapper<ReplicaSet> mapper = PodMapper.to(KIND, sets.lister());
  private final ReplicaSet set = set("web", A, 0);

  @BeforeEach
  void knowsTheSet() {
    put(set);
  }

  @Test
  void anArrivingPodIsACreationOfItsOwner() {
    keys.expectations.expectCreations(key("web"), 1);
    mapper.added(owned("p").build(), false, keys);
    assertThat(keys.enqueued).containsExactly(key("web"));
    assertThat(keys.expectations.satisfied(key("web"))).isTrue();
  }

  @Test
  @DisplayName("Ten overlapping RS: pod with controller ref enqueues only its owner")
  void aPodWithAControllerWakesOnlyThat() {
    overlap();
    mapper.added(owned("p").build(), false, keys);
    assertThat(keys.enqueued).containsExactly(key("web"));
  }

  @Test
  void anOrphanWakesAllThatMatchAndIsNoCreation() {
    overlap();
    keys.expectations.expectCreations(key("web"), 1);
    mapper.added(TestPod.named("p").labels(A).build(), false, keys);
    assertThat(keys.enqueued).hasSize(10).contains(key("web"), key("set-9"));
    assertThat(keys.expectations.satisfied(key("web"))).isFalse();
  }

  @Test
  void anOrphanWithoutLabelsWakesNobody() {
    put(set("catch-all", Map.of(), 0));
    mapper.added(TestPod.named("p").build(), false, keys);
    assertThat(keys.enqueued).isEmpty();
  }

  @Test
  void emptyAndInvalidSelectorsMatchNoOrphan() {
    put(set("catch-all", Map.of(), 0));
    put(set("invalid", Map.of("app", "not valid!"), 0));
    mapper.added(TestPod.named("p").labels(A).build(), false, keys);
    assertThat(keys.enqueued).containsExactly(key("web"));
  }

  @Test
  void anOrphanOfAnotherNamespaceWakesNobody() {
    mapper.added(TestPod.named("p").namespace("other").labels(A).build(), false, keys);
    assertThat(keys.enqueued).isEmpty();
  }

  @Test
  void aControllerThatDoesNotResolveIsIgnored() {
    ReplicaSet otherIncarnation =
        new ReplicaSetBuilder(set).editMetadata().withUid("other").endMetadata().build();
    ResourceType<ReplicaSet> otherKind =
        new ResourceType<>(ReplicaSet.class, "apps", "v1", "StatefulSet", "statefulsets", true);
    mapper.added(TestPod.named("p").labels(A).of(otherIncarnation, TYPE).build(), false, keys);
    mapper.added(TestPod.named("p").labels(A).of(set, otherKind).build(), false, keys);
    mapper.deleted(
        key("p"), TestPod.named("p").labels(A).of(otherIncarnation, TYPE).build(), false, keys);
    assertThat(keys.enqueued).isEmpty();
  }

  @Test
  @DisplayName("Pod with deletionTimestamp on add counts as delete; later notices not twice")
  void aTerminatingPodCountsOnceAsDeleted() {
    keys.expectations.expectDeletions(key("web"), List.of(key("p"), key("q")));
    Pod terminating = owned("p").deletedAt(NOW).version("2").build();

    mapper.added(terminating, false, keys);
    mapper.updated(terminating, owned("p").deletedAt(NOW).version("3").build(), keys);
    mapper.deleted(key("p"), terminating, false, keys);
    assertThat(keys.expectations.satisfied(key("web"))).isFalse();

    mapper.deleted(key("q"), owned("q").build(), false, keys);
    assertThat(keys.expectations.satisfied(key("web"))).isTrue();
    assertThat(keys.enqueued).hasSize(4).containsOnly(key("web"));
  }

  @Test
  void aTerminatingPodIsNeverACreation() {
    keys.expectations.expectCreations(key("web"), 1);
    mapper.added(owned("p").deletedAt(NOW).build(), false, keys);
    assertThat(keys.expectations.satisfied(key("web"))).isFalse();
  }

  @Test
  void anUnknownDeletedPodChangesNoExpectation() {
    keys.expectations.expectDeletions(key("web"), List.of(key("p")));
    mapper.deleted(key("stranger"), owned("stranger").build(), false, keys);
    assertThat(keys.expectations.satisfied(key("web"))).isFalse();
  }

  @Test
  @DisplayName("Tombstone pod delete enqueues the owner")
  void aMissedDeletionWakesTheOwner() {
    mapper.deleted(key("p"), owned("p").build(), true, keys);
    assertThat(keys.enqueued).containsExactly(key("web"));
  }

  @Test
  void aDeletionOfWhichNothingIsKnownIsDropped() {
    mapper.deleted(key("p"), null, true, keys);
    assertThat(keys.enqueued).isEmpty();
  }

  @Test
  void aResyncIsIgnored() {
    Pod pod = owned("p").version("7").build();
    mapper.updated(pod, pod, keys);
    assertThat(keys.enqueued).isEmpty();
  }

  @Test
  @DisplayName("Label change with ref kept: owner only")
  void aLabelChangeUnderAControllerWakesOnlyThat() {
    overlap();
    mapper.updated(
        owned("p").version("1").build(), owned("p").labels(B).version("2").build(), keys);
    assertThat(keys.enqueued).containsExactly(key("web"));
  }

  @Test
  @DisplayName("Ref removed: old owner and label-matching ones")
  void aReleasedPodWakesItsOldOwnerAndThoseThatMatch() {
    put(set("b-1", B, 0));
    put(set("b-2", B, 0));
    Pod orphan = TestPod.named("p").labels(B).version("2").build();
    mapper.updated(owned("p").version("1").build(), orphan, keys);
    assertThat(keys.enqueued).containsExactlyInAnyOrder(key("web"), key("b-1"), key("b-2"));
  }

  @Test
  void aChangeOfControllerWakesBoth() {
    ReplicaSet next = set("next", B, 0);
    put(next);
    Pod moved = TestPod.named("p").labels(A).of(next, TYPE).version("2").build();
    mapper.updated(owned("p").version("1").build(), moved, keys);
    assertThat(keys.enqueued).containsExactly(key("web"), key("next"));
  }

  @Test
  void anOrphanWhoseLabelsChangeWakesThoseThatMatchNow() {
    Pod before = TestPod.named("p").labels(B).version("1").build();
    mapper.updated(before, TestPod.named("p").labels(A).version("2").build(), keys);
    assertThat(keys.enqueued).containsExactly(key("web"));
  }

  @Test
  void anOrphanThatChangesOtherwiseWakesNobody() {
    Pod before = TestPod.named("p").labels(A).version("1").build();
    mapper.updated(before, TestPod.named("p").labels(A).phase("Failed").version("2").build(), keys);
    assertThat(keys.enqueued).isEmpty();
  }

  @Test
  void aPodThatBecomesReadyIsLookedAtAgainAfterMinReady() {
    ReplicaSet patient = set("patient", A, 30);
    put(patient);
    Pod before = TestPod.named("p").of(patient, TYPE).labels(A).version("1").build();
    Pod after = TestPod.named("p").of(patient, TYPE).labels(A).version("2").readySince(NOW).build();
    mapper.updated(before, after, keys);
    assertThat(keys.enqueued).containsExactly(key("patient"));
    assertThat(keys.delayed).isEqualTo(Map.of(key("patient"), Duration.ofSeconds(30)));
  }

  @Test
  void aPodThatTerminatesWithNewLabelsCountsForOldAndNewOwner() {
    ReplicaSet next = set("next", B, 0);
    put(next);
    Pod after = TestPod.named("p").of(next, TYPE).labels(B).deletedAt(NOW).version("2").build();
    mapper.updated(owned("p").version("1").build(), after, keys);
    assertThat(keys.enqueued).containsExactly(key("next"), key("web"));
  }

  @Test
  void anotherIncarnationIsADeletionAndACreation() {
    keys.expectations.expect(key("web"), 1, List.of(key("p")));
    mapper.updated(
        owned("p").version("1").build(), owned("p").uid("other").version("2").build(), keys);
    assertThat(keys.expectations.satisfied(key("web"))).isTrue();
  }

  @Test
  @DisplayName("Deleting the RS removes expectations; late decrements are harmless")
  void ownersTakeTheirExpectationsAlong() {
    keys.expectations.expectCreations(key("web"), 3);
    OwnerMapper.INSTANCE.deleted(key("web"), null, true, keys);
    assertThat(keys.expectations.satisfied(key("web"))).isTrue();
    keys.expectations.creationObserved(key("web"));
    assertThat(keys.expectations.satisfied(key("web"))).isTrue();
    assertThat(keys.enqueued).containsExactly(key("web"));
  }

  @Test
  @DisplayName("Re-created RS with new UID starts with fresh expectations")
  void anotherIncarnationOfAnOwnerStartsAfresh() {
    keys.expectations.expectCreations(key("web"), 3);
    ReplicaSet recreated =
        new ReplicaSetBuilder(set).editMetadata().withUid("new").endMetadata().build();
    OwnerMapper.INSTANCE.updated(set, recreated, keys);
    assertThat(keys.expectations.satisfied(key("web"))).isTrue();
    assertThat(keys.enqueued).contains(key("web"));
  }

  @Test
  void aResyncWakesTheOwner() {
    keys.expectations.expectCreations(key("web"), 3);
    OwnerMapper.INSTANCE.added(set, true, keys);
    OwnerMapper.INSTANCE.updated(set, set, keys);
    assertThat(keys.enqueued).containsExactly(key("web"), key("web"));
    assertThat(keys.expectations.satisfied(key("web"))).isFalse();
  }

  private void overlap() {
    for (int i = 1; i < 10; i++) {
      put(set("set-" + i, A, 0));
    }
  }

  private void put(ReplicaSet object) {
    cluster.put(object);
    caches.catchUp();
  }

  private TestPod owned(String name) {
    return TestPod.named(name).of(set, TYPE).labels(A);
  }

  private static ObjectKey key(String name) {
    return new ObjectKey("shop", name);
  }

  private static ReplicaSet set(String name, Map<String, String> labels, int minReadySeconds) {
    return new ReplicaSetBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withName(name)
        .withUid("uid-of-" + name)
        .endMetadata()
        .withNewSpec()
        .withMinReadySeconds(minReadySeconds)
        .withNewSelector()
        .withMatchLabels(labels)
        .endSelector()
        .endSpec()
        .build();
  }

  private static ReplicaOwner view(ReplicaSet set) {
    return new ReplicaOwner(
        set,
        LabelMatcher.of(new LabelSelectorBuilder(set.getSpec().getSelector()).build()),
        1,
        new PodTemplateSpec(),
        Duration.ofSeconds(set.getSpec().getMinReadySeconds()),
        new ReplicaStatus(0, 0, 0, 0, null, List.of(), 0));
  }

  private final class RecordedKeys implements Keys {

    private final List<ObjectKey> enqueued = new ArrayList<>();
    private final Map<ObjectKey, Duration> delayed = new LinkedHashMap<>();
    private final Expectations expectations = Expectations.withTicker(environment.ticker());

    @Override
    public void enqueue(ObjectKey key) {
      enqueued.add(key);
    }

    @Override
    public void enqueueAfter(ObjectKey key, Duration delay) {
      delayed.put(key, delay);
    }

    @Override
    public Expectations expectations() {
      return expectations;
    }
  }
}
