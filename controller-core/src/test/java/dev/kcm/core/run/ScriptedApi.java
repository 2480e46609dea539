package dev.kcm.core.run;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiException;
import dev.kcm.core.api.ApplyOptions;
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
import dev.kcm.core.time.Environment;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * An API server for tests of what writes: it remembers requests and objects, and answers on virtual
 * time after a delay, with what a script says.
 *
 * <p>Confined to the thread of the test.
 */
public final class ScriptedApi implements ApiClient {

  /** One request. */
  public record Request(String verb, String resource, ObjectKey key, Object body) {

    @Override
    public String toString() {
      return verb + " " + resource + " " + key;
    }
  }

  private final Environment environment;
  private final Executor clientThread;
  private final List<Request> requests = new ArrayList<>();
  private final Map<String, HasMetadata> objects = new LinkedHashMap<>();
  private Function<Request, Optional<ApiError>> script = request -> Optional.empty();
  private Function<Request, Optional<Duration>> delay = request -> Optional.of(Duration.ZERO);
  private Consumer<Request> observer = request -> {};
  private final List<Request> unanswered = new ArrayList<>();
  private int mostInFlight;
  private long generated;
  private Function<String, String> texts = path -> "ok";
  private boolean closed;

  private ScriptedApi(Environment environment) {
    this.environment = environment;
    this.clientThread = environment.executor("client");
  }

  public static ScriptedApi on(Environment environment) {
    return new ScriptedApi(environment);
  }

  /** Rejects requests for which the script gives an error. */
  public ScriptedApi answering(Function<Request, Optional<ApiError>> errors) {
    script = errors;
    return this;
  }

  /** What paths read as. */
  public ScriptedApi reading(Function<String, String> textByPath) {
    texts = textByPath;
    return this;
  }

  /** Rejects every request of a verb. */
  public ScriptedApi rejecting(String verb, ApiError error) {
    return answering(r -> r.verb().equals(verb) ? Optional.of(error) : Optional.empty());
  }

  /** How long an answer takes; empty for never. */
  public ScriptedApi after(Function<Request, Optional<Duration>> delays) {
    delay = delays;
    return this;
  }

  /** Hears of each request that was carried out. */
  public ScriptedApi observing(Consumer<Request> heard) {
    observer = heard;
    return this;
  }

  public List<Request> requests() {
    return requests;
  }

  public List<Request> requests(String verb) {
    return requests.stream().filter(r -> r.verb().equals(verb)).toList();
  }

  public Map<String, HasMetadata> objects() {
    return objects;
  }

  public int mostInFlight() {
    return mostInFlight;
  }

  public int inFlight() {
    return unanswered.size();
  }

  /** Requests that have no answer yet. */
  public List<Request> unanswered() {
    return unanswered;
  }

  public boolean isClosed() {
    return closed;
  }

  public static ApiError error(Kind kind) {
    return ApiError.of(kind, 0, "scripted " + kind);
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> get(ResourceType<T> type, ObjectKey key) {
    Request request = new Request("get", type.qualifiedPlural(), key, "");
    return answer(request, () -> type.type().cast(existing(type, key)));
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> create(ResourceType<T> type, T object) {
    if (object.getMetadata().getName() == null) {
      object.getMetadata().setName(object.getMetadata().getGenerateName() + ++generated);
    }
    ObjectKey key = ObjectKey.of(object);
    Request request = new Request("create", type.qualifiedPlural(), key, object);
    return answer(
        request,
        () -> {
          if (objects.putIfAbsent(place(type, key), object) != null) {
            throw new ApiException(error(Kind.ALREADY_EXISTS));
          }
          return object;
        });
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> update(
      ResourceType<T> type, T object, String subresource) {
    ObjectKey key = ObjectKey.of(object);
    String resource = type.qualifiedPlural() + (subresource.isEmpty() ? "" : "/" + subresource);
    return answer(
        new Request("update", resource, key, object),
        () -> {
          objects.put(place(type, key), object);
          return object;
        });
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> patch(
      ResourceType<T> type, ObjectKey key, String subresource, PatchFormat format, String body) {
    Request request = new Request("patch", type.qualifiedPlural(), key, body);
    return answer(request, () -> type.type().cast(existing(type, key)));
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> apply(
      ResourceType<T> type, T object, String subresource, ApplyOptions options) {
    ObjectKey key = ObjectKey.of(object);
    return answer(
        new Request("apply", type.qualifiedPlural(), key, options),
        () -> {
          objects.put(place(type, key), object);
          return object;
        });
  }

  @Override
  public CompletableFuture<Void> delete(
      ResourceType<?> type, ObjectKey key, DeleteOptions options) {
    Request request = new Request("delete", type.qualifiedPlural(), key, options);
    return answer(
        request,
        () -> {
          existing(type, key);
          objects.remove(place(type, key));
          return null;
        });
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<ListPage> list(
      ResourceType<T> type, ListQuery query, Consumer<? super T> items) {
    throw new UnsupportedOperationException("list");
  }

  @Override
  public <T extends HasMetadata> Watch watch(
      ResourceType<T> type, WatchQuery query, WatchListener<T> listener) {
    throw new UnsupportedOperationException("watch");
  }

  @Override
  public CompletableFuture<String> read(String path) {
    return answer(new Request("read", path, new ObjectKey("", ""), ""), () -> texts.apply(path));
  }

  @Override
  public void close() {
    closed = true;
  }

  private <T> CompletableFuture<T> answer(Request request, Supplier<T> result) {
    requests.add(request);
    unanswered.add(request);
    mostInFlight = Math.max(mostInFlight, unanswered.size());
    CompletableFuture<T> future = new CompletableFuture<>();
    delay
        .apply(request)
        .ifPresent(
            d ->
                environment
                    .timers()
                    .schedule(d, clientThread, () -> complete(request, result, future)));
    return future;
  }

  private <T> void complete(Request request, Supplier<T> result, CompletableFuture<T> future) {
    unanswered.remove(request);
    Optional<ApiError> rejection = script.apply(request);
    if (rejection.isPresent()) {
      future.completeExceptionally(new ApiException(rejection.get()));
      return;
    }
    try {
      T answer = result.get();
      observer.accept(request);
      future.complete(answer);
    } catch (ApiException e) {
      future.completeExceptionally(e);
    }
  }

  private HasMetadata existing(ResourceType<?> type, ObjectKey key) {
    HasMetadata object = objects.get(place(type, key));
    if (object == null) {
      throw new ApiException(error(Kind.NOT_FOUND));
    }
    return object;
  }

  private static String place(ResourceType<?> type, ObjectKey key) {
    return type.qualifiedPlural() + " " + key;
  }
}
