package dev.kcm.controllers.node.tainteviction;

import dev.kcm.controllers.shared.evictions.Countdown;
import dev.kcm.controllers.shared.evictions.EvictionMetrics;
import dev.kcm.controllers.shared.nodes.Uptime;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.controllers.shared.pods.PodsOfNode;
import dev.kcm.core.access.Access;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.manager.ControllerContext;
import dev.kcm.core.manager.ControllerSpec;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/**
 * The taint eviction controller: names and wiring.
 *
 * <p>Immutable.
 */
public final class TaintEvictionController {

  /** Canonical name. */
  public static final String NAME = "taint-eviction-controller";

  private static final String CLIENT = "node-controller";
  private static final String OBSERVED_GENERATION = "PodObservedGenerationTracking";
  private static final int WORKERS = 8;

  private TaintEvictionController() {}

  /** The controller; it has nothing to tune. */
  public static ControllerSpec spec() {
    return ControllerSpec.named(NAME)
        .client(CLIENT)
        .access(
            Access.to(PodStates.TYPE)
                .watch("tolerations and node")
                .get("whether the condition is set already")
                .delete("with the pod's own grace and the UID seen"),
            Access.to(PodStates.TYPE, "status").patch("condition DisruptionTarget"),
            Access.to(Kinds.NODES).watch("taints"),
            Access.toRecordEvents())
        .wiredBy(context -> List.of(loop(context)));
  }

  private static Loop<TaintEvictionSnapshot> loop(ControllerContext context) {
    Informer<Pod> pods = context.informer(PodStates.TYPE);
    Informer<Node> nodes = context.informer(Kinds.NODES);
    PodsOfNode.ensure(pods);
    Uptime uptime = Uptime.of(context.environment().ticker());
    return Loop.<TaintEvictionSnapshot>named("noexec_taint_pod")
        .component(NAME)
        .on(pods, new PodMapper())
        .on(nodes, new NodeMapper(pods.lister()))
        .reading(
            new TaintEvictionReader(
                pods.lister(), nodes.lister(), uptime, context.enabled(OBSERVED_GENERATION)))
        .deciding(new TaintEvictionReconciler(), Countdown.NONE)
        .measuring(metrics(context.meters(), uptime))
        .workers(WORKERS)
        .build();
  }

  static EvictionMetrics metrics(MeterRegistry meters, Uptime uptime) {
    return EvictionMetrics.in(
        meters,
        "taint_eviction_controller",
        "Total number of Pods deleted by TaintEvictionController since its start.",
        "Latency, in seconds, between the time when a taint effect has been activated for the"
            + " Pod and its deletion via TaintEvictionController.",
        uptime::now);
  }
}
