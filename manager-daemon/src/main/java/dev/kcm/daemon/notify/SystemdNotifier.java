package dev.kcm.daemon.notify;

import dev.kcm.core.time.Environment;
import dev.kcm.core.time.SerialExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Sends messages one after the other. Thread-safe: all state is confined to the executor, which
 * runs one task at a time.
 */
final class SystemdNotifier implements Notifier {

  private static final Logger log = LoggerFactory.getLogger(SystemdNotifier.class);

  private final Channel channel;
  private final Optional<Duration> watchdog;
  private final Environment environment;
  private final Executor executor;
  private boolean isReady;
  private boolean isStopping;
  private boolean hasFailed;

  /**
   * @param watchdog the time after which the service manager acts, empty when it does not
   */
  SystemdNotifier(Channel channel, Optional<Duration> watchdog, Environment environment) {
    this.channel = channel;
    this.watchdog = watchdog;
    this.environment = environment;
    this.executor = new SerialExecutor(environment.executor("notify"));
  }

  @Override
  public void status(String text) {
    executor.execute(
        () -> {
          if (!isStopping) {
            send("STATUS=" + text);
          }
        });
  }

  @Override
  public void ready(Supplier<Optional<String>> unwellBecause) {
    executor.execute(
        () -> {
          if (!isReady && !isStopping) {
            isReady = true;
            send("READY=1");
            watchdog.ifPresent(interval -> beatLater(interval.dividedBy(2), unwellBecause));
          }
        });
  }

  @Override
  public CompletableFuture<Void> stopping() {
    return CompletableFuture.runAsync(
        () -> {
          if (!isStopping) {
            isStopping = true;
            send("STOPPING=1", "STATUS=stopping");
          }
        },
        executor);
  }

  private void beatLater(Duration pause, Supplier<Optional<String>> unwellBecause) {
    environment.timers().schedule(pause, executor, () -> beat(pause, unwellBecause));
  }

  private void beat(Duration pause, Supplier<Optional<String>> unwellBecause) {
    if (isStopping) {
      return;
    }
    Optional<String> reason = unwellBecause.get();
    if (reason.isPresent()) {
      log.error("The watchdog is not told that all is well: {}", reason.get());
    } else {
      send("WATCHDOG=1");
    }
    beatLater(pause, unwellBecause);
  }

  /** The first failure is worth a warning; when one fails, the next ones mostly do. */
  private void send(String... assignments) {
    try {
      channel.send(List.of(assignments));
      hasFailed = false;
    } catch (IOException e) {
      log.atLevel(hasFailed ? Level.DEBUG : Level.WARN)
          .log("The service manager was not told {}: {}", assignments[0], e.getMessage());
      hasFailed = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
