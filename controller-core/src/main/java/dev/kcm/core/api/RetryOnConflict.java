package dev.kcm.core.api;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Repeats a change of an object whose write met a {@code CONFLICT}: somebody else had changed it
 * since it was read. Nothing but a conflict is repeated.
 *
 * <p>A reconciler needs none of this: its plan is decided anew from what is there. It is for code
 * beside the loops, such as a set-up step or a command.
 *
 * <pre>{@code
 * RetryOnConflict.DEFAULT.update(client, NODES, key, "", node -> withTaint(node), environment);
 * }</pre>
 *
 * <p>Immutable. No thread is held while an answer or the next try is awaited.
 *
 * @param tries how often the body runs at most, 1 or more
 * @param first wait, before the second try, zero or more
 * @param factor by which each further wait is longer than the one before, 1 or more
 * @param jitter each wait is longer by up to this part of it, by chance; 0 for none
 */
public record RetryOnConflict(int tries, Duration first, double factor, double jitter) {

  /** 5 tries, about 10 ms apart: for conflicts with others who write rarely. */
  public static final RetryOnConflict DEFAULT =
      new RetryOnConflict(5, Duration.ofMillis(10), 1, 0.1);

  /** 4 tries, about 10, 50 and 250 ms apart: where another client is active. */
  public static final RetryOnConflict BACKOFF =
      new RetryOnConflict(4, Duration.ofMillis(10), 5, 0.1);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException naming each that is out of range
   */
  public RetryOnConflict {
    List<String> problems = new ArrayList<>();
    if (tries < 1) {
      problems.add("tries is " + tries + ", allowed: 1 or more");
    }
    if (first.isNegative()) {
      problems.add("first is " + first + ", allowed: zero or more");
    }
    if (!(factor >= 1)) {
      problems.add("factor is " + factor + ", allowed: 1 or more");
    }
    if (!(jitter >= 0)) {
      problems.add("jitter is " + jitter + ", allowed: 0 or more");
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  /**
   * Runs a body until it ends without a conflict.
   *
   * @param body reads the object anew, each time, and writes it; called on a thread of the
   *     environment
   * @param environment gives timers, threads and chance
   * @return what the body ended with; the last conflict when all tries met one. After it is
   *     cancelled no further try begins
   */
  public <R> CompletableFuture<R> run(
      Supplier<? extends CompletionStage<R>> body, Environment environment) {
    CompletableFuture<R> result = new CompletableFuture<>();
    Executor executor = environment.executor("retry-on-conflict");
    executor.execute(() -> attempt(body, environment, executor, 1, result));
    return result;
  }

  /**
   * Reads an object, changes it and replaces it. An object that the change gives back as it was is
   * not written.
   *
   * @param subresource for example {@code status}; empty for the object itself
   * @param change gives the object to write, which may be its argument, changed
   * @return the object as the server has it now
   */
  public <T extends HasMetadata> CompletableFuture<T> update(
      ApiClient client,
      ResourceType<T> type,
      ObjectKey key,
      String subresource,
      UnaryOperator<T> change,
      Environment environment) {
    Executor executor = environment.executor("retry-on-conflict");
    Codec codec = new Codec(true);
    return run(
        () ->
            client
                .get(type, key)
                .thenComposeAsync(
                    object -> {
                      String before = codec.write(object);
                      T wanted = change.apply(object);
                      return before.equals(codec.write(wanted))
                          ? CompletableFuture.completedFuture(wanted)
                          : client.update(type, wanted, subresource);
                    },
                    executor),
        environment);
  }

  private <R> void attempt(
      Supplier<? extends CompletionStage<R>> body,
      Environment environment,
      Executor executor,
      int attempt,
      CompletableFuture<R> result) {
    if (result.isDone()) {
      return;
    }
    CompletionStage<R> answer;
    try {
      answer = body.get();
    } catch (RuntimeException thrown) {
      answer = CompletableFuture.failedFuture(thrown);
    }
    answer.whenCompleteAsync(
        (value, failure) -> {
          if (failure == null) {
            result.complete(value);
          } else if (attempt < tries && isConflict(failure)) {
            environment
                .timers()
                .schedule(
                    waitAfter(attempt, environment),
                    executor,
                    () -> attempt(body, environment, executor, attempt + 1, result));
          } else {
            result.completeExceptionally(failure);
          }
        },
        executor);
  }

  private static boolean isConflict(@Nullable Throwable failure) {
    return failure != null && ApiException.errorOf(failure).kind() == ApiError.Kind.CONFLICT;
  }

  private Duration waitAfter(int attempt, Environment environment) {
    double times = Math.pow(factor, attempt - 1) * (1 + jitter * environment.random().nextDouble());
    return Duration.ofNanos((long) (first.toNanos() * times));
  }
}
