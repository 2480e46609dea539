package dev.kcm.controllers.node.nodelifecycle;

import dev.kcm.controllers.shared.nodes.NodeConditions;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.objects.Timestamps;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.RememberingReconciler;
import dev.kcm.core.plan.Turn;
import dev.kcm.core.plan.Verdict;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks after one node: says that it is lost when it has been silent for too long, marks its pods,
 * and keeps its taints and labels in line with its conditions.
 *
 * <p>Immutable.
 */
final class NodeReconciler implements RememberingReconciler<NodeSnapshot, NodeMemory> {

  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final String LOST = "the kubelet has been silent for too long";
  private static final String TAINTS = "taints or labels differ from what the node says of itself";

  @Override
  public Turn<NodeMemory> decide(NodeSnapshot snapshot, NodeMemory memory, Instant now) {
    Node node = snapshot.node();
    if (node == null) {
      return new Turn<>(farewell(snapshot.name(), memory), NodeMemory.NONE);
    }
    List<Action> news = new ArrayList<>();
    if (!memory.uid().equals(node.getMetadata().getUid())) {
      news.add(NodeLifecycleReasons.registered(node));
    }
    Duration left = untilLost(snapshot, node, now);
    boolean due = left.isZero() || left.isNegative();
    Optional<Node> lost = due ? LostNode.of(node, now) : Optional.empty();
    return lost.isPresent()
        ? loss(snapshot, node, lost.get(), memory, news, now)
        : care(snapshot, node, memory, news, due ? Verdict.DONE : Verdict.after(left), now);
  }

  private static Plan farewell(String name, NodeMemory memory) {
    return memory.equals(NodeMemory.NONE)
        ? Plan.NOTHING
        : Plan.of(NodeLifecycleReasons.removing(name, memory.uid()));
  }

  /** A node that has never reported has the time from its creation on, or from a lease on. */
  private static Duration untilLost(NodeSnapshot snapshot, Node node, Instant now) {
    NodeLifecycleConfig config = snapshot.config();
    if (NodeConditions.of(node, NodeConditions.READY) != null) {
      Duration silence = snapshot.silence() == null ? age(node, now) : snapshot.silence();
      return config.monitorGracePeriod().minus(silence);
    }
    Duration silence = age(node, now);
    if (snapshot.silence() != null && snapshot.silence().compareTo(silence) < 0) {
      silence = snapshot.silence();
    }
    return config.startupGracePeriod().minus(silence);
  }

  private static Duration age(Node node, Instant now) {
    Instant created = Timestamps.parse(node.getMetadata().getCreationTimestamp()).orElse(now);
    return created.isAfter(now) ? Duration.ZERO : Duration.between(created, now);
  }

  /** Readiness first: what follows from it waits until the server has it. */
  private static Turn<NodeMemory> loss(
      NodeSnapshot snapshot,
      Node node,
      Node lost,
      NodeMemory memory,
      List<Action> news,
      Instant now) {
    List<Action> actions = new ArrayList<>(news);
    actions.add(Action.updateStatus(Kinds.NODES, lost, LOST));
    boolean wasReady = NodeConditions.isReady(node);
    if (wasReady) {
      actions.add(NodeLifecycleReasons.notReady(node));
    }
    boolean marks =
        wasReady || memory.marksPods() || NodeConditions.of(node, NodeConditions.READY) == null;
    return new Turn<>(
        plan(actions, marks ? snapshot.pods() : List.of(), Verdict.DONE, now),
        new NodeMemory(node.getMetadata().getUid(), marks));
  }

  private static Turn<NodeMemory> care(
      NodeSnapshot snapshot,
      Node node,
      NodeMemory memory,
      List<Action> news,
      Verdict end,
      Instant now) {
    List<Action> actions = new ArrayList<>(news);
    NodePatch.of(node, ConditionTaints.next(node, now), NodeLabels.missing(node), TAINTS)
        .ifPresent(actions::add);
    List<Pod> missed =
        memory.marksPods() && !NodeConditions.isReady(node)
            ? snapshot.pods().stream().filter(PodsNotReady::isToBeMarked).toList()
            : List.of();
    return new Turn<>(
        plan(actions, missed, end, now),
        new NodeMemory(node.getMetadata().getUid(), !missed.isEmpty()));
  }

  private static Plan plan(List<Action> actions, List<Pod> pods, Verdict end, Instant now) {
    List<Action> measured = new ArrayList<>(actions);
    measured.add(Action.Measure.elapsed(ZoneMeasures.ONE_NODE, Map.of(), "the node was looked at"));
    return actions.isEmpty() && pods.isEmpty()
        ? Plan.of(measured).ending(end)
        : Plan.of(measured)
            .then(
                report ->
                    report
                        .firstRejected()
                        .map(rejected -> Plan.verdict(again(rejected.error())))
                        .orElseGet(() -> PodsNotReady.mark(pods, now, end)));
  }

  /** A conflict only means that the cache has not caught up. */
  private static Verdict again(ApiError error) {
    return error.kind() == ApiError.Kind.CONFLICT ? Verdict.after(PAUSE) : Verdict.retry(error);
  }
}
