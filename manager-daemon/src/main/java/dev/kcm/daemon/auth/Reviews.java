package dev.kcm.daemon.auth;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiException;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.Timers;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Sends reviews to the API server: up to five tries for what a second try may cure, ten seconds in
 * all. The numbers are upstream's.
 *
 * <p>Thread-safe: it has no state of its own.
 */
final class Reviews {

  private static final int TRIES = 5;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final double GROWTH = 1.5;
  private static final double JITTER = 0.2;
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final ApiClient api;
  private final String subject;
  private final AuthMeters meters;
  private final Environment environment;
  private final Executor executor;

  /**
   * @param subject {@code authn} or {@code authz}, for the meters
   */
  Reviews(ApiClient api, String subject, AuthMeters meters, Environment environment) {
    this.api = api;
    this.subject = subject;
    this.meters = meters;
    this.environment = environment;
    this.executor = environment.executor("review-" + subject);
  }

  /** Sends a review; fails with an {@link ApiException}. */
  <T extends HasMetadata> CompletableFuture<T> send(ResourceType<T> type, T review) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Timers.Timer limit =
        environment
            .timers()
            .schedule(
                LONGEST,
                executor,
                () ->
                    result.completeExceptionally(
                        new ApiException(
                            ApiError.of(ApiError.Kind.TIMEOUT, 0, "no answer within " + LONGEST))));
    attempt(type, review, 1, FIRST_PAUSE, result);
    return result.whenComplete((answer, failure) -> limit.cancel());
  }

  private <T extends HasMetadata> void attempt(
      ResourceType<T> type, T review, int number, Duration pause, CompletableFuture<T> result) {
    if (result.isDone()) {
      return;
    }
    long start = environment.ticker().nanos();
    // Whatever comes of it ends in the result.
    var unused =
        api.create(type, review)
            .whenCompleteAsync(
                (answer, failure) -> {
                  meters.reviewed(subject, code(failure), environment.ticker().since(start));
                  if (failure == null) {
                    result.complete(answer);
                  } else if (number < TRIES && mayBeCured(ApiException.errorOf(failure))) {
                    environment
                        .timers()
                        .schedule(
                            jittered(pause),
                            executor,
                            () -> attempt(type, review, number + 1, grown(pause), result));
                  } else {
                    result.completeExceptionally(failure);
                  }
                },
                executor);
  }

  private static String code(@Nullable Throwable failure) {
    if (failure == null) {
      return "201";
    }
    int code = ApiException.errorOf(failure).code();
    return code == 0 ? "<error>" : Integer.toString(code);
  }

  private static boolean mayBeCured(ApiError error) {
    return error.kind() == ApiError.Kind.BROKEN
        || error.code() == 429
        || error.code() == 500
        || error.code() == 504
        || error.retryAfter() != null;
  }

  private Duration jittered(Duration pause) {
    return Duration.ofNanos(
        (long) (pause.toNanos() * (1 + JITTER * environment.random().nextDouble())));
  }

  private static Duration grown(Duration pause) {
    return Duration.ofNanos((long) (pause.toNanos() * GROWTH));
  }
}
