package dev.kcm.core.informer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.Iterator;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Finds where two JSON texts differ. Stateless; the mapper is not changed. */
final class JsonDifference {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private JsonDifference() {}

  /** The JSON path of the first difference, for example {@code $.metadata.labels['a/b']}. */
  static String path(byte[] before, byte[] after) {
    try {
      return path("$", MAPPER.readTree(before), MAPPER.readTree(after));
    } catch (IOException unreadable) {
      return "$";
    }
  }

  private static String path(String at, JsonNode before, JsonNode after) {
    if (before.isObject() && after.isObject()) {
      Set<String> names = new TreeSet<>();
      addNames(before, names);
      addNames(after, names);
      for (String name : names) {
        JsonNode old = before.path(name);
        JsonNode now = after.path(name);
        if (!old.equals(now)) {
          return path(at + step(name), old, now);
        }
      }
    } else if (before.isArray() && after.isArray()) {
      for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
        JsonNode old = i < before.size() ? before.get(i) : MissingNode.getInstance();
        JsonNode now = i < after.size() ? after.get(i) : MissingNode.getInstance();
        if (!old.equals(now)) {
          return path(at + "[" + i + "]", old, now);
        }
      }
    }
    return at;
  }

  private static void addNames(JsonNode node, Set<String> names) {
    for (Iterator<String> each = node.fieldNames(); each.hasNext(); ) {
      names.add(each.next());
    }
  }

  private static String step(String name) {
    return PLAIN.matcher(name).matches() ? "." + name : "['" + name + "']";
  }
}
