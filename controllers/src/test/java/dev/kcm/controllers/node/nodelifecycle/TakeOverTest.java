package dev.kcm.controllers.node.nodelifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.nodes.RecordedNodeLoss;
import dev.kcm.controllers.shared.nodes.Uptime;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.controllers.shared.pods.PodsOfNode;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the original left 75 s after a node fell silent. */
class TakeOverTest {

  private final ModelCluster cluster =
      ModelCluster.of(VirtualEnvironment.seeded(1), RecordedNodeLoss.objects());
  private final ModelCaches caches = ModelCaches.of(cluster, 1);

  @Test
  @DisplayName("Take-over: nodes and pods as the Go manager left them get no write")
  void nothingIsWritten() {
    Informer<Node> nodes = caches.informer(Kinds.NODES);
    Informer<Pod> pods = caches.informer(PodStates.TYPE);
    PodsOfNode.ensure(pods);
    Heartbeats heartbeats = new Heartbeats(Uptime.of(cluster.environment().ticker()));
    ModelLoop<NodeSnapshot> ofNodes =
        ModelLoop.<NodeSnapshot>over(caches)
            .on(nodes, new NodeMapper(heartbeats))
            .reading(
                new NodeReader(
                    nodes.lister(), pods.lister(), heartbeats, NodeLifecycleConfig.defaults()))
            .deciding(new NodeReconciler(), NodeMemory.NONE);
    ModelLoop<StrandedPodSnapshot> ofPods =
        ModelLoop.<StrandedPodSnapshot>over(caches)
            .on(pods, new StrandedPodMapper())
            .reading(new StrandedPodReader(pods.lister(), nodes.lister()))
            .deciding(new StrandedPodReconciler());
    ModelLoop<ZonesSnapshot> ofZones =
        ZonesReconcilerTest.wire(caches, NodeLifecycleConfig.defaults());
    caches.catchUp();

    List<ObjectKey> woken = ofNodes.takeQueued();
    assertThat(woken).hasSize(3);
    woken.forEach(key -> assertOnlyTells(ofNodes.run(key).actions()));
    ofPods.takeQueued().forEach(key -> assertOnlyTells(ofPods.run(key).actions()));
    assertOnlyTells(ofZones.run(ZonesMapper.ALL).actions());
    assertThat(cluster.events()).hasSize(3).allMatch(e -> e.reason().equals("RegisteredNode"));
  }

  private static void assertOnlyTells(List<Action> actions) {
    assertThat(actions).allMatch(a -> a instanceof Action.Measure || a instanceof Action.Emit);
  }
}
