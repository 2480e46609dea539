package dev.kcm.controllers.apps.replicaset;

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
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.util.List;

/**
 * The ReplicaSet controller: names and wiring.
 *
 * <p>Immutable.
 */
public final class ReplicaSetController {

  /** Canonical name. */
  public static final String NAME = "replicaset-controller";

  private static final String TERMINATING_REPLICAS = "DeploymentReplicaSetTerminatingReplicas";
  private static final String POD_DELETION_COST = "PodDeletionCost";

  private ReplicaSetController() {}

  /** The controller with the given tunables. */
  public static ControllerSpec spec(ReplicaSetConfig config) {
    return ControllerSpec.named(NAME)
        .alias("replicaset")
        .client(NAME)
        .access(
            Access.to(ReplicaSetKind.TYPE)
                .watch("what is wanted")
                .get(
                    "the live owner before the first adoption of a run, and after a status write failed"),
            Access.to(ReplicaSetKind.TYPE, "status").update("counts, generation, condition"),
            PluginAccess.blockDeletionOf(ReplicaSetKind.TYPE),
            Access.to(PodStates.TYPE)
                .watch("what is there")
                .with("scaling", "create", "delete")
                .patch("adoption and release"),
            Access.toRecordEvents())
        .wiredBy(context -> List.of(loop(context, config)));
  }

  private static Loop<ReplicasSnapshot> loop(ControllerContext context, ReplicaSetConfig config) {
    Informer<ReplicaSet> sets = context.informer(ReplicaSetKind.TYPE);
    Informer<Pod> pods = context.informer(PodStates.TYPE);
    ReplicasConfig engine =
        ReplicasConfig.defaults()
            .withPodDeletionCost(context.enabled(POD_DELETION_COST))
            .withTerminatingReplicas(context.enabled(TERMINATING_REPLICAS));
    return Loop.<ReplicasSnapshot>named("replicaset")
        .component(NAME)
        .on(sets, OwnerMapper.INSTANCE)
        .on(pods, PodMapper.to(ReplicaSetKind.KIND, sets.lister()))
        .reading(
            ReplicasReader.of(ReplicaSetKind.KIND, engine, sets, pods, SiblingPods.in(sets, pods)))
        .deciding(new ReplicasReconciler(ReplicaSetKind.KIND))
        .measuring(ReplicasMetrics.in(context.meters()))
        .workers(config.concurrentSyncs())
        .build();
  }
}
