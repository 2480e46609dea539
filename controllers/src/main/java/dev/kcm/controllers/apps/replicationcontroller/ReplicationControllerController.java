package dev.kcm.controllers.apps.replicationcontroller;

import dev.kcm.controllers.shared.objects.PluginAccess;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.controllers.shared.replicas.OwnerMapper;
import dev.kcm.controllers.shared.replicas.PodMapper;
import dev.kcm.controllers.shared.replicas.ReplicasConfig;
import dev.kcm.controllers.shared.replicas.ReplicasMetrics;
import dev.kcm.controllers.shared.replicas.ReplicasReader;
import dev.kcm.controllers.shared.replicas.ReplicasReconciler;
import dev.kcm.controllers.shared.replicas.ReplicasSnapshot;
import dev.kcm.core.access.Access;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.manager.ControllerContext;
import dev.kcm.core.manager.ControllerSpec;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ReplicationController;
import java.util.List;

/**
 * The ReplicationController controller: names and wiring.
 *
 * <p>Immutable.
 */
public final class ReplicationControllerController {

  /** Canonical name. */
  public static final String NAME = "replicationcontroller-controller";

  /** Client identity and source of events; older than the canonical name, and kept. */
  private static final String COMPONENT = "replication-controller";

  private static final String POD_DELETION_COST = "PodDeletionCost";

  private ReplicationControllerController() {}

  /** The controller with the given tunables. */
  public static ControllerSpec spec(ReplicationControllerConfig config) {
    return ControllerSpec.named(NAME)
        .alias("replicationcontroller")
        .client(COMPONENT)
        .access(
            Access.to(ReplicationControllerKind.TYPE)
                .watch("what is wanted")
                .get(
                    "the live owner before the first adoption of a run, and after a status write failed"),
            Access.to(ReplicationControllerKind.TYPE, "status")
                .update("counts, generation, condition"),
            PluginAccess.blockDeletionOf(ReplicationControllerKind.TYPE),
            Access.to(PodStates.TYPE)
                .watch("what is there")
                .with("scaling", "create", "delete")
                .patch("adoption and release"),
            Access.toRecordEvents())
        .wiredBy(context -> List.of(loop(context, config)));
  }

  private static Loop<ReplicasSnapshot> loop(
      ControllerContext context, ReplicationControllerConfig config) {
    Informer<ReplicationController> controllers = context.informer(ReplicationControllerKind.TYPE);
    Informer<Pod> pods = context.informer(PodStates.TYPE);
    ReplicasConfig engine =
        ReplicasConfig.defaults().withPodDeletionCost(context.enabled(POD_DELETION_COST));
    return Loop.<ReplicasSnapshot>named("replicationmanager")
        .component(COMPONENT)
        .on(controllers, OwnerMapper.INSTANCE)
        .on(pods, PodMapper.to(ReplicationControllerKind.KIND, controllers.lister()))
        .reading(
            ReplicasReader.of(
                ReplicationControllerKind.KIND, engine, controllers, pods, noSiblings -> List.of()))
        .deciding(new ReplicasReconciler(ReplicationControllerKind.KIND))
        .measuring(ReplicasMetrics.in(context.meters()))
        .workers(config.concurrentSyncs())
        .build();
  }
}
