package dev.kcm.daemon.rehearsal;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.daemon.http.Answers;
import dev.kcm.daemon.http.HttpsServer;
import dev.kcm.daemon.tls.ServingCertificate;
import dev.kcm.daemon.tls.ServingTls;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.SameThreadExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.xnio.channels.StreamSinkChannel;

/**
 * Answers a controller manager as an API server would whose cluster holds one
 * ReplicationController. Collections are empty but for that, single objects are not there, what is
 * written is sent back, reviews allow everything, watches stay open and say nothing more.
 *
 * <p>Thread-safe: it remembers only that the first pod was created.
 */
public final class StandInApiServer implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String CONTROLLER =
      """
      {"kind":"ReplicationController","apiVersion":"v1","metadata":{"name":"rehearsal",\
      "namespace":"default","uid":"6a1ccf4e-3c84-4bcf-8d6a-0d1f4f5c7e21","resourceVersion":"1",\
      "generation":1,"creationTimestamp":"2026-01-01T00:00:00Z"},"spec":{"replicas":1,\
      "selector":{"app":"rehearsal"},"template":{"metadata":{"labels":{"app":"rehearsal"}},\
      "spec":{"containers":[{"name":"main","image":"none"}]}}}}""";

  private static final String BOOKMARK =
      """
      {"type":"BOOKMARK","object":{"kind":"Bookmark","apiVersion":"v1","metadata":\
      {"resourceVersion":"1","annotations":{"k8s.io/initial-events-end":"true"}}}}
      """;

  /** What the server adds to some of the objects that are created, by the end of the path. */
  private static final Map<String, String> STATUS =
      Map.of(
          "subjectaccessreviews",
          "{\"allowed\":true}",
          "selfsubjectaccessreviews",
          "{\"allowed\":true}",
          "tokenreviews",
          "{\"authenticated\":true,\"user\":{\"username\":\"rehearsal\",\"groups\":[]}}",
          "token",
          "{\"token\":\"rehearsal\",\"expirationTimestamp\":\"2126-01-01T00:00:00Z\"}");

  private final CompletableFuture<Void> firstPod = new CompletableFuture<>();
  private final HttpsServer https;

  private StandInApiServer(ServingCertificate certificate) throws IOException {
    https =
        HttpsServer.open(
            HttpsServer.Settings.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            new ServingTls(certificate, List.of(), List.of()),
            this::handle);
  }

  /**
   * Listens on a free port of the loopback address.
   *
   * @param certificate made out for that address
   * @throws IOException when there is no port
   */
  public static StandInApiServer open(ServingCertificate certificate) throws IOException {
    return new StandInApiServer(certificate);
  }

  /** Where it listens. */
  public String url() {
    return "https://127.0.0.1:" + https.port();
  }

  /** Completes when a pod is created. */
  public CompletableFuture<Void> firstPod() {
    return firstPod;
  }

  @Override
  public void close() {
    https.close();
  }

  private void handle(HttpServerExchange exchange) throws IOException {
    String path = exchange.getRequestPath();
    if (!exchange.getRequestMethod().toString().equals("GET")) {
      write(exchange, path);
    } else if (exchange.getQueryParameters().containsKey("watch")) {
      watch(exchange, path);
    } else {
      read(exchange, path);
    }
  }

  private static void read(HttpServerExchange exchange, String path) {
    if (path.equals("/healthz")) {
      Answers.text(exchange, 200, "ok");
    } else if (isObject(path)) {
      json(
          exchange,
          404,
          "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"NotFound\","
              + "\"message\":\"not there\",\"code\":404}");
    } else {
      json(
          exchange,
          200,
          "{\"kind\":\"List\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"1\"},"
              + "\"groups\":[],\"resources\":[],\"items\":["
              + (path.endsWith("/replicationcontrollers") ? CONTROLLER : "")
              + "]}");
    }
  }

  /** Whether a path names one object, not a collection or a document of the server. */
  private static boolean isObject(String path) {
    List<String> parts = List.of(path.substring(1).split("/", -1));
    int prefix = parts.get(0).equals("api") ? 2 : 3;
    return parts.size() > prefix && (parts.size() - prefix) % 2 == 0;
  }

  private void write(HttpServerExchange exchange, String path) throws IOException {
    if (exchange.isInIoThread()) {
      exchange.dispatch((HttpHandler) same -> write(same, path));
      return;
    }
    exchange.startBlocking();
    ObjectNode object = (ObjectNode) JSON.readTree(exchange.getInputStream());
    ObjectNode metadata = object.withObjectProperty("metadata");
    metadata.put("resourceVersion", "2");
    metadata.put("uid", "0d6c7a55-7d53-4f0b-a6cf-a9c1d83a2b10");
    String end = path.substring(path.lastIndexOf('/') + 1);
    if (STATUS.containsKey(end)) {
      object.set("status", JSON.readTree(STATUS.get(end)));
    }
    json(exchange, 201, object.toString());
    if (end.equals("pods")) {
      firstPod.complete(null);
    }
  }

  private static void json(HttpServerExchange exchange, int code, String body) {
    Answers.send(exchange, code, "application/json", body);
  }

  private static void watch(HttpServerExchange exchange, String path) {
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
    Deque<String> initial = exchange.getQueryParameters().get("sendInitialEvents");
    String added =
        path.endsWith("/replicationcontrollers")
            ? "{\"type\":\"ADDED\",\"object\":" + CONTROLLER + "}\n"
            : "";
    byte[] events = (initial == null ? "" : added + BOOKMARK).getBytes(StandardCharsets.UTF_8);
    // The answer stays open, and no thread waits with it.
    exchange.dispatch(SameThreadExecutor.INSTANCE, () -> begin(exchange, events));
  }

  /** The few bytes fit into the buffer of any connection. */
  private static void begin(HttpServerExchange exchange, byte[] events) {
    StreamSinkChannel body = exchange.getResponseChannel();
    try {
      body.write(ByteBuffer.wrap(events));
      body.flush();
    } catch (IOException gone) {
      exchange.endExchange();
    }
  }
}
