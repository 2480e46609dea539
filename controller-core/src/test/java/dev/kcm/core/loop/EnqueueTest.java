package dev.kcm.core.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.OwnerReferences;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.run.Expectations;
import dev.kcm.core.run.Pods;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnqueueTest {

  private static final ResourceType<ReplicaSet> SETS = ResourceType.of(ReplicaSet.class);
  private static final ResourceType<Node> NODES = ResourceType.of(Node.class);
  private static final ObjectKey WEB = new ObjectKey("default", "web");

  private final Recorded keys = new Recorded();

  @Test
  void selfGivesTheOwnKeyAtEveryEvent() {
    Pod pod = Pods.named("a");
    Enqueue.self().added(pod, true, keys);
    Enqueue.self().updated(pod, pod, keys);
    Enqueue.self().deleted(ObjectKey.of(pod), null, true, keys);

    assertThat(keys.enqueued).containsExactly("default/a", "default/a", "default/a");
  }

  @Test
  void ownerGivesTheControllerOfItsKindInAnyVersion() {
    Pod owned = owned("a", "web");
    Enqueue.owner(SETS).added(owned, false, keys);
    owned.getMetadata().getOwnerReferences().get(0).setApiVersion("apps/v1beta2");
    Enqueue.owner(SETS).added(owned, false, keys);
    owned.getMetadata().getOwnerReferences().get(0).setApiVersion("other/v1");
    Enqueue.owner(SETS).added(owned, false, keys);
    Enqueue.owner(SETS).added(Pods.named("orphan"), false, keys);
    Enqueue.owner(NODES).added(owned("b", "web"), false, keys);

    assertThat(keys.enqueued).containsExactly("default/web", "default/web");
  }

  @Test
  void ownerOfAClusterKindHasNoNamespace() {
    Node node = new NodeBuilder().withNewMetadata().withName("n1").withUid("u").and().build();
    Pod pod = Pods.named("static");
    pod.getMetadata().setOwnerReferences(List.of(OwnerReferences.controllerReference(node, NODES)));
    Enqueue.owner(NODES).added(pod, false, keys);

    assertThat(keys.enqueued).containsExactly("n1");
  }

  @Test
  void aChangeOfOwnerWakesBoth() {
    Enqueue.owner(SETS).updated(owned("a", "old"), owned("a", "new"), keys);
    Enqueue.owner(SETS).updated(owned("a", "web"), owned("a", "web"), keys);
    Enqueue.owner(SETS).deleted(ObjectKey.of(owned("a", "web")), null, true, keys);

    assertThat(keys.enqueued).containsExactly("default/new", "default/old", "default/web");
  }

  @Test
  void ownerLeavesExpectationsAlone() {
    keys.expectations.expectCreations(WEB, 1);
    Enqueue.owner(SETS).added(owned("a", "web"), false, keys);

    assertThat(keys.expectations.satisfied(WEB)).isFalse();
  }

  @Test
  void expectingOwnerNotesCreations() {
    keys.expectations.expectCreations(WEB, 1);
    Enqueue.ownerExpecting(SETS).added(owned("a", "web"), false, keys);

    assertThat(keys.expectations.satisfied(WEB)).isTrue();
    assertThat(keys.enqueued).containsExactly("default/web");
  }

  @Test
  void expectingOwnerNotesADeletionOnceHoweverItIsSeen() {
    EventMapper<HasMetadata> mapper = Enqueue.ownerExpecting(SETS);
    Pod a = owned("a", "web");
    Pod terminating = new PodBuilder(a).editMetadata().withDeletionTimestamp("now").and().build();
    keys.expectations.expectDeletions(WEB, List.of(ObjectKey.of(a), new ObjectKey("default", "b")));

    mapper.updated(a, terminating, keys);
    mapper.deleted(ObjectKey.of(a), terminating, false, keys);
    assertThat(keys.expectations.satisfied(WEB)).isFalse();
    mapper.added(
        new PodBuilder(owned("b", "web")).editMetadata().withDeletionTimestamp("now").and().build(),
        true,
        keys);
    assertThat(keys.expectations.satisfied(WEB)).isTrue();
  }

  @Test
  void expectingOwnerTakesAChangedUidForADeletionAndACreation() {
    Pod before = owned("a", "web");
    Pod after = new PodBuilder(before).editMetadata().withUid("other").and().build();
    keys.expectations.expect(WEB, 1, List.of(ObjectKey.of(before)));

    Enqueue.ownerExpecting(SETS).updated(before, after, keys);

    assertThat(keys.expectations.satisfied(WEB)).isTrue();
  }

  private static Pod owned(String name, String owner) {
    ReplicaSet set =
        new ReplicaSetBuilder()
            .withNewMetadata()
            .withNamespace("default")
            .withName(owner)
            .withUid("uid-" + owner)
            .endMetadata()
            .build();
    Pod pod = Pods.named(name);
    pod.getMetadata().setOwnerReferences(List.of(OwnerReferences.controllerReference(set, SETS)));
    return pod;
  }

  /** Keys as they come. Confined to the thread of the test. */
  private static final class Recorded implements Keys {

    private final List<String> enqueued = new ArrayList<>();
    private final Expectations expectations =
        Expectations.withTicker(VirtualEnvironment.seeded(1).ticker());

    @Override
    public void enqueue(ObjectKey key) {
      enqueued.add(key.toString());
    }

    @Override
    public void enqueueAfter(ObjectKey key, Duration delay) {
      enqueued.add(key + " after " + delay);
    }

    @Override
    public Expectations expectations() {
      return expectations;
    }
  }
}
