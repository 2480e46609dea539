package dev.kcm.core.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.object.ServedResources;
import dev.kcm.core.object.ServedResources.Served;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Asks a server which resources it has: the two documents of aggregated discovery, each time anew.
 * For those who have to know all of them; {@link RestMapper} finds single ones and remembers.
 *
 * <p>Immutable.
 */
public final class Discovery {

  private static final String AGGREGATED =
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

  private static final ObjectMapper JSON = new ObjectMapper();

  private Discovery() {}

  /**
   * All resources, each in the version the server prefers among those that have it.
   *
   * <p>A group version that the server itself cannot tell about, marked as stale, is told as a
   * failure, with what is known of it left out.
   *
   * @param executor reads the answers
   * @return fails with the error of a request, or with {@code UNDECODABLE} when the server has no
   *     aggregated discovery (Kubernetes before 1.27) or an answer is no JSON
   */
  public static CompletableFuture<ServedResources> preferred(ApiClient client, Executor executor) {
    CompletableFuture<String> core = client.read("/api", AGGREGATED);
    CompletableFuture<String> groups = client.read("/apis", AGGREGATED);
    return core.thenCombineAsync(
            groups, (one, other) -> new Reading().read("/api", one).read("/apis", other), executor)
        .thenApply(Reading::result);
  }

  /** Collects. Confined to the thread that reads the answers. */
  private static final class Reading {

    private final Map<List<String>, Served> servedByName = new LinkedHashMap<>();
    private final SortedMap<String, String> failures = new TreeMap<>();
    private final List<String> unreadable = new ArrayList<>();

    private Reading read(String path, String document) {
      JsonNode list = parse(path, document);
      for (JsonNode group : list.path("items")) {
        String name = group.path("metadata").path("name").asText("");
        for (JsonNode version : group.path("versions")) {
          read(name, version);
        }
      }
      return this;
    }

    private ServedResources result() {
      return new ServedResources(List.copyOf(servedByName.values()), failures, unreadable);
    }

    private static JsonNode parse(String path, String document) {
      try {
        JsonNode list = JSON.readTree(document);
        if (list.path("kind").asText().equals("APIGroupDiscoveryList")) {
          return list;
        }
      } catch (JsonProcessingException e) {
        throw new ApiException(Failures.undecodable(e));
      }
      throw new ApiException(
          ApiError.of(
              ApiError.Kind.UNDECODABLE,
              0,
              "the server answers " + path + " without an APIGroupDiscoveryList"));
    }

    private void read(String group, JsonNode entry) {
      String version = entry.path("version").asText("");
      String groupVersion = group.isEmpty() ? version : group + "/" + version;
      if (version.isEmpty() || version.contains("/") || group.contains("/")) {
        unreadable.add("unexpected GroupVersion string: " + groupVersion);
      } else if (entry.path("freshness").asText().equals("Stale")) {
        failures.put(groupVersion, "stale GroupVersion discovery: " + groupVersion);
      } else {
        for (JsonNode resource : entry.path("resources")) {
          add(group, version, resource);
        }
      }
    }

    private void add(String group, String version, JsonNode resource) {
      String plural = resource.path("resource").asText();
      Set<String> verbs = new LinkedHashSet<>();
      resource.path("verbs").forEach(verb -> verbs.add(verb.asText()));
      servedByName.putIfAbsent(
          List.of(group, plural),
          new Served(
              ResourceType.generic(
                  group,
                  version,
                  resource.path("responseKind").path("kind").asText(),
                  plural,
                  resource.path("scope").asText().equals("Namespaced")),
              verbs));
    }
  }
}
