package dev.kcm.daemon.accounts;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiException;
import dev.kcm.core.api.DeleteOptions;
import dev.kcm.core.api.ListPage;
import dev.kcm.core.api.ListQuery;
import dev.kcm.core.api.WatchListener;
import dev.kcm.core.api.WatchQuery;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An API server with namespaces, service accounts and numbered tokens, and nothing else. */
final class TokenServer implements ApiClient {

  private final Set<String> existing = new HashSet<>();
  private final List<String> requests = new ArrayList<>();
  private final Deque<Kind> failures = new ArrayDeque<>();
  private int issued;
  private int closes;

  /** What exists, for example {@code ServiceAccount kube-system/ttl-controller}. */
  TokenServer with(String object) {
    existing.add(object);
    return this;
  }

  /** Lets the next requests fail. */
  void failing(Kind... kinds) {
    failures.addAll(List.of(kinds));
  }

  /** Verb, kind and name of each request, in order; forgets them. */
  List<String> requests() {
    List<String> all = List.copyOf(requests);
    requests.clear();
    return all;
  }

  int closes() {
    return closes;
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> get(ResourceType<T> type, ObjectKey key) {
    String object = type.kind() + " " + key;
    requests.add("get " + object);
    return answer(existing.contains(object) ? null : Kind.NOT_FOUND, () -> type.type().cast(null));
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> create(ResourceType<T> type, T object) {
    String name = type.kind() + " " + ObjectKey.of(object);
    requests.add("create " + name + (type.plural().contains("/") ? " " + type.plural() : ""));
    if (object instanceof TokenRequest request) {
      boolean account = existing.contains("ServiceAccount " + ObjectKey.of(object));
      return answer(account ? null : Kind.NOT_FOUND, () -> type.type().cast(issued(request)));
    }
    return answer(existing.contains(name) ? Kind.ALREADY_EXISTS : null, () -> stored(name, object));
  }

  private TokenRequest issued(TokenRequest request) {
    issued++;
    return request.edit().withNewStatus().withToken("token-" + issued).endStatus().build();
  }

  private <T> T stored(String name, T object) {
    existing.add(name);
    return object;
  }

  private <T> CompletableFuture<T> answer(@Nullable Kind refusal, Supplier<T> result) {
    Kind failure = failures.isEmpty() ? refusal : failures.poll();
    return failure == null
        ? CompletableFuture.completedFuture(result.get())
        : CompletableFuture.failedFuture(
            new ApiException(ApiError.of(failure, 400, "trouble " + failure)));
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<ListPage> list(
      ResourceType<T> type, ListQuery query, Consumer<? super T> items) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T extends HasMetadata> Watch watch(
      ResourceType<T> type, WatchQuery query, WatchListener<T> listener) {
    requests.add("watch " + type.kind());
    return () -> requests.add("close watch " + type.kind());
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
    requests.add("read " + path);
    return answer(null, () -> "ok");
  }

  @Override
  public void close() {
    closes++;
  }
}
