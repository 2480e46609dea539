package dev.kcm.controllers.shared.objects;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A label selector, read once and asked often.
 *
 * <p>A missing selector matches nothing, an empty one everything. One that breaks the rules for
 * keys, operators or values matches nothing either, and says why in {@link #problem()}.
 *
 * <p>Immutable.
 */
public final class LabelMatcher {

  private static final LabelMatcher NOTHING = new LabelMatcher(List.of(), false, null);

  private final List<Requirement> requirements;
  private final boolean mayMatch;
  private final @Nullable String problem;

  private LabelMatcher(List<Requirement> requirements, boolean mayMatch, @Nullable String problem) {
    this.requirements = List.copyOf(requirements);
    this.mayMatch = mayMatch;
    this.problem = problem;
  }

  /** Reads a selector; null is a missing one. */
  public static LabelMatcher of(@Nullable LabelSelector selector) {
    if (selector == null) {
      return NOTHING;
    }
    List<Requirement> requirements = new ArrayList<>(equalities(selector.getMatchLabels()));
    for (LabelSelectorRequirement expression : selector.getMatchExpressions()) {
      requirements.add(
          new Requirement(
              orEmpty(expression.getKey()),
              orEmpty(expression.getOperator()),
              expression.getValues()));
    }
    return checked(requirements);
  }

  /** Reads a map of labels that must all be there; null is the same as empty. */
  public static LabelMatcher ofLabels(@Nullable Map<String, String> labels) {
    return checked(equalities(labels));
  }

  /** Whether labels satisfy the selector; null is the same as no labels. */
  public boolean matches(@Nullable Map<String, String> labels) {
    Map<String, String> given = labels == null ? Map.of() : labels;
    return mayMatch && requirements.stream().allMatch(r -> r.holdsFor(given));
  }

  /** Whether it has no requirement, so that it matches everything or nothing at all. */
  public boolean isEmpty() {
    return requirements.isEmpty();
  }

  /** What is wrong with it; empty when nothing is. */
  public Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  private static LabelMatcher checked(List<Requirement> requirements) {
    for (Requirement requirement : requirements) {
      Optional<String> problem = requirement.problem();
      if (problem.isPresent()) {
        return new LabelMatcher(List.of(), false, problem.get());
      }
    }
    return new LabelMatcher(requirements, true, null);
  }

  private static List<Requirement> equalities(@Nullable Map<String, String> labels) {
    if (labels == null) {
      return List.of();
    }
    return labels.entrySet().stream()
        .map(e -> new Requirement(e.getKey(), Requirement.IN, List.of(orEmpty(e.getValue()))))
        .toList();
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /**
   * One requirement.
   *
   * @param key label key
   * @param operator one of the four known, or anything the user wrote
   * @param values for In and NotIn
   */
  private record Requirement(String key, String operator, List<String> values) {

    private static final String IN = "In";
    private static final String NOT_IN = "NotIn";
    private static final String EXISTS = "Exists";
    private static final String DOES_NOT_EXIST = "DoesNotExist";
    private static final Set<String> WITH_VALUES = Set.of(IN, NOT_IN);
    private static final Set<String> WITHOUT_VALUES = Set.of(EXISTS, DOES_NOT_EXIST);

    private boolean holdsFor(Map<String, String> labels) {
      return switch (operator) {
        case IN -> labels.containsKey(key) && values.contains(labels.get(key));
        case NOT_IN -> !labels.containsKey(key) || !values.contains(labels.get(key));
        case EXISTS -> labels.containsKey(key);
        default -> !labels.containsKey(key);
      };
    }

    private Optional<String> problem() {
      if (!WITH_VALUES.contains(operator) && !WITHOUT_VALUES.contains(operator)) {
        return Optional.of(
            "\""
                + operator
                + "\" is not a valid label selector operator, allowed: In, NotIn,"
                + " Exists, DoesNotExist");
      }
      if (!LabelSyntax.isKey(key)) {
        return Optional.of("\"" + key + "\" is not a valid label key");
      }
      if (WITH_VALUES.contains(operator) == values.isEmpty()) {
        return Optional.of(
            operator
                + " of label \""
                + key
                + "\" has values "
                + values
                + ", allowed: "
                + (values.isEmpty() ? "one or more" : "none"));
      }
      return values.stream()
          .filter(value -> !LabelSyntax.isValue(value))
          .findFirst()
          .map(value -> "\"" + value + "\" is not a valid value of label \"" + key + "\"");
    }
  }
}
