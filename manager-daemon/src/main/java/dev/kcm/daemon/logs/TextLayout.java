package dev.kcm.daemon.logs;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.kcm.daemon.flags.GoDuration;
import dev.kcm.daemon.flags.GoText;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoField;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.slf4j.event.KeyValuePair;

/**
 * Writes lines as {@code I1120 09:46:24.413084 5140 Server.java:211] Serving securely}.
 *
 * <p><i>Thread-safe: reads only.</i>
 */
final class TextLayout implements EventEncoder.LineLayout {

  private static final int PID_WIDTH = 7;

  private final Verbosity verbosity;
  private final ObjectNames names;
  private final JsonText json;
  private final ZoneId zone;
  private final String pid;

  TextLayout(Verbosity verbosity, ObjectNames names, ZoneId zone, long pid) {
    this.verbosity = verbosity;
    this.names = names;
    this.json = new JsonText(names);
    this.zone = zone;
    String digits = Long.toString(pid);
    this.pid = " ".repeat(Math.max(0, PID_WIDTH - digits.length())) + digits;
  }

  @Override
  public String line(ILoggingEvent event) {
    StringBuilder out = new StringBuilder(160);
    appendHeader(out, event);
    LogEntry entry = LogEntry.of(event, verbosity.of(event.getLoggerName()) >= Verbosity.DEBUG);
    if (entry.isStructured()) {
      out.append(GoText.quote(entry.message()));
      entry.error().ifPresent(error -> appendText(out, "err", error));
      entry.logger().ifPresent(logger -> appendText(out, "logger", logger));
      entry.pairs().forEach(pair -> append(out, pair));
    } else {
      out.append(entry.message());
    }
    if (out.charAt(out.length() - 1) != '\n') {
      out.append('\n');
    }
    return out.toString();
  }

  private void appendHeader(StringBuilder out, ILoggingEvent event) {
    ZonedDateTime time = event.getInstant().atZone(zone);
    out.append(severity(event.getLevel()));
    appendPadded(out, time.getMonthValue(), 2);
    appendPadded(out, time.getDayOfMonth(), 2);
    appendPadded(out.append(' '), time.getHour(), 2);
    appendPadded(out.append(':'), time.getMinute(), 2);
    appendPadded(out.append(':'), time.getSecond(), 2);
    appendPadded(out.append('.'), time.get(ChronoField.MICRO_OF_SECOND), 6);
    out.append(' ').append(pid).append(' ').append(Caller.fileAndLine(event)).append("] ");
  }

  private static char severity(Level level) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> 'E';
      case Level.WARN_INT -> 'W';
      default -> 'I';
    };
  }

  private static void appendPadded(StringBuilder out, int number, int width) {
    String digits = Integer.toString(number);
    out.append("0".repeat(Math.max(0, width - digits.length()))).append(digits);
  }

  private void append(StringBuilder out, KeyValuePair pair) {
    Object value = pair.value instanceof Optional<?> optional ? optional.orElse(null) : pair.value;
    if (value instanceof Collection<?> || value instanceof Map<?, ?>) {
      out.append(' ').append(pair.key).append('=');
      json.append(out, value);
    } else if (value == null || value instanceof Number || value instanceof Boolean) {
      out.append(' ').append(pair.key).append('=').append(value == null ? "<nil>" : value);
    } else {
      appendText(out, pair.key, text(value));
    }
  }

  private String text(Object value) {
    if (value instanceof Throwable thrown) {
      return ErrorText.of(thrown);
    }
    if (value instanceof Duration duration) {
      return GoDuration.format(duration);
    }
    return names.nameOf(value).map(ObjectName::toString).orElseGet(() -> String.valueOf(value));
  }

  private static void appendText(StringBuilder out, String key, String text) {
    out.append(' ').append(key).append('=');
    if (text.indexOf('\n') < 0) {
      out.append(GoText.quote(text));
      return;
    }
    out.append("<\n");
    String body = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    for (String line : body.split("\n", -1)) {
      out.append('\t').append(line).append('\n');
    }
    out.append(" >");
  }
}
