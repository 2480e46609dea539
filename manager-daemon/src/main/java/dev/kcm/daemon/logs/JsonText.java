package dev.kcm.daemon.logs;

import dev.kcm.daemon.flags.GoDuration;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes logged values as JSON.
 *
 * <p><i>Immutable.</i>
 */
final class JsonText {

  private final ObjectNames names;

  JsonText(ObjectNames names) {
    this.names = names;
  }

  void append(StringBuilder out, @Nullable Object value) {
    if (value == null || value instanceof Boolean || isFinite(value)) {
      out.append(value);
    } else if (value instanceof Optional<?> optional) {
      append(out, optional.orElse(null));
    } else if (value instanceof Duration duration) {
      appendString(out, GoDuration.format(duration));
    } else if (value instanceof Throwable thrown) {
      appendString(out, ErrorText.of(thrown));
    } else if (value instanceof Map<?, ?> map) {
      appendMap(out, map);
    } else if (value instanceof Collection<?> collection) {
      appendList(out, collection);
    } else {
      appendObject(out, value);
    }
  }

  private static boolean isFinite(Object value) {
    return value instanceof Number number && Double.isFinite(number.doubleValue());
  }

  private void appendObject(StringBuilder out, Object value) {
    Optional<ObjectName> name =
        value instanceof ObjectName own ? Optional.of(own) : names.nameOf(value);
    if (name.isEmpty()) {
      appendString(out, String.valueOf(value));
      return;
    }
    out.append("{\"name\":");
    appendString(out, name.get().name());
    if (!name.get().namespace().isEmpty()) {
      out.append(",\"namespace\":");
      appendString(out, name.get().namespace());
    }
    out.append('}');
  }

  private void appendMap(StringBuilder out, Map<?, ?> map) {
    char before = '{';
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      appendString(out.append(before), String.valueOf(entry.getKey()));
      append(out.append(':'), entry.getValue());
      before = ',';
    }
    out.append(before == '{' ? "{}" : "}");
  }

  private void appendList(StringBuilder out, Collection<?> collection) {
    char before = '[';
    for (Object element : collection) {
      append(out.append(before), element);
      before = ',';
    }
    out.append(before == '[' ? "[]" : "]");
  }

  static void appendString(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> appendChar(out, c);
      }
    }
    out.append('"');
  }

  private static void appendChar(StringBuilder out, char c) {
    if (c < 0x20) {
      out.append("\\u00")
          .append(Character.forDigit(c >> 4, 16))
          .append(Character.forDigit(c & 15, 16));
    } else {
      out.append(c);
    }
  }
}
