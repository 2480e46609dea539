package dev.kcm.controllers.node.nodelifecycle;

import dev.kcm.controllers.shared.nodes.Uptime;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.objects.Silent;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.controllers.shared.pods.PodsOfNode;
import dev.kcm.core.access.Access;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Selection;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.manager.ControllerContext;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.util.List;

/**
 * The node lifecycle controller: names and wiring.
 *
 * <p>Immutable.
 */
public final class NodeLifecycleController {

  /** Canonical name. */
  public static final String NAME = "node-lifecycle-controller";

  private static final String CLIENT = "node-controller";
  private static final ResourceType<Lease> LEASES = ResourceType.of(Lease.class);
  private static final String LEASE_NAMESPACE = "kube-node-lease";
  private static final Selection LEASES_OF_NODES = Selection.namespace(LEASE_NAMESPACE);
  private static final int NODE_WORKERS = 8;
  private static final int POD_WORKERS = 4;

  private NodeLifecycleController() {}

  /** The controller with the given tunables. */
  public static ControllerSpec spec(NodeLifecycleConfig config) {
    return ControllerSpec.named(NAME)
        .alias("nodelifecycle")
        .client(CLIENT)
        .access(
            Access.to(Kinds.NODES)
                .watch("conditions, taints, labels")
                .get("one that was changed meanwhile")
                .patch("taints and labels, bound to the version seen"),
            Access.to(Kinds.NODES, "status").update("conditions of a lost node"),
            Access.to(LEASES).in(LEASE_NAMESPACE).watch("signs of life"),
            Access.to(PodStates.TYPE).watch("those of a lost node"),
            Access.to(PodStates.TYPE, "status").update("condition Ready of pods on a lost node"),
            Access.toRecordEvents())
        .wiredBy(context -> loops(context, config));
  }

  private static List<Loop<?>> loops(ControllerContext context, NodeLifecycleConfig config) {
    Informer<Node> nodes = context.informer(Kinds.NODES);
    Informer<Pod> pods = context.informer(PodStates.TYPE);
    Informer<Lease> leases = context.informer(LEASES, LEASES_OF_NODES);
    PodsOfNode.ensure(pods);
    Zones.ensureIndex(nodes);
    Uptime uptime = Uptime.of(context.environment().ticker());
    NodeLifecycleMetrics metrics = NodeLifecycleMetrics.in(context.meters());
    return List.of(
        ofNodes(config, nodes, pods, leases, new Heartbeats(uptime), metrics),
        ofPods(nodes, pods),
        ofZones(config, nodes, uptime, metrics));
  }

  private static Loop<NodeSnapshot> ofNodes(
      NodeLifecycleConfig config,
      Informer<Node> nodes,
      Informer<Pod> pods,
      Informer<Lease> leases,
      Heartbeats heartbeats,
      NodeLifecycleMetrics metrics) {
    return Loop.<NodeSnapshot>named("node_lifecycle_controller")
        .component(CLIENT)
        .on(nodes, new NodeMapper(heartbeats))
        .on(leases, new LeaseMapper(heartbeats))
        .on(pods, new Silent<>())
        .reading(new NodeReader(nodes.lister(), pods.lister(), heartbeats, config))
        .deciding(new NodeReconciler(), NodeMemory.NONE)
        .measuring(metrics)
        .workers(NODE_WORKERS)
        .build();
  }

  private static Loop<StrandedPodSnapshot> ofPods(Informer<Node> nodes, Informer<Pod> pods) {
    return Loop.<StrandedPodSnapshot>named("node_lifecycle_controller_pods")
        .component(CLIENT)
        .on(pods, new StrandedPodMapper())
        .on(nodes, new Silent<>())
        .reading(new StrandedPodReader(pods.lister(), nodes.lister()))
        .deciding(new StrandedPodReconciler())
        .workers(POD_WORKERS)
        .build();
  }

  private static Loop<ZonesSnapshot> ofZones(
      NodeLifecycleConfig config,
      Informer<Node> nodes,
      Uptime uptime,
      NodeLifecycleMetrics metrics) {
    return Loop.<ZonesSnapshot>named("node_lifecycle_controller_zones")
        .component(CLIENT)
        .on(nodes, new ZonesMapper())
        .reading(new ZonesReader(nodes.lister(), uptime, config))
        .deciding(new ZonesReconciler(), ZonesMemory.NONE)
        .measuring(metrics)
        .build();
  }
}
