package dev.kcm.core.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the resource of a kind by asking the server: which plural, which version, and whether it is
 * in a namespace.
 *
 * <pre>{@code
 * RestMapper mapper = RestMapper.of(client, environment);
 * mapper.find("cert-manager.io", "Certificate").thenAcceptAsync(type -> ..., executor);
 * }</pre>
 *
 * <p>Answers are kept. A kind that is not among them has the whole memory dropped and the server
 * asked once more, at most every 30 seconds, so that a definition made meanwhile is found. A group
 * that does not answer, since the server behind it is down, fails its own kinds only, and is asked
 * again the next time.
 *
 * <p>Guarded by {@code lock}; requests are made and futures completed outside of it.
 */
public final class RestMapper {

  /** How long at least between two times that everything is asked anew. */
  public static final Duration BETWEEN_RESETS = Duration.ofSeconds(30);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ApiClient client;
  private final Environment environment;
  private final Executor executor;
  private final Object lock = new Object();

  @GuardedBy("lock") private final Map<String, CompletableFuture<JsonNode>> answerByPath = new HashMap<>();

  @GuardedBy("lock") private @Nullable Long resetNanos;

  private RestMapper(ApiClient client, Environment environment) {
    this.client = client;
    this.environment = environment;
    this.executor = environment.executor("rest-mapper");
  }

  /** A mapper that knows nothing yet. */
  public static RestMapper of(ApiClient client, Environment environment) {
    return new RestMapper(client, environment);
  }

  /**
   * The resource of a kind, in the version the server prefers among those that have it.
   *
   * @param group empty for core
   * @param kind for example {@code Pod}
   * @return fails with {@code NOT_FOUND} when the server has no such kind, or with the error of the
   *     request that could have told. Completes on a thread of the environment
   */
  public CompletableFuture<ResourceType<GenericKubernetesResource>> find(
      String group, String kind) {
    CompletableFuture<ResourceType<GenericKubernetesResource>> result = new CompletableFuture<>();
    look(group, kind)
        .whenCompleteAsync(
            (found, failure) -> {
              if (failure != null && isMiss(failure) && reset()) {
                look(group, kind).whenCompleteAsync(completing(result), executor);
              } else {
                completing(result).accept(found, failure);
              }
            },
            executor);
    return result;
  }

  private static <T> BiConsumer<@Nullable T, @Nullable Throwable> completing(
      CompletableFuture<T> result) {
    return (value, failure) -> {
      if (failure != null) {
        result.completeExceptionally(new ApiException(ApiException.errorOf(failure)));
      } else {
        result.complete(value);
      }
    };
  }

  private static boolean isMiss(Throwable failure) {
    return ApiException.errorOf(failure).kind() == Kind.NOT_FOUND;
  }

  /** Whether everything may be asked anew, and now will be. */
  private boolean reset() {
    synchronized (lock) {
      if (resetNanos != null
          && environment.ticker().since(resetNanos).compareTo(BETWEEN_RESETS) < 0) {
        return false;
      }
      resetNanos = environment.ticker().nanos();
      answerByPath.clear();
      return true;
    }
  }

  private CompletionStage<ResourceType<GenericKubernetesResource>> look(String group, String kind) {
    return versions(group)
        .thenComposeAsync(versions -> lookIn(group, versions, kind, 0, null), executor);
  }

  /** One version after the other; one that does not answer does not hide the next. */
  private CompletionStage<ResourceType<GenericKubernetesResource>> lookIn(
      String group, List<String> versions, String kind, int index, @Nullable Throwable failure) {
    if (index == versions.size()) {
      return CompletableFuture.failedFuture(
          failure != null ? failure : miss(group, kind, versions));
    }
    String version = versions.get(index);
    return resources(group, version)
        .handleAsync(
            (types, failed) -> {
              ResourceType<GenericKubernetesResource> found =
                  types == null ? null : types.get(kind);
              return found != null
                  ? CompletableFuture.completedStage(found)
                  : lookIn(group, versions, kind, index + 1, failed == null ? failure : failed);
            },
            executor)
        .thenCompose(Function.identity());
  }

  private static ApiException miss(String group, String kind, List<String> versions) {
    String where = group.isEmpty() ? "the core group" : "group " + group;
    return new ApiException(
        ApiError.of(
            Kind.NOT_FOUND,
            404,
            versions.isEmpty()
                ? "the server has no " + where + ", asked for its kind " + kind
                : "the server has no kind " + kind + " in " + where + ", versions " + versions));
  }

  private CompletionStage<List<String>> versions(String group) {
    return group.isEmpty()
        ? CompletableFuture.completedStage(List.of("v1"))
        : answer("/apis").thenApply(groups -> versionsIn(groups, group));
  }

  /** The preferred one first. */
  private static List<String> versionsIn(JsonNode groups, String group) {
    List<String> versions = new ArrayList<>();
    for (JsonNode candidate : groups.path("groups")) {
      if (candidate.path("name").asText().equals(group)) {
        candidate.path("versions").forEach(v -> versions.add(v.path("version").asText()));
        String preferred = candidate.path("preferredVersion").path("version").asText();
        if (versions.remove(preferred)) {
          versions.add(0, preferred);
        }
      }
    }
    return versions;
  }

  private CompletionStage<Map<String, ResourceType<GenericKubernetesResource>>> resources(
      String group, String version) {
    String path = (group.isEmpty() ? "/api/" : "/apis/" + group + "/") + version;
    return answer(path).thenApply(list -> typesIn(list, group, version));
  }

  private static Map<String, ResourceType<GenericKubernetesResource>> typesIn(
      JsonNode list, String group, String version) {
    Map<String, ResourceType<GenericKubernetesResource>> typeByKind = new LinkedHashMap<>();
    for (JsonNode resource : list.path("resources")) {
      String plural = resource.path("name").asText();
      String kind = resource.path("kind").asText();
      if (!plural.contains("/")) {
        typeByKind.putIfAbsent(
            kind,
            ResourceType.generic(
                group, version, kind, plural, resource.path("namespaced").asBoolean()));
      }
    }
    return typeByKind;
  }

  private CompletionStage<JsonNode> answer(String path) {
    CompletableFuture<JsonNode> mine = new CompletableFuture<>();
    synchronized (lock) {
      CompletableFuture<JsonNode> known = answerByPath.putIfAbsent(path, mine);
      if (known != null) {
        return known;
      }
    }
    var unused =
        client
            .read(path)
            .whenCompleteAsync((text, failure) -> answered(path, mine, text, failure), executor);
    return mine;
  }

  private void answered(
      String path,
      CompletableFuture<JsonNode> future,
      @Nullable String text,
      @Nullable Throwable failure) {
    ApiException problem = failure == null ? null : new ApiException(unavailable(path, failure));
    JsonNode tree = null;
    if (text != null) {
      try {
        tree = JSON.readTree(text);
      } catch (JsonProcessingException e) {
        problem = new ApiException(Failures.undecodable(e));
      }
    }
    if (problem == null) {
      future.complete(tree);
      return;
    }
    synchronized (lock) {
      answerByPath.remove(path, future);
    }
    future.completeExceptionally(problem);
  }

  /** The error, with the question it is about. */
  private static ApiError unavailable(String path, Throwable failure) {
    ApiError error = ApiException.errorOf(failure);
    return new ApiError(
        error.kind(),
        error.code(),
        error.reason(),
        "cannot ask for " + path + ": " + error.message(),
        error.causes(),
        error.retryAfter());
  }
}
