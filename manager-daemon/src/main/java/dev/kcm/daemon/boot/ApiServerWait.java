package dev.kcm.daemon.boot;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiException;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.SerialExecutor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the API server for its health, at once and every second, for ten seconds.
 *
 * <p>Confined to its executor, which runs one task at a time.
 */
final class ApiServerWait {

  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(ApiServerWait.class);

  private final ApiClient client;
  private final Environment environment;
  private final Executor executor;
  private final CompletableFuture<Boolean> healthy = new CompletableFuture<>();
  private final long startNanos;

  ApiServerWait(ApiClient client, Environment environment) {
    this.client = client;
    this.environment = environment;
    this.executor = new SerialExecutor(environment.executor("apiserver-wait"));
    this.startNanos = environment.ticker().nanos();
  }

  /** Completes with whether the server became healthy in time. Closes the client. */
  CompletableFuture<Boolean> start() {
    executor.execute(this::attempt);
    // A server that takes the request and does not answer is no reason to wait longer.
    environment
        .timers()
        .schedule(LONGEST.plus(PERIOD), executor, () -> giveUp("it takes requests without answer"));
    return healthy;
  }

  private void attempt() {
    if (healthy.isDone()) {
      return;
    }
    CompletionStage<String> health = client.read("/healthz");
    health.whenCompleteAsync(
        (answer, failure) -> {
          if (healthy.isDone()) {
            return;
          }
          if (failure == null) {
            finish(true);
          } else if (environment.ticker().since(startNanos).compareTo(LONGEST) >= 0) {
            giveUp(ApiException.errorOf(failure).message());
          } else {
            environment.timers().schedule(PERIOD, executor, this::attempt);
          }
        },
        executor);
  }

  private void giveUp(String why) {
    if (!healthy.isDone()) {
      log.warn("API server is not healthy: {}", why);
      finish(false);
    }
  }

  private void finish(boolean isHealthy) {
    client.close();
    healthy.complete(isHealthy);
  }
}
