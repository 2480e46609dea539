package dev.kcm.embedded.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.ApiRequest;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.embedded.resource.WatchEvent;
import dev.kcm.embedded.resource.WatchSink;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WatchContractTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String WATCH = "/api/v1/namespaces/shop/pods?watch=true";

  private final HttpTestServer server;

  WatchContractTest() throws Exception {
    server = new HttpTestServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void sendsHeadersAtOnceAndEachEventAsALine(Version version) throws Exception {
    try (BufferedReader lines = open(server.admin(version), WATCH)) {
      WatchSink sink = server.backend.watches.take();

      for (int i = 0; i < 3; i++) {
        sink.event(ScriptedBackend.added(ScriptedBackend.pod("shop", "pod-" + i)));
        JsonNode frame = MAPPER.readTree(lines.readLine());
        assertThat(frame.path("type").asText()).isEqualTo("ADDED");
        assertThat(frame.at("/object/metadata/name").asText()).isEqualTo("pod-" + i);
      }
      sink.closed();
      assertThat(lines.readLine()).isNull();
      assertThat(server.backend.watchClosed.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void sendsWhatTheWatchBeginsWithHoweverMuchItIs(Version version) throws Exception {
    int count = 50 * HttpTestServer.WATCH_LIMIT;
    List<WatchEvent> initial = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      initial.add(ScriptedBackend.added(ScriptedBackend.pod("shop", "pod-" + i)));
    }
    server.backend.initialEvents = initial;

    try (BufferedReader lines = open(server.admin(version), WATCH)) {
      for (int i = 0; i < count; i++) {
        assertThat(lines.readLine()).contains("\"pod-" + i + "\"");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void endsTheWatchOfAConsumerThatDoesNotRead(Version version) throws Exception {
    try (BufferedReader lines = open(server.admin(version), WATCH)) {
      WatchSink sink = server.backend.watches.take();
      ObjectNode large = ScriptedBackend.pod("shop", "large");
      large.put("padding", "x".repeat(1 << 16));
      WatchEvent event = ScriptedBackend.added(large);
      // Far more than the buffers of both ends take, so that the events queue up in the server.
      for (int i = 0; i < 20 * HttpTestServer.WATCH_LIMIT; i++) {
        sink.event(event);
      }
      long read = lines.lines().count();

      assertThat(read).isLessThan(20L * HttpTestServer.WATCH_LIMIT);
      assertThat(server.backend.watchClosed.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void stopsTheWatchOfAClientThatIsGone(Version version) throws Exception {
    BufferedReader lines = open(server.admin(version), WATCH);
    WatchSink sink = server.backend.watches.take();
    lines.close();

    // HTTP/1.1 tells that a reader is gone only to those who write.
    WatchEvent event = ScriptedBackend.added(ScriptedBackend.pod("shop", "a"));
    while (!server.backend.watchClosed.await(10, TimeUnit.MILLISECONDS)) {
      sink.event(event);
    }
    assertThat(server.backend.watchClosed.getCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/pods?watch=1",
        "/api/v1/pods?watch",
        "/api/v1/watch/pods",
        "/api/v1/watch/namespaces/shop/pods?watch=true"
      })
  void watchesBySwitchAndByOldPath(String path) throws Exception {
    try (BufferedReader lines = open(server.admin(Version.HTTP_2), path)) {
      ApiRequest request = server.backend.requests.take();
      assertThat(request.verb()).isEqualTo(Verb.WATCH);
      assertThat(request.resource()).isEqualTo("pods");
      server.backend.watches.take().closed();
      assertThat(lines.readLine()).isNull();
    }
  }

  @Test
  void watchesOneObjectByTheOldPathOfItsName() throws Exception {
    try (BufferedReader lines =
        open(
            server.admin(Version.HTTP_2),
            "/api/v1/watch/namespaces/shop/pods/a?fieldSelector=status.phase%3DRunning")) {
      ApiRequest request = server.backend.requests.take();
      assertThat(request.name()).isEmpty();
      assertThat(request.parameter("fieldSelector"))
          .isEqualTo("status.phase=Running,metadata.name=a");
      server.backend.watches.take().closed();
      assertThat(lines.readLine()).isNull();
    }
  }

  @Test
  void sendsTablesWithColumnsInTheFirstFrameOnly() throws Exception {
    server.backend.initialEvents =
        List.of(
            ScriptedBackend.added(ScriptedBackend.pod("shop", "a")),
            ScriptedBackend.added(ScriptedBackend.pod("shop", "b")),
            new WatchEvent(WatchEvent.Type.BOOKMARK, ScriptedBackend.pod("", "")),
            new WatchEvent(WatchEvent.Type.ERROR, MAPPER.createObjectNode().put("kind", "Status")));
    String table = "application/json;as=Table;v=v1;g=meta.k8s.io";

    try (BufferedReader lines = open(server.admin(Version.HTTP_2), WATCH, "Accept", table)) {
      JsonNode first = MAPPER.readTree(lines.readLine()).path("object");
      assertThat(first.path("columnDefinitions")).isNotEmpty();
      assertThat(first.at("/rows/0/cells/0").asText()).isEqualTo("a");
      JsonNode second = MAPPER.readTree(lines.readLine()).path("object");
      assertThat(second.path("columnDefinitions")).isEmpty();
      assertThat(second.at("/rows/0/cells/0").asText()).isEqualTo("b");
      JsonNode bookmark = MAPPER.readTree(lines.readLine());
      assertThat(bookmark.path("type").asText()).isEqualTo("BOOKMARK");
      assertThat(bookmark.at("/object/rows")).isEmpty();
      assertThat(MAPPER.readTree(lines.readLine()).at("/object/kind").asText()).isEqualTo("Status");
    }
  }

  @Test
  void sendsMetadataOnlyWhenAsked() throws Exception {
    server.backend.initialEvents = List.of(ScriptedBackend.added(ScriptedBackend.pod("shop", "a")));
    String partial = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";

    try (BufferedReader lines = open(server.admin(Version.HTTP_2), WATCH, "Accept", partial)) {
      JsonNode object = MAPPER.readTree(lines.readLine()).path("object");
      assertThat(object.path("kind").asText()).isEqualTo("PartialObjectMetadata");
    }
  }

  @Test
  void refusesWatchesBeforeTheyBegin() throws Exception {
    HttpClient admin = server.admin(Version.HTTP_2);

    assertThat(server.get(admin, WATCH, "Accept", "application/yaml").statusCode()).isEqualTo(406);
    assertThat(server.get(server.anonymous(), WATCH).statusCode()).isEqualTo(403);
    HttpResponse<String> forbidden = server.get(server.user("jane"), WATCH);
    assertThat(MAPPER.readTree(forbidden.body()).path("message").asText())
        .isEqualTo(
            "pods is forbidden: User \"jane\" cannot watch resource \"pods\" in API group \"\" in"
                + " the namespace \"shop\"");
  }

  @Test
  void keepsTheConnectionOfAClientThatEndsManyWatches() throws Exception {
    HttpClient admin = server.admin(Version.HTTP_2);
    try (BufferedReader lasting = open(admin, WATCH)) {
      WatchSink sink = server.backend.watches.take();
      for (int i = 0; i < 500; i++) {
        open(admin, WATCH).close();
        server.backend.watches.take();
      }
      sink.event(ScriptedBackend.added(ScriptedBackend.pod("shop", "a")));
      assertThat(lasting.readLine()).contains("\"a\"");
    }
  }

  @Test
  void speaksWebSocketWithOneTextMessagePerEvent() throws Exception {
    server.backend.initialEvents = List.of(ScriptedBackend.added(ScriptedBackend.pod("shop", "a")));
    Messages messages = new Messages();
    WebSocket socket = connect(server.admin(Version.HTTP_2), WATCH, messages);
    WatchSink sink = server.backend.watches.take();
    for (int i = 0; i < 50; i++) {
      sink.event(ScriptedBackend.added(ScriptedBackend.pod("shop", "pod-" + i)));
    }

    assertThat(messages.next()).contains("\"name\":\"a\"");
    for (int i = 0; i < 50; i++) {
      assertThat(MAPPER.readTree(messages.next()).at("/object/metadata/name").asText())
          .isEqualTo("pod-" + i);
    }
    sink.closed();
    assertThat(messages.next()).isEqualTo("closed 1000");
    socket.abort();
  }

  @Test
  void stopsTheWatchWhenTheWebSocketIsClosed() throws Exception {
    WebSocket socket = connect(server.admin(Version.HTTP_2), WATCH, new Messages());
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);

    assertThat(server.backend.watchClosed.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void refusesWebSocketsLikeOtherRequests() {
    assertThatThrownBy(() -> connect(server.anonymous(), WATCH, new Messages()))
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            refused -> assertThat(refused.getResponse().statusCode()).isEqualTo(403));
  }

  private WebSocket connect(HttpClient client, String path, Messages messages) {
    URI uri = URI.create(server.uri(path).toString().replace("https:", "wss:"));
    return client
        .newWebSocketBuilder()
        .connectTimeout(Duration.ofSeconds(10))
        .header("Origin", "https://localhost")
        .buildAsync(uri, messages)
        .join();
  }

  private BufferedReader open(HttpClient client, String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.uri(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(response.headers().firstValue("Content-Encoding")).isEmpty();
    return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  private static final class Messages implements WebSocket.Listener {

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final StringBuilder partial = new StringBuilder();

    String next() throws InterruptedException {
      String message = received.poll(10, TimeUnit.SECONDS);
      assertThat(message).isNotNull();
      return String.valueOf(message);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      partial.append(text);
      if (last) {
        received.add(partial.toString());
        partial.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      received.add("closed " + code);
      return null;
    }
  }
}
