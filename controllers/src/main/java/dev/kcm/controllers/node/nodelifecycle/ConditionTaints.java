package dev.kcm.controllers.node.nodelifecycle;

import dev.kcm.controllers.shared.nodes.NodeConditions;
import dev.kcm.controllers.shared.nodes.Taints;
import dev.kcm.controllers.shared.objects.Timestamps;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Taint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which taints a node has for its conditions. Taints of users and of other controllers stay as they
 * are, and those that stay keep the time they were added.
 *
 * <p>Immutable.
 */
final class ConditionTaints {

  static final String NOT_READY = "node.kubernetes.io/not-ready";
  static final String UNREACHABLE = "node.kubernetes.io/unreachable";

  /** Types of conditions that matter. */
  static final List<String> TYPES =
      List.of(
          NodeConditions.READY,
          "MemoryPressure",
          "DiskPressure",
          "PIDPressure",
          "NetworkUnavailable");

  private static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";
  private static final Map<String, String> KEY_BY_CONDITION =
      Map.of(
          "MemoryPressure", "node.kubernetes.io/memory-pressure",
          "DiskPressure", "node.kubernetes.io/disk-pressure",
          "PIDPressure", "node.kubernetes.io/pid-pressure",
          "NetworkUnavailable", "node.kubernetes.io/network-unavailable");
  private static final Set<String> HEALTH = Set.of(NOT_READY, UNREACHABLE);

  private ConditionTaints() {}

  /** Whether users want no new pods there. */
  static boolean isUnschedulable(Node node) {
    return node.getSpec() != null && Boolean.TRUE.equals(node.getSpec().getUnschedulable());
  }

  /** Whether it has a taint that sends pods away for its health. */
  static boolean hasHealthTaint(Node node) {
    return Taints.has(node, NOT_READY, Taints.NO_EXECUTE)
        || Taints.has(node, UNREACHABLE, Taints.NO_EXECUTE);
  }

  /** The key of the health taint its readiness asks for; empty when it asks for none. */
  static Optional<String> healthKey(Node node) {
    return switch (NodeConditions.status(node, NodeConditions.READY)) {
      case NodeConditions.FALSE -> Optional.of(NOT_READY);
      case NodeConditions.UNKNOWN -> Optional.of(UNREACHABLE);
      default -> Optional.empty();
    };
  }

  /**
   * The taints a node should have right now: new pods are kept away by what its conditions say, and
   * the taint that sends pods away goes or changes its key. It is never added here: that is done
   * zone by zone, at a limited rate.
   *
   * @return empty when it has them
   */
  static Optional<List<Taint>> next(Node node, Instant now) {
    Set<String> noSchedule = noScheduleKeys(node);
    Optional<String> health = hasHealthTaint(node) ? healthKey(node) : Optional.empty();
    boolean keepsHealth = NodeConditions.status(node, NodeConditions.READY).isEmpty();
    List<Taint> next = new ArrayList<>();
    for (Taint taint : Taints.of(node)) {
      boolean goes =
          isHealth(taint)
              ? !keepsHealth && health.filter(taint.getKey()::equals).isEmpty()
              : isByCondition(taint) && !noSchedule.contains(taint.getKey());
      if (!goes) {
        next.add(taint);
      }
    }
    noSchedule.forEach(key -> addIfMissing(next, key, Taints.NO_SCHEDULE, now));
    health.ifPresent(key -> addIfMissing(next, key, Taints.NO_EXECUTE, now));
    return next.equals(Taints.of(node)) ? Optional.empty() : Optional.of(next);
  }

  /** The taints of a node, with the one that sends pods away for its health. */
  static Optional<List<Taint>> withHealthTaint(Node node, Instant now) {
    return healthKey(node)
        .map(
            key -> {
              List<Taint> next = withoutOtherHealth(node, key);
              addIfMissing(next, key, Taints.NO_EXECUTE, now);
              return next;
            })
        .filter(next -> !next.equals(Taints.of(node)));
  }

  /** The taints of a node without those that send pods away for its health. */
  static Optional<List<Taint>> withoutHealthTaints(Node node) {
    List<Taint> next = withoutOtherHealth(node, "");
    return next.equals(Taints.of(node)) ? Optional.empty() : Optional.of(next);
  }

  private static List<Taint> withoutOtherHealth(Node node, String kept) {
    List<Taint> next = new ArrayList<>(Taints.of(node));
    next.removeIf(taint -> isHealth(taint) && !taint.getKey().equals(kept));
    return next;
  }

  private static Set<String> noScheduleKeys(Node node) {
    Set<String> keys = new LinkedHashSet<>();
    healthKey(node).ifPresent(keys::add);
    for (String type : TYPES) {
      String key = KEY_BY_CONDITION.get(type);
      if (key != null && NodeConditions.TRUE.equals(NodeConditions.status(node, type))) {
        keys.add(key);
      }
    }
    if (isUnschedulable(node)) {
      keys.add(UNSCHEDULABLE);
    }
    return keys;
  }

  private static boolean isHealth(Taint taint) {
    return Taints.is(taint, Taints.NO_EXECUTE) && HEALTH.contains(taint.getKey());
  }

  private static boolean isByCondition(Taint taint) {
    String key = taint.getKey();
    return Taints.is(taint, Taints.NO_SCHEDULE)
        && (HEALTH.contains(key)
            || UNSCHEDULABLE.equals(key)
            || KEY_BY_CONDITION.containsValue(key));
  }

  private static void addIfMissing(List<Taint> taints, String key, String effect, Instant now) {
    boolean missing =
        taints.stream().noneMatch(t -> key.equals(t.getKey()) && Taints.is(t, effect));
    if (missing) {
      taints.add(new Taint(effect, key, Timestamps.format(now), null));
    }
  }
}
