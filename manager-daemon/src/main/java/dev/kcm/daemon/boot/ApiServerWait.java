package dev.kcm.daemon.boot;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiException;
import dev.kcm.core.time.Environment;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the API server for its health, at once and every second, for ten seconds.
 *
 * <p>Confined to its executor, one try at a time.
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
    this.executor = environment.executor("apiserver-wait");
    this.startNanos = environment.ticker().nanos();
  }

  /** Completes with whether the server became healthy in time. Closes the client. */
  CompletableFuture<Boolean> start() {
    executor.execute(this::attempt);
    return healthy;
  }

  private void attempt() {
    CompletionStage<String> health = client.read("/healthz");
    health.whenCompleteAsync(
        (answer, failure) -> {
          if (failure == null) {
            finish(true);
          } else if (environment.ticker().since(startNanos).compareTo(LONGEST) >= 0) {
            log.warn("API server is not healthy: {}", ApiException.errorOf(failure).message());
            finish(false);
          } else {
            environment.timers().schedule(PERIOD, executor, this::attempt);
          }
        },
        executor);
  }

  private void finish(boolean isHealthy) {
    client.close();
    healthy.complete(isHealthy);
  }
}
