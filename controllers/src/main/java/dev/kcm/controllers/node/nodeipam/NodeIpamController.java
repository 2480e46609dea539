package dev.kcm.controllers.node.nodeipam;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.access.Access;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.manager.ControllerContext;
import dev.kcm.core.manager.ControllerSpec;
import io.fabric8.kubernetes.api.model.Node;
import java.util.List;

/**
 * The node IPAM controller: names and wiring.
 *
 * <p>Immutable.
 */
public final class NodeIpamController {

  /** Canonical name. */
  public static final String NAME = "node-ipam-controller";

  private static final int WORKERS = 30;

  private NodeIpamController() {}

  /** The controller with the given tunables; without cluster ranges it has nothing to do. */
  public static ControllerSpec spec(NodeIpamConfig config) {
    return ControllerSpec.named(NAME)
        .alias("nodeipam")
        .client("node-controller")
        .access(
            Access.to(Kinds.NODES)
                .watch("which ranges are taken")
                .list("what a predecessor has given out, before the first range is")
                .patch("spec.podCIDR and spec.podCIDRs, once"),
            Access.toRecordEvents())
        .wiredBy(
            context ->
                config.clusterRanges().isEmpty() ? List.of() : List.of(loop(context, config)));
  }

  private static Loop<NodeIpamSnapshot> loop(ControllerContext context, NodeIpamConfig config) {
    Informer<Node> nodes = context.informer(Kinds.NODES);
    CidrLedger ledger = CidrLedger.of(config, context.meters());
    return Loop.<NodeIpamSnapshot>named("cidrallocator_node")
        .component("cidrAllocator")
        .on(nodes, new NodeCidrMapper(ledger))
        .reading(new NodeIpamReader(nodes.lister(), ledger))
        .deciding(new NodeIpamReconciler())
        .workers(WORKERS)
        .startingCaughtUp()
        .build();
  }
}
