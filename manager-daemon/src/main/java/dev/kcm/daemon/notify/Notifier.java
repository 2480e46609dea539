package dev.kcm.daemon.notify;

import dev.kcm.core.time.Environment;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * What the service manager is told: a line of status, that the start is complete, that the process
 * stops, and, as long as all is well, that its watchdog need not act.
 *
 * <p>No call blocks or throws. Thread-safe.
 */
public interface Notifier {

  /** Tells nobody anything. */
  Notifier NONE =
      new Notifier() {
        @Override
        public void status(String text) {}

        @Override
        public void ready(Supplier<Optional<String>> unwellBecause) {}

        @Override
        public CompletableFuture<Void> stopping() {
          return CompletableFuture.completedFuture(null);
        }
      };

  /**
   * The notifier for a process that was started by systemd with {@code Type=notify}; {@link #NONE}
   * where {@code NOTIFY_SOCKET} is not set.
   *
   * @param variables those of the process; {@code WATCHDOG_USEC} sets how often the watchdog wants
   *     to hear of it, unless {@code WATCHDOG_PID} names another process
   * @param environment gives timers and a thread, which is taken only while a message is sent
   */
  static Notifier of(Map<String, String> variables, Environment environment) {
    return variables.getOrDefault("NOTIFY_SOCKET", "").isEmpty()
        ? NONE
        : new SystemdNotifier(
            NotifyCommand.SYSTEMD,
            Watchdog.interval(variables, ProcessHandle.current().pid()),
            environment);
  }

  /**
   * Sets the line that {@code systemctl status} shows.
   *
   * @param text without line breaks
   */
  void status(String text);

  /**
   * Says that the start is complete. Until {@link #stopping()} the watchdog hears, twice in its
   * interval, that all is well, unless it is not. A second call does nothing.
   *
   * @param unwellBecause why the process should be ended and started again, empty when all is well;
   *     must be quick
   */
  void ready(Supplier<Optional<String>> unwellBecause);

  /**
   * Says that the process stops. From now on only the time for stopping counts.
   *
   * @return completes when that has been sent, or could not be
   */
  CompletableFuture<Void> stopping();
}
