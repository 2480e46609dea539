package dev.kcm.controllers.node.nodeipam;

import dev.kcm.controllers.shared.nodes.TestNode;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.object.ResourceType;
import dev.kcm.testkit.Gen;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.ReconcilerLaws;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

class NodeIpamLawsTest extends ReconcilerLaws<NodeIpamSnapshot> {

  private static final NodeIpamConfig CONFIG =
      new NodeIpamConfig(
          List.of(new ClusterRange("10.0.0.0/16", 24), new ClusterRange("fd00::/48", 64)),
          List.of("10.0.0.0/22"));

  @Override
  protected ResourceType<?> primary() {
    return Kinds.NODES;
  }

  @Override
  protected Gen<List<HasMetadata>> worlds() {
    return random -> {
      List<HasMetadata> world = new ArrayList<>();
      for (int i = Gen.ints(0, 6).next(random); i > 0; i--) {
        TestNode node = TestNode.named("node-" + i);
        if (random.nextInt(3) == 0) {
          node.podCidrs("10.0." + (4 + i) + ".0/24", "fd00:0:0:" + i + "::/64");
        }
        world.add(node.build());
      }
      return world;
    };
  }

  @Override
  protected ModelLoop<NodeIpamSnapshot> wire(ModelCaches caches) {
    return NodeIpamReconcilerTest.wire(caches, CONFIG);
  }

  /** No block is given out twice. */
  @Override
  protected void checkBounds(List<HasMetadata> start, ModelCluster cluster) {
    Set<String> seen = new HashSet<>();
    for (Node node : cluster.list(Node.class)) {
      for (String cidr : node.getSpec().getPodCIDRs()) {
        if (!seen.add(cidr)) {
          throw new AssertionError(cidr + " was given out twice");
        }
      }
    }
  }
}
