package dev.kcm.testkit.cluster;

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
import dev.kcm.core.time.Environment;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client between which and the server things go wrong as scripted, and who keeps a log.
 *
 * <p>Thread-safe: the client under it, the script and the log are.
 */
final class FaultyApiClient implements ApiClient {

  private final String identity;
  private final ApiClient client;
  private final Runnable whenClosed;
  private final Faults faults;
  private final Requests requests;
  private final Environment environment;
  private final Executor executor;
  private final Set<FaultyWatch<?>> watches = ConcurrentHashMap.newKeySet();

  FaultyApiClient(
      String identity,
      ApiClient client,
      Runnable whenClosed,
      Faults faults,
      Requests requests,
      Environment environment) {
    this.identity = identity;
    this.client = client;
    this.whenClosed = whenClosed;
    this.faults = faults;
    this.requests = requests;
    this.environment = environment;
    this.executor = environment.executor("faulty-api");
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> get(ResourceType<T> type, ObjectKey key) {
    return send(sent(Verb.GET, type, "", key, null), () -> client.get(type, key));
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<ListPage> list(
      ResourceType<T> type, ListQuery query, Consumer<? super T> items) {
    return send(
        sent(Verb.LIST, type, "", new ObjectKey(query.scope().namespace(), ""), null),
        () -> client.list(type, query, items));
  }

  @Override
  public <T extends HasMetadata> Watch watch(
      ResourceType<T> type, WatchQuery query, WatchListener<T> listener) {
    SentRequest request =
        sent(Verb.WATCH, type, "", new ObjectKey(query.scope().namespace(), ""), null);
    requests.add(request);
    WatchFaults script = faults.watches(type.plural());
    Watching<T> watching = new Watching<>(type, query, listener, script, request);
    watches.add(watching.watch);
    script.opened(watching.watch);
    Passage passage = Passage.of(faults.at(Verb.WATCH, type.plural()));
    if (passage.hangs()) {
      return watching.watch;
    }
    after(passage.delay(), () -> watching.open(passage));
    return watching.watch;
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> create(ResourceType<T> type, T object) {
    ObjectKey key = new ObjectKey(ObjectKey.of(object).namespace(), "");
    return send(sent(Verb.CREATE, type, "", key, object), () -> client.create(type, object));
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> update(
      ResourceType<T> type, T object, String subresource) {
    return send(
        sent(Verb.UPDATE, type, subresource, ObjectKey.of(object), object),
        () -> client.update(type, object, subresource));
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> patch(
      ResourceType<T> type, ObjectKey key, String subresource, PatchFormat format, String body) {
    return send(
        sent(Verb.PATCH, type, subresource, key, body),
        () -> client.patch(type, key, subresource, format, body));
  }

  /** Counts as a patch, as it does for the server. */
  @Override
  public <T extends HasMetadata> CompletableFuture<T> apply(
      ResourceType<T> type, T object, String subresource, ApplyOptions options) {
    return send(
        sent(Verb.PATCH, type, subresource, ObjectKey.of(object), object),
        () -> client.apply(type, object, subresource, options));
  }

  @Override
  public CompletableFuture<Void> delete(
      ResourceType<?> type, ObjectKey key, DeleteOptions options) {
    return send(sent(Verb.DELETE, type, "", key, options), () -> client.delete(type, key, options));
  }

  @Override
  public CompletableFuture<Void> deleteCollection(
      ResourceType<?> type, String namespace, DeleteOptions options) {
    ObjectKey all = new ObjectKey(namespace, "");
    return send(
        sent(Verb.DELETECOLLECTION, type, "", all, options),
        () -> client.deleteCollection(type, namespace, options));
  }

  @Override
  public CompletableFuture<String> read(String path) {
    return client.read(path);
  }

  @Override
  public CompletableFuture<String> read(String path, String accept) {
    return client.read(path, accept);
  }

  @Override
  public void close() {
    client.close();
    watches.forEach(FaultyWatch::close);
    whenClosed.run();
  }

  private SentRequest sent(
      Verb verb, ResourceType<?> type, String subresource, ObjectKey key, @Nullable Object body) {
    String resource = subresource.isEmpty() ? type.plural() : type.plural() + "/" + subresource;
    return new SentRequest(
        environment.wallClock().now(), identity, verb, type.group(), resource, key, body);
  }

  private <R> CompletableFuture<R> send(
      SentRequest request, Supplier<CompletableFuture<R>> exchange) {
    requests.add(request);
    CompletableFuture<R> answer = new CompletableFuture<>();
    Passage passage = Passage.of(faults.at(request.verb(), request.resource()));
    if (!passage.hangs()) {
      after(passage.delay(), () -> exchange(request, passage, exchange, answer));
    }
    return answer;
  }

  private <R> void exchange(
      SentRequest request,
      Passage passage,
      Supplier<CompletableFuture<R>> exchange,
      CompletableFuture<R> answer) {
    ApiError refusal = passage.refusal();
    if (refusal != null) {
      fail(request, refusal, answer);
      return;
    }
    CompletionStage<R> done = exchange.get();
    done.whenComplete(
        (value, thrown) ->
            after(passage.answerDelay(), () -> answer(request, passage, value, thrown, answer)));
  }

  private <R> void answer(
      SentRequest request,
      Passage passage,
      @Nullable R value,
      @Nullable Throwable thrown,
      CompletableFuture<R> answer) {
    ApiError lost = passage.lostAnswer();
    if (lost != null) {
      fail(request, lost, answer);
    } else if (thrown != null) {
      requests.answered(request, ApiException.errorOf(thrown));
      answer.completeExceptionally(thrown);
    } else {
      requests.answered(request, null);
      answer.complete(value);
    }
  }

  private void fail(SentRequest request, ApiError error, CompletableFuture<?> answer) {
    requests.answered(request, error);
    executor.execute(() -> answer.completeExceptionally(new ApiException(error)));
  }

  private void after(Duration delay, Runnable action) {
    if (delay.isZero()) {
      action.run();
    } else {
      environment.timers().schedule(delay, executor, action);
    }
  }

  /** A watch between the client and whoever watches. Immutable. */
  private final class Watching<T extends HasMetadata> {

    private final ResourceType<T> type;
    private final WatchQuery query;
    private final FaultyWatch<T> watch;

    private Watching(
        ResourceType<T> type,
        WatchQuery query,
        WatchListener<T> listener,
        WatchFaults script,
        SentRequest request) {
      this.type = type;
      this.query = query;
      this.watch =
          new FaultyWatch<>(
              type,
              listener,
              script,
              environment,
              error -> {
                requests.answered(request, error);
                over();
              });
    }

    private void over() {
      watches.remove(watch);
    }

    private void open(Passage passage) {
      ApiError refusal = passage.refusal() != null ? passage.refusal() : passage.lostAnswer();
      if (refusal != null) {
        watch.refuse(refusal);
      } else {
        watch.follow(client.watch(type, query, watch));
      }
    }
  }
}
