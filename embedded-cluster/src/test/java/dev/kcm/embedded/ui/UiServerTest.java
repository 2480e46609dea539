package dev.kcm.embedded.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kcm.embedded.resource.ApiServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UiServerTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ApiServer api = ApiServer.builder().build();
  private final HttpClient http = HttpClient.newHttpClient();
  private UiServer ui;

  @BeforeEach
  void start() throws IOException {
    ui = UiServer.start(api, 0);
  }

  @AfterEach
  void close() {
    ui.close();
    api.close();
  }

  private URI at(String path) {
    return URI.create("http://127.0.0.1:" + ui.url().getPort() + path);
  }

  private HttpRequest.Builder withKey() {
    return HttpRequest.newBuilder(at("/ui/stream"))
        .header("Authorization", "Bearer " + ui.url().getFragment());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(HttpRequest.newBuilder(at(path)).build(), BodyHandlers.ofString());
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void ensure(String yaml) {
    api.ensure(json(yaml).deepCopy());
  }

  /** The next frame with an object of a resource and name. */
  private static JsonNode frame(Iterator<String> lines, String resource, String name) {
    while (lines.hasNext()) {
      JsonNode frame = json(lines.next());
      if (frame.path("resource").asText().equals(resource)
          && frame.at("/object/metadata/name").asText().equals(name)) {
        return frame;
      }
    }
    throw new AssertionError("the stream ended before " + resource + " " + name);
  }

  @Test
  void servesThePageWithAPolicyThatLetsNothingElseIn() throws Exception {
    for (String path : new String[] {"/ui/", "/ui/app.js", "/ui/state.js", "/ui/style.css"}) {
      HttpResponse<String> answer = get(path);
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Security-Policy"))
          .hasValueSatisfying(policy -> assertThat(policy).startsWith("default-src 'none'; "));
      assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
      assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
      assertThat(answer.body()).doesNotContain("innerHTML", "https://", ui.url().getFragment());
    }
    assertThat(get("/ui").headers().firstValue("Location")).hasValue("/ui/");
    assertThat(get("/ui/../etc/passwd").statusCode()).isEqualTo(404);
  }

  @Test
  void showsTheStateThenEveryChangeAndOnlyWhatThePageNeeds() throws Exception {
    ensure(
        """
        {"apiVersion":"v1","kind":"ReplicationController",
         "metadata":{"name":"web","namespace":"default","annotations":{"secret":"1"}},
         "spec":{"replicas":3,"template":{"metadata":{"labels":{"a":"b"}},
          "spec":{"containers":[{"name":"c","image":"i","env":[{"name":"PASSWORD","value":"2"}]}]}}}}
        """);
    try (Stream<String> stream = http.send(withKey().build(), BodyHandlers.ofLines()).body()) {
      Iterator<String> lines = stream.filter(line -> !line.isEmpty()).iterator();
      JsonNode added = frame(lines, "replicationcontrollers", "web");
      assertThat(added.path("type").asText()).isEqualTo("ADDED");
      assertThat(added.path("object").path("spec"))
          .isEqualTo(
              json(
                  "{\"replicas\":3,\"template\":{\"spec\":{\"containers\":[{\"image\":\"i\"}]}}}"));
      assertThat(added.at("/object/metadata").has("annotations")).isFalse();
      assertThat(lines.next()).isEqualTo("{\"type\":\"SYNCED\"}");

      ensure("{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"late\"}}");

      assertThat(frame(lines, "nodes", "late").at("/object/metadata/uid").asText()).isNotEmpty();
    }
  }

  @Test
  void tellsNothingToWhoHasNoKey() throws Exception {
    assertThat(get("/ui/stream").statusCode()).isEqualTo(401);
    HttpRequest wrong =
        HttpRequest.newBuilder(at("/ui/stream")).header("Authorization", "Bearer 0").build();
    HttpResponse<String> refused = http.send(wrong, BodyHandlers.ofString());
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).isEqualTo("Open the address that the sandbox printed.\n");
  }

  @Test
  void changesNothing() throws Exception {
    HttpRequest post = withKey().POST(HttpRequest.BodyPublishers.noBody()).build();

    assertThat(http.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
  }

  @Test
  void answersUnderItsOwnNameOnly() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), ui.url().getPort());
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
      socket
          .getOutputStream()
          .write(
              "GET /ui/ HTTP/1.1\r\nHost: rebound.example\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));

      assertThat(in.readLine()).startsWith("HTTP/1.1 421");
    }
  }
}
