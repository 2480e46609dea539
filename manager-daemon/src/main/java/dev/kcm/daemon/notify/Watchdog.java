package dev.kcm.daemon.notify;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The settings of the service manager's watchdog. */
final class Watchdog {

  private static final Logger log = LoggerFactory.getLogger(Watchdog.class);

  private Watchdog() {}

  /**
   * After which time without a word the process is ended; empty when nobody watches it.
   *
   * @param variables of the process
   * @param pid of the process
   */
  static Optional<Duration> interval(Map<String, String> variables, long pid) {
    String micros = variables.getOrDefault("WATCHDOG_USEC", "");
    String watched = variables.getOrDefault("WATCHDOG_PID", "");
    if (micros.isEmpty() || !(watched.isEmpty() || watched.equals(String.valueOf(pid)))) {
      return Optional.empty();
    }
    try {
      Duration interval = Duration.ofNanos(Math.multiplyExact(Long.parseLong(micros), 1_000L));
      if (interval.toNanos() > 0) {
        return Optional.of(interval);
      }
    } catch (NumberFormatException | ArithmeticException e) {
      // Said below, as for zero.
    }
    log.warn("WATCHDOG_USEC is not a number of microseconds above 0, but \"{}\"; ignored", micros);
    return Optional.empty();
  }
}
