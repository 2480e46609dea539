package dev.kcm.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiException;
import dev.kcm.core.api.ApplyOptions;
import dev.kcm.core.api.DeleteOptions;
import dev.kcm.core.api.Fence;
import dev.kcm.core.api.ListPage;
import dev.kcm.core.api.ListQuery;
import dev.kcm.core.api.Scope;
import dev.kcm.core.api.WatchListener;
import dev.kcm.core.api.WatchQuery;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import dev.kcm.embedded.discovery.Discovery;
import dev.kcm.embedded.resource.ApiRequest;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.embedded.resource.ApiServer;
import dev.kcm.embedded.resource.StatusException;
import dev.kcm.embedded.resource.UserInfo;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Talks to an {@link ApiServer} in the same JVM.
 *
 * <p>Requests run as tasks of the environment's executor; nothing is limited and nothing is sent
 * twice. Objects are copied on the way, so neither side sees what the other does to its own.
 * Thread-safe.
 */
public final class InProcessApiClient implements ApiClient {

  private final ApiServer server;
  private final UserInfo user;
  private final Fence fence;
  private final Environment environment;
  private final Executor executor;
  private final Set<InProcessWatch<?>> watches = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private InProcessApiClient(
      ApiServer server, UserInfo user, Fence fence, Environment environment) {
    this.server = server;
    this.user = user;
    this.fence = fence;
    this.environment = environment;
    this.executor = environment.executor("in-process-api");
  }

  /** A client that may do everything. */
  public static InProcessApiClient of(ApiServer server, Environment environment) {
    return of(server, environment, UserInfo.LOOPBACK, Fence.OPEN);
  }

  /**
   * A client of a user.
   *
   * @param fence asked before each write
   */
  public static InProcessApiClient of(
      ApiServer server, Environment environment, UserInfo user, Fence fence) {
    return new InProcessApiClient(server, user, fence, environment);
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> get(ResourceType<T> type, ObjectKey key) {
    return send(() -> decoded(type, handle(request(Verb.GET, type, key, "", Map.of(), null, ""))));
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<ListPage> list(
      ResourceType<T> type, ListQuery query, Consumer<? super T> items) {
    Map<String, List<String>> parameters = selectors(query.scope());
    put(parameters, "resourceVersion", query.resourceVersion());
    put(parameters, "resourceVersionMatch", query.resourceVersionMatch());
    put(parameters, "limit", query.limit() == 0 ? "" : Integer.toString(query.limit()));
    put(parameters, "continue", query.continueToken());
    return send(
        () -> {
          JsonNode list = handle(collection(Verb.LIST, type, query.scope(), parameters));
          for (JsonNode item : list.path("items")) {
            items.accept(decoded(type, item));
          }
          JsonNode metadata = list.path("metadata");
          return new ListPage(
              metadata.path("resourceVersion").asText(), metadata.path("continue").asText());
        });
  }

  @Override
  public <T extends HasMetadata> Watch watch(
      ResourceType<T> type, WatchQuery query, WatchListener<T> listener) {
    Map<String, List<String>> parameters = selectors(query.scope());
    put(parameters, "resourceVersion", query.resourceVersion());
    put(parameters, "timeoutSeconds", Long.toString(query.timeout().toSeconds()));
    put(parameters, "allowWatchBookmarks", "true");
    if (query.sendInitialEvents()) {
      put(parameters, "sendInitialEvents", "true");
      put(parameters, "resourceVersionMatch", "NotOlderThan");
    }
    InProcessWatch<T> watch =
        new InProcessWatch<>(type, listener, environment.executor("in-process-watch"));
    watches.add(watch);
    watch.open(
        sink -> {
          refuseWhenClosed();
          return server.watch(collection(Verb.WATCH, type, query.scope(), parameters), sink);
        },
        () -> watches.remove(watch));
    return watch;
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> create(ResourceType<T> type, T object) {
    JsonNode body = Trees.of(type, object);
    ObjectKey key = new ObjectKey(ObjectKey.of(object).namespace(), "");
    return write(
        () ->
            decoded(
                type,
                handle(request(Verb.CREATE, type, key, "", Map.of(), body, "application/json"))));
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> update(
      ResourceType<T> type, T object, String subresource) {
    JsonNode body = Trees.of(type, object);
    ObjectKey key = ObjectKey.of(object);
    return write(
        () ->
            decoded(
                type,
                handle(
                    request(
                        Verb.UPDATE, type, key, subresource, Map.of(), body, "application/json"))));
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> patch(
      ResourceType<T> type, ObjectKey key, String subresource, PatchFormat format, String body) {
    JsonNode patch = Trees.parse(body);
    return write(
        () ->
            decoded(
                type,
                handle(
                    request(
                        Verb.PATCH, type, key, subresource, Map.of(), patch, format.mediaType()))));
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> apply(
      ResourceType<T> type, T object, String subresource, ApplyOptions options) {
    JsonNode body = Trees.of(type, object);
    ObjectKey key = ObjectKey.of(object);
    Map<String, List<String>> parameters = new HashMap<>();
    put(parameters, "fieldManager", options.fieldManager());
    put(parameters, "force", options.force() ? "true" : "");
    String format = PatchFormat.APPLY.mediaType();
    return write(
        () ->
            decoded(
                type,
                handle(request(Verb.PATCH, type, key, subresource, parameters, body, format))));
  }

  @Override
  public CompletableFuture<Void> delete(
      ResourceType<?> type, ObjectKey key, DeleteOptions options) {
    JsonNode body = deleteOptions(options);
    return write(
        () -> {
          handle(request(Verb.DELETE, type, key, "", Map.of(), body, "application/json"));
          return null;
        });
  }

  @Override
  public CompletableFuture<Void> deleteCollection(
      ResourceType<?> type, String namespace, DeleteOptions options) {
    JsonNode body = deleteOptions(options);
    ObjectKey all = new ObjectKey(namespace, "");
    return write(
        () -> {
          handle(request(Verb.DELETECOLLECTION, type, all, "", Map.of(), body, "application/json"));
          return null;
        });
  }

  /** Answers {@code ok}: a server in the same JVM is healthy as long as it is there. */
  @Override
  public CompletableFuture<String> read(String path) {
    return send(() -> "ok");
  }

  /** Knows aggregated discovery, which is what other forms than text are asked for. */
  @Override
  public CompletableFuture<String> read(String path, String accept) {
    return switch (path) {
      case "/api" -> send(() -> Discovery.of(server.kinds()).aggregatedCore().toString());
      case "/apis" -> send(() -> Discovery.of(server.kinds()).aggregatedGroups().toString());
      default -> read(path);
    };
  }

  @Override
  public void close() {
    closed = true;
    watches.forEach(InProcessWatch::close);
  }

  private <R> CompletableFuture<R> write(Supplier<@Nullable R> request) {
    return send(
        () -> {
          Optional<String> reason = fence.closedBecause();
          if (reason.isPresent()) {
            throw new ApiException(ApiError.of(ApiError.Kind.FENCED, 0, reason.get()));
          }
          return request.get();
        });
  }

  private <R> CompletableFuture<R> send(Supplier<@Nullable R> request) {
    CompletableFuture<R> answer = new CompletableFuture<>();
    executor.execute(
        () -> {
          R value;
          try {
            refuseWhenClosed();
            value = request.get();
          } catch (StatusException e) {
            answer.completeExceptionally(new ApiException(Trees.error(e)));
            return;
          } catch (RuntimeException e) {
            answer.completeExceptionally(e);
            return;
          }
          answer.complete(value);
        });
    return answer;
  }

  private void refuseWhenClosed() {
    if (closed) {
      throw new ApiException(ApiError.of(ApiError.Kind.CLOSED, 0, "the client is closed"));
    }
  }

  private JsonNode handle(ApiRequest request) {
    return server.handle(request).body();
  }

  private static <T extends HasMetadata> T decoded(ResourceType<T> type, JsonNode object) {
    return Trees.object(type, object);
  }

  private ApiRequest collection(
      Verb verb, ResourceType<?> type, Scope scope, Map<String, List<String>> parameters) {
    return request(verb, type, new ObjectKey(scope.namespace(), ""), "", parameters, null, "");
  }

  private ApiRequest request(
      Verb verb,
      ResourceType<?> type,
      ObjectKey key,
      String subresource,
      Map<String, List<String>> parameters,
      @Nullable JsonNode body,
      String contentType) {
    return new ApiRequest(
        user,
        verb,
        type.group(),
        type.version(),
        type.plural(),
        key.namespace(),
        key.name(),
        subresource,
        parameters,
        body,
        contentType);
  }

  private static Map<String, List<String>> selectors(Scope scope) {
    Map<String, List<String>> parameters = new HashMap<>();
    put(parameters, "labelSelector", scope.labelSelector());
    put(parameters, "fieldSelector", scope.fieldSelector());
    return parameters;
  }

  private static void put(Map<String, List<String>> parameters, String key, String value) {
    if (!value.isEmpty()) {
      parameters.put(key, List.of(value));
    }
  }

  private static ObjectNode deleteOptions(DeleteOptions options) {
    ObjectNode body = Trees.newObject().put("kind", "DeleteOptions").put("apiVersion", "v1");
    if (options.uid() != null) {
      body.withObject("/preconditions").put("uid", options.uid());
    }
    if (options.resourceVersion() != null) {
      body.withObject("/preconditions").put("resourceVersion", options.resourceVersion());
    }
    Duration grace = options.gracePeriod();
    if (grace != null) {
      body.put("gracePeriodSeconds", grace.toSeconds());
    }
    if (options.propagation() != null) {
      body.put("propagationPolicy", options.propagation());
    }
    return body;
  }
}
