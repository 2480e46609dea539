package dev.kcm.daemon.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiException;
import dev.kcm.core.api.DeleteOptions;
import dev.kcm.core.api.ListPage;
import dev.kcm.core.api.ListQuery;
import dev.kcm.core.api.WatchListener;
import dev.kcm.core.api.WatchQuery;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/** An API server that answers reviews as the test says, and nothing else. */
final class ReviewServer implements ApiClient {

  private final List<HasMetadata> asked = new ArrayList<>();
  private final Deque<ApiError> failures = new ArrayDeque<>();
  private Function<HasMetadata, HasMetadata> answers =
      review -> {
        throw new AssertionError("nobody should have asked: " + review);
      };
  private boolean silent;

  /** Answers each review so. */
  ReviewServer answering(Function<HasMetadata, HasMetadata> function) {
    answers = function;
    return this;
  }

  /** Lets the next request fail. */
  ReviewServer failingOnce(ApiError.Kind kind, int code) {
    failures.add(ApiError.of(kind, code, "trouble " + code));
    return this;
  }

  /** Never answers. */
  ReviewServer silent() {
    silent = true;
    return this;
  }

  List<HasMetadata> asked() {
    return asked;
  }

  @Override
  @SuppressWarnings("unchecked") // the answer has the type of the question, as a test sets it up
  public <T extends HasMetadata> CompletableFuture<T> create(ResourceType<T> type, T object) {
    assertThat(object.getMetadata()).as("what every request is addressed by").isNotNull();
    asked.add(object);
    if (silent) {
      return new CompletableFuture<>();
    }
    return failures.isEmpty()
        ? CompletableFuture.completedFuture((T) answers.apply(object))
        : CompletableFuture.failedFuture(new ApiException(failures.poll()));
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> get(ResourceType<T> type, ObjectKey key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<ListPage> list(
      ResourceType<T> type, ListQuery query, Consumer<? super T> items) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T extends HasMetadata> Watch watch(
      ResourceType<T> type, WatchQuery query, WatchListener<T> listener) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> update(
      ResourceType<T> type, T object, String subresource) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> patch(
      ResourceType<T> type, ObjectKey key, String subresource, PatchFormat format, String body) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletableFuture<Void> delete(
      ResourceType<?> type, ObjectKey key, DeleteOptions options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletableFuture<String> read(String path) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
