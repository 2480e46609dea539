package dev.kcm.embedded.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Matches what pods require of nodes with the nodes' labels and names. Stateless. */
final class NodeAffinity {

  private NodeAffinity() {}

  /** Whether the node meets the pod's node selector and its required affinity. */
  static boolean matches(JsonNode pod, JsonNode node) {
    JsonNode labels = node.path("metadata").path("labels");
    boolean selected =
        pod.path("spec").path("nodeSelector").properties().stream()
            .allMatch(
                wanted ->
                    labels.path(wanted.getKey()).asText("\0").equals(wanted.getValue().asText()));
    JsonNode required =
        pod.at("/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution");
    return selected && (required.isMissingNode() || matchesAny(required, node));
  }

  private static boolean matchesAny(JsonNode required, JsonNode node) {
    for (JsonNode term : required.path("nodeSelectorTerms")) {
      boolean empty = term.path("matchExpressions").isEmpty() && term.path("matchFields").isEmpty();
      if (!empty && matchesTerm(term, node)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matchesTerm(JsonNode term, JsonNode node) {
    for (JsonNode expression : term.path("matchExpressions")) {
      JsonNode label = node.path("metadata").path("labels").path(expression.path("key").asText());
      if (!matches(expression, label.isMissingNode() ? null : label.asText())) {
        return false;
      }
    }
    for (JsonNode field : term.path("matchFields")) {
      boolean byName = field.path("key").asText().equals("metadata.name");
      if (!byName || !matches(field, node.path("metadata").path("name").asText())) {
        return false;
      }
    }
    return true;
  }

  private static boolean matches(JsonNode expression, @Nullable String actual) {
    List<String> values = new ArrayList<>();
    expression.path("values").forEach(value -> values.add(value.asText()));
    return switch (expression.path("operator").asText()) {
      case "In" -> actual != null && values.contains(actual);
      case "NotIn" -> actual == null || !values.contains(actual);
      case "Exists" -> actual != null;
      case "DoesNotExist" -> actual == null;
      case "Gt" -> compare(actual, values) > 0;
      case "Lt" -> compare(actual, values) < 0;
      default -> false;
    };
  }

  /** How the label compares with the only value; 0 unless both are integers. */
  private static int compare(@Nullable String actual, List<String> values) {
    String integer = "-?[0-9]{1,18}";
    if (actual == null || values.size() != 1) {
      return 0;
    }
    String wanted = values.get(0);
    return actual.matches(integer) && wanted.matches(integer)
        ? Long.compare(Long.parseLong(actual), Long.parseLong(wanted))
        : 0;
  }
}
