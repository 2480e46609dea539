package dev.kcm.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.ApiAnswer;
import dev.kcm.embedded.resource.ApiRequest;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.embedded.resource.ApiServer;
import dev.kcm.embedded.resource.UserInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Objects in an API server, and something that happens to them while controllers watch. */
interface ServedWorld {

  /** Creates the objects. Called once, before any controller runs. */
  void fill(ApiServer server);

  /** Whether the controllers have done all there is to do before the load. */
  boolean settled(ApiServer server);

  /** Makes it happen, waits until the controllers have followed, and tells the numbers. */
  Outcome load(ApiServer server) throws Exception;

  /**
   * What was measured.
   *
   * @param work number of things done
   * @param text the numbers, for a reader
   */
  record Outcome(int work, String text) {}

  /** A change in the process of the server, past its HTTP side. */
  static ApiAnswer send(
      ApiServer server, Verb verb, Target target, @Nullable JsonNode body, String contentType) {
    ApiAnswer answer = server.handle(target.request(verb, body, contentType));
    if (answer.code() >= 300) {
      throw new IllegalStateException(verb + " " + target + ": " + answer);
    }
    return answer;
  }

  /** Creates an object. */
  static void create(ApiServer server, Target target, String json) {
    var unused = send(server, Verb.CREATE, target, tree(json), "application/json");
  }

  /** Merges into an object. */
  static void merge(ApiServer server, Target target, String json) {
    var unused = send(server, Verb.PATCH, target, tree(json), "application/merge-patch+json");
  }

  /** JSON with {@code '} for quotes. */
  static ObjectNode tree(String json) {
    try {
      return (ObjectNode) new ObjectMapper().readTree(json.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where a request goes, as a path: group/version, resource, namespace, name, subresource. */
  record Target(
      String groupVersion, String resource, String namespace, String name, String subresource) {

    ApiRequest request(Verb verb, @Nullable JsonNode body, String contentType) {
      int slash = groupVersion.indexOf('/');
      return new ApiRequest(
          UserInfo.LOOPBACK,
          verb,
          slash < 0 ? "" : groupVersion.substring(0, slash),
          groupVersion.substring(slash + 1),
          resource,
          namespace,
          name,
          subresource,
          Map.<String, List<String>>of(),
          body,
          contentType);
    }
  }

  /** Median and 99th percentile of durations in nanoseconds, as text. */
  static String percentiles(List<Long> nanos) {
    if (nanos.isEmpty()) {
      return "none";
    }
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    return String.format(
        Locale.ROOT,
        "p50 %.1f ms, p99 %.1f ms, longest %.1f ms",
        sorted[sorted.length / 2] / 1e6,
        sorted[sorted.length - 1 - sorted.length / 100] / 1e6,
        sorted[sorted.length - 1] / 1e6);
  }
}
