package dev.kcm.embedded.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.embedded.patch.PatchType;
import dev.kcm.embedded.resource.ApiRequest;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.embedded.resource.ApiServer;
import dev.kcm.embedded.resource.StatusException;
import dev.kcm.embedded.resource.UserInfo;
import dev.kcm.embedded.resource.WatchSink;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Calls the API server in the name of one user.
 *
 * @param server the server
 * @param user the sender of the calls
 */
record ApiCalls(ApiServer server, UserInfo user) {

  private static final String JSON = "application/json";

  static ApiCalls node(ApiServer server, String name) {
    return new ApiCalls(
        server,
        new UserInfo(
            "system:node:" + name, "", List.of("system:nodes", "system:authenticated"), Map.of()));
  }

  static ApiCalls scheduler(ApiServer server) {
    return new ApiCalls(
        server,
        new UserInfo("system:kube-scheduler", "", List.of("system:authenticated"), Map.of()));
  }

  /** The address of an object or collection. */
  record Target(String group, String resource, String namespace, String name, String subresource) {

    static Target pods() {
      return new Target("", "pods", "", "", "");
    }

    static Target pod(JsonNode pod, String subresource) {
      JsonNode metadata = pod.path("metadata");
      return new Target(
          "",
          "pods",
          metadata.path("namespace").asText(),
          metadata.path("name").asText(),
          subresource);
    }

    static Target nodes() {
      return new Target("", "nodes", "", "", "");
    }

    static Target node(String name, String subresource) {
      return new Target("", "nodes", "", name, subresource);
    }

    static Target events(String namespace) {
      return new Target("", "events", namespace, "", "");
    }

    static Target leases() {
      return new Target("coordination.k8s.io", "leases", "kube-node-lease", "", "");
    }

    static Target lease(String name) {
      return new Target("coordination.k8s.io", "leases", "kube-node-lease", name, "");
    }
  }

  /**
   * @throws StatusException when the server refuses
   */
  JsonNode get(Target target) {
    return server.handle(request(Verb.GET, target, Map.of(), null, "")).body();
  }

  /**
   * @throws StatusException when the server refuses
   */
  JsonNode create(Target target, JsonNode body) {
    return server.handle(request(Verb.CREATE, target, Map.of(), body, JSON)).body();
  }

  /**
   * @throws StatusException when the server refuses
   */
  JsonNode patch(Target target, PatchType type, JsonNode body) {
    return server.handle(request(Verb.PATCH, target, Map.of(), body, type.mediaType())).body();
  }

  /**
   * @throws StatusException when the server refuses
   */
  void delete(Target target, JsonNode options) {
    server.handle(request(Verb.DELETE, target, Map.of(), options, JSON));
  }

  /**
   * Watches a collection.
   *
   * @param after revision behind which to begin, empty to begin with the current state
   * @throws StatusException when the server refuses
   */
  AutoCloseable watch(Target target, String after, WatchSink sink) {
    Map<String, List<String>> query =
        Map.of(
            "watch", List.of("true"),
            "allowWatchBookmarks", List.of("true"),
            "resourceVersion", List.of(after));
    return server.watch(request(Verb.WATCH, target, query, null, ""), sink);
  }

  private ApiRequest request(
      Verb verb,
      Target target,
      Map<String, List<String>> query,
      @Nullable JsonNode body,
      String contentType) {
    return new ApiRequest(
        user,
        verb,
        target.group(),
        "v1",
        target.resource(),
        target.namespace(),
        target.name(),
        target.subresource(),
        query,
        body,
        contentType);
  }
}
