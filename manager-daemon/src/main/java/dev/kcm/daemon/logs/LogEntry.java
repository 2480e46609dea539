package dev.kcm.daemon.logs;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.event.KeyValuePair;

/**
 * The parts of an event that both layouts write.
 *
 * @param message the text
 * @param error the description of the throwable
 * @param logger the controller
 * @param verbosity the level of an info message
 * @param pairs keys and values in order, without the ones above
 */
record LogEntry(
    String message,
    Optional<String> error,
    Optional<String> logger,
    int verbosity,
    List<KeyValuePair> pairs) {

  private static final String LOGGER = "logger";
  private static final String ERROR = "err";
  private static final String VERBOSITY = "v";

  /** Returns the parts; {@code all} says whether stack traces of foreseen errors are wanted. */
  static LogEntry of(ILoggingEvent event, boolean all) {
    List<KeyValuePair> pairs = new ArrayList<>();
    Optional<String> error = ErrorText.of(event);
    Optional<String> logger = Optional.ofNullable(mdcOf(event).get(LOGGER));
    for (KeyValuePair pair : pairsOf(event)) {
      if (pair.key.equals(LOGGER)) {
        logger = Optional.of(String.valueOf(pair.value));
      } else if (pair.key.equals(ERROR) && error.isEmpty()) {
        error = Optional.of(errorValue(pair.value));
      } else if (!pair.key.equals(VERBOSITY)) {
        pairs.add(pair);
      }
    }
    ErrorText.stackOf(event, all).ifPresent(stack -> pairs.add(new KeyValuePair("stack", stack)));
    return new LogEntry(event.getFormattedMessage(), error, logger, verbosityOf(event), pairs);
  }

  private static String errorValue(Object value) {
    return value instanceof Throwable thrown ? ErrorText.of(thrown) : String.valueOf(value);
  }

  private static List<KeyValuePair> pairsOf(ILoggingEvent event) {
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    return pairs == null ? List.of() : pairs;
  }

  private static Map<String, String> mdcOf(ILoggingEvent event) {
    Map<String, String> context = event.getMDCPropertyMap();
    return context == null ? Map.of() : context;
  }

  /** The key {@code v} of an event, or 0. */
  static int givenVerbosity(ILoggingEvent event) {
    for (KeyValuePair pair : pairsOf(event)) {
      if (pair.key.equals(VERBOSITY) && pair.value instanceof Number number) {
        return number.intValue();
      }
    }
    return 0;
  }

  private static int verbosityOf(ILoggingEvent event) {
    int byLevel =
        switch (event.getLevel().toInt()) {
          case Level.DEBUG_INT -> Verbosity.DEBUG;
          case Level.TRACE_INT -> Verbosity.TRACE;
          default -> 0;
        };
    return Math.max(byLevel, givenVerbosity(event));
  }

  boolean isStructured() {
    return error.isPresent() || logger.isPresent() || !pairs.isEmpty();
  }
}
