package dev.kcm.embedded.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The cells of one row while they are filled.
 *
 * <p><i>Confined to the calling thread.</i>
 */
final class Row {

  static final String NONE = "<none>";
  static final String UNSET = "<unset>";
  static final String UNKNOWN = "<unknown>";

  private final ArrayNode cells;
  private final Instant now;

  Row(ArrayNode cells, Instant now) {
    this.cells = cells;
    this.now = now;
  }

  Row name(JsonNode object) {
    return text(object.path("metadata").path("name"));
  }

  Row age(JsonNode object) {
    return text(since(object.path("metadata").path("creationTimestamp")));
  }

  Row text(String text) {
    cells.add(text);
    return this;
  }

  /** The text of a node, empty when it is absent. */
  Row text(JsonNode node) {
    cells.add(node.asText(""));
    return this;
  }

  /** The text of a node, or another text when it is absent or empty. */
  Row textOr(JsonNode node, String other) {
    return text(orElse(node, other));
  }

  /** The number of a node, 0 when it is absent. */
  Row number(JsonNode node) {
    return number(node.asLong(0));
  }

  Row number(long number) {
    cells.add(number);
    return this;
  }

  /** A cell without a value. */
  Row nothing() {
    cells.addNull();
    return this;
  }

  Row flag(boolean flag) {
    cells.add(flag);
    return this;
  }

  /** The time since a timestamp, {@code <unknown>} when it is absent. */
  String since(JsonNode timestamp) {
    Instant start = instant(timestamp);
    return start.equals(Instant.MIN) ? UNKNOWN : since(start);
  }

  /** The time since an instant. */
  String since(Instant start) {
    return HumanDuration.of(Duration.between(start, now).toMillis() / 1000);
  }

  /** A timestamp; the earliest possible one when it is absent or none. */
  static Instant instant(JsonNode timestamp) {
    String text = timestamp.asText("");
    if (text.isEmpty()) {
      return Instant.MIN;
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      return Instant.MIN;
    }
  }

  static String orElse(JsonNode node, String other) {
    String text = node.asText("");
    return text.isEmpty() ? other : text;
  }

  /** Whether a node is there and not null. */
  static boolean isSet(JsonNode node) {
    return !node.isMissingNode() && !node.isNull();
  }

  /** The first items, and how many more there are. */
  static String shortened(List<String> items, int max, String separator) {
    if (items.size() <= max) {
      return String.join(separator, items);
    }
    return String.join(separator, items.subList(0, max))
        + " + "
        + (items.size() - max)
        + " more...";
  }
}
