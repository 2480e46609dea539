package dev.kcm.embedded.resource;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A parsed label selector such as {@code app=web,tier in (a,b),!old}.
 *
 * <p><i>Immutable.</i>
 */
public final class LabelSelector {

  private static final LabelSelector EVERYTHING = new LabelSelector(List.of());

  private final List<Requirement> requirements;

  private LabelSelector(List<Requirement> requirements) {
    this.requirements = List.copyOf(requirements);
  }

  /**
   * Parses the text form: requirements separated by commas, all of which must hold.
   *
   * @param text a selector; empty or blank selects everything
   * @throws IllegalArgumentException when the text is no selector; the message is the one the API
   *     answers with
   */
  public static LabelSelector parse(String text) {
    List<Requirement> requirements = new LabelSelectorParser(text).parse();
    return requirements.isEmpty() ? EVERYTHING : new LabelSelector(requirements);
  }

  /** Whether an object with these labels is selected. */
  public boolean matches(Map<String, String> labels) {
    for (Requirement requirement : requirements) {
      if (!requirement.matches(labels.get(requirement.key()))) {
        return false;
      }
    }
    return true;
  }

  /** Whether everything is selected. */
  public boolean isEmpty() {
    return requirements.isEmpty();
  }

  /** The canonical text form. */
  @Override
  public String toString() {
    return requirements.stream().map(Requirement::toString).collect(Collectors.joining(","));
  }

  /** What a requirement asks of the value under its key. */
  enum Operator {
    EXISTS,
    ABSENT,
    IN,
    NOT_IN,
    GREATER,
    LESS
  }

  /**
   * One condition.
   *
   * @param key label key
   * @param operator the condition
   * @param values the set of values, empty for existence tests
   * @param bound the number to compare with, 0 unless the operator compares
   */
  record Requirement(String key, Operator operator, Set<String> values, long bound) {

    boolean matches(@Nullable String value) {
      return switch (operator) {
        case EXISTS -> value != null;
        case ABSENT -> value == null;
        case IN -> value != null && values.contains(value);
        case NOT_IN -> value == null || !values.contains(value);
        case GREATER -> value != null && Decimals.isLong(value) && Long.parseLong(value) > bound;
        case LESS -> value != null && Decimals.isLong(value) && Long.parseLong(value) < bound;
      };
    }

    @Override
    public String toString() {
      String list = values.stream().sorted().collect(Collectors.joining(","));
      return switch (operator) {
        case EXISTS -> key;
        case ABSENT -> "!" + key;
        case IN -> values.size() == 1 ? key + "=" + list : key + " in (" + list + ")";
        case NOT_IN -> values.size() == 1 ? key + "!=" + list : key + " notin (" + list + ")";
        case GREATER -> key + ">" + bound;
        case LESS -> key + "<" + bound;
      };
    }
  }
}
