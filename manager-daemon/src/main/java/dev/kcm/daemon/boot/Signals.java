package dev.kcm.daemon.boot;

import dev.kcm.daemon.logs.Logging;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What SIGTERM and SIGINT do: stop in order, then end with 0. A JVM would end with 143, which
 * service managers count as a failure.
 */
final class Signals {

  /** Everything in a stop has a deadline of its own; this one is for what goes wrong with those. */
  private static final Duration LONGEST_STOP = Duration.ofSeconds(50);

  private static final Logger log = LoggerFactory.getLogger(Signals.class);

  private Signals() {}

  static void onStop(Daemon daemon, Logging logging) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(daemon, logging), "shutdown"));
  }

  private static void stop(Daemon daemon, Logging logging) {
    log.info("Received a signal to stop");
    ExitCode code = ExitCode.STOPPED;
    try {
      daemon.stop().get(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      log.error("Could not stop in order: {}", String.valueOf(e));
      code = ExitCode.FAILED;
    } catch (InterruptedException e) {
      code = ExitCode.FAILED;
    }
    logging.close();
    Runtime.getRuntime().halt(code.status());
  }
}
