package dev.kcm.controllers.node.ttl;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.object.ResourceType;
import dev.kcm.testkit.Gen;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.ReconcilerLaws;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

class TtlLawsTest extends ReconcilerLaws<TtlSnapshot> {

  @Override
  protected ResourceType<?> primary() {
    return Kinds.NODES;
  }

  @Override
  protected Gen<List<HasMetadata>> worlds() {
    return random -> {
      List<HasMetadata> world = new ArrayList<>();
      for (int i = Gen.ints(0, 6).next(random); i > 0; i--) {
        world.add(node("node-" + i, random));
      }
      return world;
    };
  }

  @Override
  protected ModelLoop<TtlSnapshot> wire(ModelCaches caches) {
    Informer<Node> nodes = caches.informer(Kinds.NODES);
    return ModelLoop.<TtlSnapshot>over(caches)
        .on(nodes, Enqueue.self())
        .reading(new TtlReader(nodes.lister()))
        .deciding(new TtlReconciler());
  }

  /** Nothing but the one annotation is touched. */
  @Override
  protected void checkBounds(List<HasMetadata> start, ModelCluster cluster) {
    for (Node node : cluster.list(Node.class)) {
      if (!"y".equals(node.getMetadata().getAnnotations().get("x"))) {
        throw new AssertionError("another annotation was changed");
      }
    }
  }

  private static Node node(String name, RandomGenerator random) {
    NodeBuilder node =
        new NodeBuilder()
            .withNewMetadata()
            .withName(name)
            .withAnnotations(Map.of("x", "y"))
            .endMetadata();
    if (random.nextBoolean()) {
      String value = Gen.pick(List.of("0", "15", "junk")).next(random);
      node = node.editMetadata().addToAnnotations(TtlReconciler.ANNOTATION, value).endMetadata();
    }
    return node.build();
  }
}
