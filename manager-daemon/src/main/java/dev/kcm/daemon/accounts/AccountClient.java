package dev.kcm.daemon.accounts;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiException;
import dev.kcm.core.api.ApplyOptions;
import dev.kcm.core.api.DeleteOptions;
import dev.kcm.core.api.ListPage;
import dev.kcm.core.api.ListQuery;
import dev.kcm.core.api.WatchListener;
import dev.kcm.core.api.WatchQuery;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.object.ResourceType;
import dev.kcm.daemon.accounts.AccountToken.Held;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client whose requests wait until its account has a valid token.
 *
 * <p>Thread-safe: it only hands on.
 */
final class AccountClient implements ApiClient {

  private final ApiClient bearer;
  private final AccountToken token;
  private final Executor executor;

  /**
   * @param bearer sends the token's text with each request
   */
  AccountClient(ApiClient bearer, AccountToken token, Executor executor) {
    this.bearer = bearer;
    this.token = token;
    this.executor = executor;
  }

  private <T> CompletableFuture<T> send(Supplier<CompletableFuture<T>> request) {
    CompletableFuture<Held> ready = token.get();
    return ready.isDone() && !ready.isCompletedExceptionally()
        ? sendWith(ready.join(), request)
        : new Delayed<>(request).after(ready);
  }

  private <T> CompletableFuture<T> sendWith(Held used, Supplier<CompletableFuture<T>> request) {
    CompletableFuture<T> answer = request.get();
    var unused =
        answer.whenComplete(
            (result, failure) -> {
              if (failure != null
                  && ApiException.errorOf(failure).kind() == ApiError.Kind.UNAUTHORIZED) {
                token.reject(used);
              }
            });
    return answer;
  }

  /** A request that waits for a token. Completed once; a cancelled one is not sent. */
  private final class Delayed<T> {

    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final Supplier<CompletableFuture<T>> request;

    private Delayed(Supplier<CompletableFuture<T>> request) {
      this.request = request;
    }

    private CompletableFuture<T> after(CompletableFuture<Held> ready) {
      var unused = ready.whenCompleteAsync(this::begin, executor);
      return result;
    }

    private void begin(@Nullable Held used, @Nullable Throwable failure) {
      if (failure != null || used == null) {
        result.completeExceptionally(new ApiException(ApiException.errorOf(cause(failure))));
      } else if (!result.isDone()) {
        CompletableFuture<T> sent = sendWith(used, request);
        var unused =
            CompletableFuture.allOf(
                sent.whenComplete(this::pass),
                result.whenComplete((any, how) -> sent.cancel(false)));
      }
    }

    private void pass(@Nullable T answer, @Nullable Throwable failure) {
      if (failure == null) {
        result.complete(answer);
      } else {
        result.completeExceptionally(failure);
      }
    }

    private static Throwable cause(@Nullable Throwable failure) {
      return failure == null ? new IllegalStateException("there is no token") : failure;
    }
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> get(ResourceType<T> type, ObjectKey key) {
    return send(() -> bearer.get(type, key));
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<ListPage> list(
      ResourceType<T> type, ListQuery query, Consumer<? super T> items) {
    return send(() -> bearer.list(type, query, items));
  }

  @Override
  public <T extends HasMetadata> Watch watch(
      ResourceType<T> type, WatchQuery query, WatchListener<T> listener) {
    DelayedWatch watch = new DelayedWatch();
    var unused =
        token
            .get()
            .whenCompleteAsync(
                (used, failure) -> {
                  if (failure == null) {
                    watch.open(() -> bearer.watch(type, query, listener));
                  } else {
                    watch.fail(() -> listener.closed(ApiException.errorOf(failure)));
                  }
                },
                executor);
    return watch;
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> create(ResourceType<T> type, T object) {
    return send(() -> bearer.create(type, object));
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> update(
      ResourceType<T> type, T object, String subresource) {
    return send(() -> bearer.update(type, object, subresource));
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> patch(
      ResourceType<T> type, ObjectKey key, String subresource, PatchFormat format, String body) {
    return send(() -> bearer.patch(type, key, subresource, format, body));
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> apply(
      ResourceType<T> type, T object, String subresource, ApplyOptions options) {
    return send(() -> bearer.apply(type, object, subresource, options));
  }

  @Override
  public CompletableFuture<Void> delete(
      ResourceType<?> type, ObjectKey key, DeleteOptions options) {
    return send(() -> bearer.delete(type, key, options));
  }

  @Override
  public CompletableFuture<Void> deleteCollection(
      ResourceType<?> type, String namespace, DeleteOptions options) {
    return send(() -> bearer.deleteCollection(type, namespace, options));
  }

  @Override
  public CompletableFuture<String> read(String path) {
    return send(() -> bearer.read(path));
  }

  @Override
  public CompletableFuture<String> read(String path, String accept) {
    return send(() -> bearer.read(path, accept));
  }

  @Override
  public ApiClient warning(Consumer<String> taker) {
    return new AccountClient(bearer.warning(taker), token, executor);
  }

  @Override
  public void close() {
    bearer.close();
  }
}
