package dev.kcm.controllers.node.podgc;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.objects.Silent;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.core.access.Access;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.manager.ControllerContext;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;

/**
 * The pod garbage collector: names and wiring.
 *
 * <p>Immutable.
 */
public final class PodGcController {

  /** Canonical name. */
  public static final String NAME = "pod-garbage-collector-controller";

  /** The only key. */
  static final ObjectKey PASS = new ObjectKey("", "pass");

  private static final String CLIENT = "pod-garbage-collector";
  private static final String OBSERVED_GENERATION = "PodObservedGenerationTracking";

  private PodGcController() {}

  /** The controller with the given tunables. */
  public static ControllerSpec spec(PodGcConfig config) {
    return ControllerSpec.named(NAME)
        .alias("podgc")
        .client(CLIENT)
        .access(
            Access.to(PodStates.TYPE)
                .watch("what may have to go")
                .delete("with grace 0 and the UID seen"),
            Access.to(PodStates.TYPE, "status").patch("marking as failed"),
            Access.to(Kinds.NODES)
                .watch("those that are missing or out of service")
                .get("whether one is really gone"))
        .wiredBy(context -> List.of(loop(context, config)));
  }

  private static Loop<PodGcSnapshot> loop(ControllerContext context, PodGcConfig config) {
    Informer<Pod> pods = context.informer(PodStates.TYPE);
    Informer<Node> nodes = context.informer(Kinds.NODES);
    return Loop.<PodGcSnapshot>named("orphaned_pods_nodes")
        .component(CLIENT)
        .on(pods, new Silent<>())
        .on(nodes, new Silent<>())
        .startingWith(PASS)
        .reading(
            PodGcReader.of(
                config,
                context.enabled(OBSERVED_GENERATION),
                pods,
                nodes,
                context.environment().ticker()))
        .deciding(new PodGcReconciler())
        .measuring(PodGcMetrics.in(context.meters()))
        .build();
  }
}
