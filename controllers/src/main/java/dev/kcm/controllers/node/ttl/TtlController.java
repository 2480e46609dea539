package dev.kcm.controllers.node.ttl;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.access.Access;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.manager.ControllerContext;
import dev.kcm.core.manager.ControllerSpec;
import io.fabric8.kubernetes.api.model.Node;
import java.util.List;

/**
 * The TTL controller: names and wiring.
 *
 * <p>Immutable.
 */
public final class TtlController {

  /** Canonical name. */
  public static final String NAME = "ttl-controller";

  private static final int WORKERS = 5;

  private TtlController() {}

  /** The controller; it has nothing to tune. */
  public static ControllerSpec spec() {
    return ControllerSpec.named(NAME)
        .alias("ttl")
        .client(NAME)
        .access(
            Access.to(Kinds.NODES)
                .watch("how many there are; the annotation")
                .patch("the annotation, where it says something else"))
        .wiredBy(context -> List.of(loop(context)));
  }

  private static Loop<TtlSnapshot> loop(ControllerContext context) {
    Informer<Node> nodes = context.informer(Kinds.NODES);
    return Loop.<TtlSnapshot>named("ttlcontroller")
        .component(NAME)
        .on(nodes, Enqueue.self())
        .reading(new TtlReader(nodes.lister()))
        .deciding(new TtlReconciler())
        .workers(WORKERS)
        .build();
  }
}
