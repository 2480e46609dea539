package dev.kcm.controllers.lifecycle.namespace;

import dev.kcm.controllers.shared.objects.Timestamps;
import io.fabric8.kubernetes.api.model.NamespaceCondition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The five conditions of a namespace that is being deleted. {@code True} is trouble.
 *
 * <p>Immutable.
 */
final class NamespaceConditions {

  private NamespaceConditions() {}

  /**
   * The conditions after a pass. Those of other types stay, in their places; those that are what
   * they were stay equal, so that comparing tells whether there is anything to write.
   */
  static List<NamespaceCondition> after(
      List<NamespaceCondition> current, Findings findings, Instant now) {
    List<NamespaceCondition> next = new ArrayList<>(current);
    for (State state : states(findings)) {
      set(next, state, now);
    }
    return next;
  }

  private static List<State> states(Findings findings) {
    return List.of(
        State.of(
            "NamespaceDeletionDiscoveryFailure",
            findings.discovery() == null ? "" : findings.discovery(),
            "DiscoveryFailed",
            "ResourcesDiscovered",
            "All resources successfully discovered"),
        State.of(
            "NamespaceDeletionGroupVersionParsingFailure",
            String.join(", ", findings.unreadable()),
            "GroupVersionParsingFailed",
            "ParsedGroupVersions",
            "All legacy kube types successfully parsed"),
        State.of(
            "NamespaceDeletionContentFailure",
            failureText(findings.contentErrors()),
            "ContentDeletionFailed",
            "ContentDeleted",
            "All content successfully deleted, may be waiting on finalization"),
        State.of(
            "NamespaceContentRemaining",
            countText(
                "Some resources are remaining: ",
                "%s has %d resource instances",
                findings.remaining()),
            "SomeResourcesRemain",
            "ContentRemoved",
            "All content successfully removed"),
        State.of(
            "NamespaceFinalizersRemaining",
            countText(
                "Some content in the namespace has finalizers remaining: ",
                "%s in %d resource instances",
                findings.finalizers()),
            "SomeFinalizersRemain",
            "ContentHasNoFinalizers",
            "All content-preserving finalizers finished"));
  }

  private static String failureText(List<String> errors) {
    return errors.isEmpty()
        ? ""
        : "Failed to delete all resource types, %d remaining: %s"
            .formatted(errors.size(), errors.stream().sorted().collect(Collectors.joining(", ")));
  }

  private static String countText(String intro, String entry, Map<String, Integer> counts) {
    return counts.isEmpty()
        ? ""
        : counts.entrySet().stream()
            .map(count -> entry.formatted(count.getKey(), count.getValue()))
            .sorted()
            .collect(Collectors.joining(", ", intro, ""));
  }

  private static void set(List<NamespaceCondition> conditions, State state, Instant now) {
    for (int i = 0; i < conditions.size(); i++) {
      NamespaceCondition old = conditions.get(i);
      if (state.type().equals(old.getType())) {
        if (!state.isSaidBy(old)) {
          boolean flips = !state.status().equals(old.getStatus());
          conditions.set(
              i, state.asCondition(flips ? Timestamps.format(now) : old.getLastTransitionTime()));
        }
        return;
      }
    }
    conditions.add(state.asCondition(Timestamps.format(now)));
  }

  /** What a condition should say. */
  private record State(String type, String status, String reason, String message) {

    /**
     * Trouble, or the lack of it.
     *
     * @param problem empty when there is none
     */
    static State of(String type, String problem, String bad, String good, String allIsWell) {
      return problem.isEmpty()
          ? new State(type, "False", good, allIsWell)
          : new State(type, "True", bad, problem);
    }

    boolean isSaidBy(NamespaceCondition condition) {
      return status.equals(condition.getStatus())
          && Objects.equals(reason, condition.getReason())
          && Objects.equals(message, condition.getMessage());
    }

    NamespaceCondition asCondition(String lastTransitionTime) {
      return new NamespaceCondition(lastTransitionTime, message, reason, status, type);
    }
  }
}
