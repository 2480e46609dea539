package dev.kcm.controllers.node.nodelifecycle;

import dev.kcm.controllers.shared.nodes.NodeConditions;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Reconciler;
import dev.kcm.core.plan.Verdict;
import java.time.Instant;
import java.util.List;

/**
 * Marks a pod that came to a node which is not ready.
 *
 * <p>Immutable.
 */
final class StrandedPodReconciler implements Reconciler<StrandedPodSnapshot> {

  @Override
  public Plan decide(StrandedPodSnapshot snapshot, Instant now) {
    String ready = NodeConditions.status(snapshot.node(), NodeConditions.READY);
    return ready.isEmpty() || ready.equals(NodeConditions.TRUE)
        ? Plan.NOTHING
        : PodsNotReady.mark(List.of(snapshot.pod()), now, Verdict.DONE);
  }
}
