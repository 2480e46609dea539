package dev.kcm.daemon.logs;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.temporal.ChronoField;
import org.slf4j.event.KeyValuePair;

/**
 * Writes each event as a JSON object with the keys ts, logger, caller, msg, v and err, and then its
 * own.
 *
 * <p><i>Thread-safe: reads only.</i>
 */
final class JsonLayout implements EventEncoder.LineLayout {

  private final Verbosity verbosity;
  private final JsonText json;

  JsonLayout(Verbosity verbosity, ObjectNames names) {
    this.verbosity = verbosity;
    this.json = new JsonText(names);
  }

  @Override
  public String line(ILoggingEvent event) {
    LogEntry entry = LogEntry.of(event, verbosity.of(event.getLoggerName()) >= Verbosity.DEBUG);
    StringBuilder out = new StringBuilder(240).append("{\"ts\":");
    appendTime(out, event);
    entry.logger().ifPresent(logger -> appendText(out, "logger", logger));
    appendText(out, "caller", Caller.pathAndLine(event));
    appendText(out, "msg", entry.message());
    if (!event.getLevel().isGreaterOrEqual(Level.ERROR)) {
      out.append(",\"v\":").append(entry.verbosity());
    }
    entry.error().ifPresent(error -> appendText(out, "err", error));
    for (KeyValuePair pair : entry.pairs()) {
      appendKey(out, pair.key);
      json.append(out, pair.value);
    }
    return out.append("}\n").toString();
  }

  /** Milliseconds since 1970 with microseconds behind the point. */
  private static void appendTime(StringBuilder out, ILoggingEvent event) {
    String micros = Integer.toString(event.getInstant().get(ChronoField.MICRO_OF_SECOND) % 1_000);
    out.append(event.getInstant().toEpochMilli())
        .append('.')
        .append("0".repeat(3 - micros.length()))
        .append(micros);
  }

  private static void appendText(StringBuilder out, String key, String text) {
    appendKey(out, key);
    JsonText.appendString(out, text);
  }

  private static void appendKey(StringBuilder out, String key) {
    JsonText.appendString(out.append(','), key);
    out.append(':');
  }
}
