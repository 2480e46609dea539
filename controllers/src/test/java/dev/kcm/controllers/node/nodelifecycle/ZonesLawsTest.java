package dev.kcm.controllers.node.nodelifecycle;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.testkit.Gen;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.ReconcilerLaws;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import java.util.ArrayList;
import java.util.List;

class ZonesLawsTest extends ReconcilerLaws<ZonesSnapshot> {

  @Override
  protected ResourceType<?> primary() {
    return Kinds.NODES;
  }

  @Override
  protected List<ObjectKey> keys(ModelCluster cluster) {
    return List.of(ZonesMapper.ALL);
  }

  /** How fast a zone may be emptied depends on the share of its nodes that are lost. */
  @Override
  protected boolean surveys() {
    return true;
  }

  @Override
  protected Gen<List<HasMetadata>> worlds() {
    return random -> {
      List<HasMetadata> world = new ArrayList<>();
      for (int i = Gen.ints(0, 7).next(random); i > 0; i--) {
        world.add(NodeLawsTest.node("node-" + i, random));
      }
      return world;
    };
  }

  @Override
  protected ModelLoop<ZonesSnapshot> wire(ModelCaches caches) {
    return ZonesReconcilerTest.wire(caches, NodeLifecycleConfig.defaults());
  }

  /** Nodes that are ready are never tainted. */
  @Override
  protected void checkBounds(List<HasMetadata> start, ModelCluster cluster) {
    for (HasMetadata object : start) {
      Node before = (Node) object;
      if (ConditionTaints.healthKey(before).isPresent() || ConditionTaints.hasHealthTaint(before)) {
        continue;
      }
      boolean tainted =
          cluster
              .get(Node.class, ObjectKey.of(before))
              .filter(ConditionTaints::hasHealthTaint)
              .isPresent();
      if (tainted) {
        throw new AssertionError(
            "a node that is well was tainted: " + before.getMetadata().getName());
      }
    }
  }
}
