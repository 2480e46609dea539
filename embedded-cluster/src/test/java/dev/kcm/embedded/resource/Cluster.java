package dev.kcm.embedded.resource;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * A server on virtual time, spoken to as with kubectl: paths and JSON with single quotes.
 *
 * <p>Confined to the test's thread, but for requests, which any thread may send.
 */
final class Cluster implements AutoCloseable {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(com.fasterxml.jackson.core.json.JsonReadFeature.ALLOW_SINGLE_QUOTES)
          .enable(com.fasterxml.jackson.core.json.JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .build();

  final VirtualTime time = new VirtualTime();
  final FaultPlan faults = FaultPlan.create();
  final ApiServer server;

  Cluster() {
    this(builder -> builder);
  }

  Cluster(UnaryOperator<ApiServer.Builder> settings) {
    server =
        settings
            .apply(
                ApiServer.builder()
                    .clock(time.clock())
                    .timer(time.timer())
                    .random(new Random(1))
                    .faults(faults)
                    .requestLog(1000))
            .build();
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  static String bytes(WatchEvent event) {
    return new String(event.json(), StandardCharsets.UTF_8);
  }

  JsonNode get(String path) {
    return send("GET", path, null, "").body();
  }

  JsonNode post(String path, String body) {
    return send("POST", path, json(body), "application/json").body();
  }

  JsonNode put(String path, String body) {
    return put(path, json(body));
  }

  JsonNode put(String path, JsonNode body) {
    return send("PUT", path, body, "application/json").body();
  }

  JsonNode patch(String path, String body) {
    return send("PATCH", path, json(body), "application/merge-patch+json").body();
  }

  JsonNode delete(String path) {
    return send("DELETE", path, null, "").body();
  }

  JsonNode delete(String path, String options) {
    return send("DELETE", path, json(options), "application/json").body();
  }

  ApiAnswer send(String method, String path, JsonNode body, String contentType) {
    return server.handle(request(method, path, body, contentType));
  }

  Recorder watch(String path) {
    Recorder recorder = new Recorder();
    recorder.handle = server.watch(request("WATCH", path, null, ""), recorder);
    return recorder;
  }

  static StatusException refusal(ThrowingCallable call) {
    return catchThrowableOfType(StatusException.class, call);
  }

  /** A change of an object that was read. */
  static ObjectNode edit(JsonNode object, String merge) {
    ObjectNode copy = object.deepCopy();
    merge(copy, json(merge));
    return copy;
  }

  private static void merge(ObjectNode object, JsonNode changes) {
    changes
        .properties()
        .forEach(
            e -> {
              if (e.getValue() instanceof ObjectNode && object.path(e.getKey()).isObject()) {
                merge((ObjectNode) object.path(e.getKey()), e.getValue());
              } else if (e.getValue().isNull()) {
                object.remove(e.getKey());
              } else {
                object.set(e.getKey(), e.getValue());
              }
            });
  }

  /** The request that a path and method stand for. */
  static ApiRequest request(String method, String url, JsonNode body, String contentType) {
    String path = url.split("\\?", 2)[0];
    Map<String, List<String>> query = query(url.contains("?") ? url.split("\\?", 2)[1] : "");
    List<String> words = new ArrayList<>(List.of(path.substring(1).split("/")));
    boolean core = words.remove(0).equals("api");
    String group = core ? "" : words.remove(0);
    String version = words.remove(0);
    String namespace = "";
    if (words.get(0).equals("namespaces") && words.size() > 2 && !isNamespacePart(words.get(2))) {
      words.remove(0);
      namespace = words.remove(0);
    }
    String resource = words.get(0);
    String name = words.size() > 1 ? words.get(1) : "";
    String subresource = words.size() > 2 ? words.get(2) : "";
    return new ApiRequest(
        UserInfo.LOOPBACK,
        verb(method, name, query),
        group,
        version,
        resource,
        namespace,
        name,
        subresource,
        query,
        body,
        contentType);
  }

  private static boolean isNamespacePart(String word) {
    return word.equals("status") || word.equals("finalize");
  }

  private static Verb verb(String method, String name, Map<String, List<String>> query) {
    return switch (method) {
      case "POST" -> Verb.CREATE;
      case "PUT" -> Verb.UPDATE;
      case "PATCH" -> Verb.PATCH;
      case "DELETE" -> name.isEmpty() ? Verb.DELETECOLLECTION : Verb.DELETE;
      case "WATCH" -> Verb.WATCH;
      default -> query.containsKey("watch") ? Verb.WATCH : name.isEmpty() ? Verb.LIST : Verb.GET;
    };
  }

  private static Map<String, List<String>> query(String text) {
    Map<String, List<String>> query = new LinkedHashMap<>();
    for (String pair : text.isEmpty() ? new String[0] : text.split("&")) {
      String[] parts = pair.split("=", 2);
      String value = URLDecoder.decode(parts[1], StandardCharsets.UTF_8);
      query.computeIfAbsent(parts[0], key -> new ArrayList<>()).add(value);
    }
    return query;
  }

  @Override
  public void close() {
    server.close();
  }

  /** Remembers what a watch sent. */
  static final class Recorder implements WatchSink {
    final List<WatchEvent> events = new ArrayList<>();
    AutoCloseable handle;
    int closings;

    @Override
    public void event(WatchEvent event) {
      events.add(event);
    }

    @Override
    public void closed() {
      closings++;
    }

    /** Type and name of each event, for example {@code ADDED a}. */
    List<String> seen() {
      return events.stream()
          .map(e -> (e.type() + " " + e.object().path("metadata").path("name").asText()).trim())
          .toList();
    }

    List<String> types() {
      return events.stream().map(e -> e.type().name()).toList();
    }

    WatchEvent last() {
      return events.get(events.size() - 1);
    }
  }
}
