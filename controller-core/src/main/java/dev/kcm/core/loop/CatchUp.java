package dev.kcm.core.loop;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiException;
import dev.kcm.core.api.ListQuery;
import dev.kcm.core.api.Scope;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.time.Environment;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until caches have seen what the server has now. The newest version among the objects is
 * asked for, since a cache hears of versions by its own objects.
 *
 * <p>Immutable.
 */
final class CatchUp {

  private static final Logger log = LoggerFactory.getLogger(CatchUp.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final String loop;
  private final ApiClient client;
  private final Environment environment;
  private final Executor executor;
  private final BooleanSupplier stopping;

  CatchUp(
      String loop,
      ApiClient client,
      Environment environment,
      Executor executor,
      BooleanSupplier stopping) {
    this.loop = loop;
    this.client = client;
    this.environment = environment;
    this.executor = executor;
    this.stopping = stopping;
  }

  /** Completes when all have caught up, or the loop stops; never exceptionally. */
  CompletionStage<Void> with(List<Informer<?>> informers) {
    return CompletableFuture.allOf(
        informers.stream().map(this::with).toArray(CompletableFuture<?>[]::new));
  }

  private CompletableFuture<Void> with(Informer<?> informer) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    attempt(informer, done);
    return done;
  }

  private void attempt(Informer<?> informer, CompletableFuture<Void> done) {
    if (stopping.getAsBoolean()) {
      done.complete(null);
      return;
    }
    Newest newest = new Newest();
    CompletionStage<?> listed =
        client.list(informer.type().metadataOnly(), ListQuery.all(Scope.ALL), newest::take);
    listed
        .thenComposeAsync(
            page -> informer.awaitResourceVersion(newest.version(), PATIENCE), executor)
        .whenCompleteAsync(
            (reached, failure) -> {
              if (failure == null && reached) {
                done.complete(null);
                return;
              }
              log.warn(
                  "{} waits for its cache of {} to catch up with the server: {}",
                  loop,
                  informer.type().qualifiedPlural(),
                  failure == null ? informer.state() : ApiException.errorOf(failure).message());
              var unused =
                  environment.timers().schedule(PAUSE, executor, () -> attempt(informer, done));
            },
            executor);
  }

  /** The newest version of a list. Written by one call at a time, read when the list has ended. */
  private static final class Newest {

    private volatile BigInteger version = BigInteger.ZERO;

    void take(HasMetadata object) {
      String text = object.getMetadata().getResourceVersion();
      if (text != null && text.matches("[0-9]{1,40}")) {
        version = version.max(new BigInteger(text));
      }
    }

    String version() {
      return version.toString();
    }
  }
}
