package dev.kcm.testkit.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Plain HTTPS to the server under test.
 *
 * <p>Immutable.
 */
final class Api {

  static final String JSON = "application/json";
  static final String MERGE = "application/merge-patch+json";
  static final String STRATEGIC = "application/strategic-merge-patch+json";
  static final String JSON_PATCH = "application/json-patch+json";
  static final String APPLY = "application/apply-patch+yaml";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final URI base;
  private final HttpClient client;

  private Api(URI base, HttpClient client) {
    this.base = base;
    this.client = client;
  }

  /** With the credentials of the kubeconfig. */
  static Api of(String kubeconfig, HttpClient.Version version) {
    return of(Config.fromKubeconfig(kubeconfig), version);
  }

  /** Without any credentials. */
  static Api anonymous(String kubeconfig) {
    Config config =
        new ConfigBuilder(Config.fromKubeconfig(kubeconfig))
            .withClientCertData(null)
            .withClientCertFile(null)
            .withClientKeyData(null)
            .withClientKeyFile(null)
            .build();
    // Over HTTP/2 the server ends the connection with its answer, and the client loses the answer.
    return of(config, HttpClient.Version.HTTP_1_1);
  }

  private static Api of(Config config, HttpClient.Version version) {
    try {
      SSLContext tls = SSLUtils.sslContext(config);
      HttpClient client =
          HttpClient.newBuilder().sslContext(tls).version(version).connectTimeout(PATIENCE).build();
      String url = config.getMasterUrl();
      return new Api(URI.create(url.endsWith("/") ? url : url + "/"), client);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("the kubeconfig's credentials cannot be used", e);
    }
  }

  URI uri(String path) {
    return URI.create(base + path.substring(1));
  }

  /** Sends a body as it is; an empty one is not sent. */
  Answer raw(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .timeout(PATIENCE)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
      return new Answer(
          method + " " + path, response.statusCode(), response.headers(), response.body());
    } catch (IOException e) {
      throw new AssertionError(method + " " + path + " got no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(method + " " + path + " was interrupted", e);
    }
  }

  /** The version of HTTP that the server and this client agreed on. */
  HttpClient.Version protocol(String path) {
    try {
      return client
          .send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.discarding())
          .version();
    } catch (IOException e) {
      throw new AssertionError("GET " + path + " got no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("GET " + path + " was interrupted", e);
    }
  }

  Answer get(String path, String... headers) {
    return raw("GET", path, "", headers);
  }

  @CanIgnoreReturnValue
  Answer post(String path, String json, String... headers) {
    return raw("POST", path, Json.strict(json), typed(JSON, headers));
  }

  /** Creates, and expects success. */
  @CanIgnoreReturnValue
  Answer create(String path, String json) {
    return post(path, json).is(201);
  }

  @CanIgnoreReturnValue
  Answer put(String path, String json) {
    return raw("PUT", path, Json.strict(json), typed(JSON));
  }

  @CanIgnoreReturnValue
  Answer put(String path, JsonNode object) {
    return raw("PUT", path, object.toString(), typed(JSON));
  }

  @CanIgnoreReturnValue
  Answer patch(String type, String path, String json) {
    return raw("PATCH", path, Json.strict(json), typed(type));
  }

  @CanIgnoreReturnValue
  Answer merge(String path, String json) {
    return patch(MERGE, path, json);
  }

  @CanIgnoreReturnValue
  Answer delete(String path) {
    return raw("DELETE", path, "");
  }

  @CanIgnoreReturnValue
  Answer delete(String path, String options) {
    return raw("DELETE", path, Json.strict(options), typed(JSON));
  }

  private static String[] typed(String type, String... headers) {
    String[] all = new String[headers.length + 2];
    System.arraycopy(headers, 0, all, 2, headers.length);
    all[0] = "Content-Type";
    all[1] = type;
    return all;
  }

  /** Opens a watch over plain HTTP; its answer has begun when this returns. */
  EventStream watch(String path, String... headers) {
    EventStream stream = new EventStream("GET " + path);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).GET();
    if (headers.length > 0) {
      request.headers(headers);
    }
    Lines lines = new Lines(stream);
    CompletableFuture<HttpResponse<Void>> answer =
        client.sendAsync(
            request.build(),
            head -> {
              if (head.statusCode() != 200) {
                stream.add(
                    "{\"type\":\"REFUSED\",\"object\":{\"code\":" + head.statusCode() + "}}");
              }
              return HttpResponse.BodySubscribers.fromLineSubscriber(
                  lines, x -> null, java.nio.charset.StandardCharsets.UTF_8, null);
            });
    stream.onClose(
        () -> {
          lines.cancel();
          answer.cancel(true);
        });
    return stream;
  }

  /** Opens a watch over a WebSocket. */
  EventStream webSocket(String path) {
    EventStream stream = new EventStream("WebSocket " + path);
    URI uri = URI.create(uri(path).toString().replaceFirst("^http", "ws"));
    WebSocket socket =
        client
            .newWebSocketBuilder()
            .header("Origin", base.toString())
            .buildAsync(uri, new Messages(stream))
            .join();
    stream.onClose(socket::abort);
    return stream;
  }

  /** Several values of one header, for {@code headers} parameters. */
  static String[] as(String user, String... groups) {
    String[] headers = new String[2 + 2 * groups.length];
    headers[0] = "Impersonate-User";
    headers[1] = user;
    for (int i = 0; i < groups.length; i++) {
      headers[2 + 2 * i] = "Impersonate-Group";
      headers[3 + 2 * i] = groups[i];
    }
    return headers;
  }

  /** Splits a chunked answer into its lines. Confined to the client's threads, one at a time. */
  private static final class Lines implements Flow.Subscriber<String> {

    private final EventStream stream;

    /** Set by the client's thread, read by whoever closes the watch. */
    private volatile Flow.@Nullable Subscription subscription;

    private Lines(EventStream stream) {
      this.stream = stream;
    }

    void cancel() {
      Flow.Subscription current = subscription;
      if (current != null) {
        current.cancel();
      }
    }

    @Override
    public void onSubscribe(Flow.Subscription started) {
      subscription = started;
      started.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
      stream.add(line);
    }

    @Override
    public void onError(Throwable error) {
      stream.end();
    }

    @Override
    public void onComplete() {
      stream.end();
    }
  }

  /** Joins the parts of WebSocket messages. Confined to the client's threads, one at a time. */
  private static final class Messages implements WebSocket.Listener {

    private final EventStream stream;
    private final StringBuilder message = new StringBuilder();

    private Messages(EventStream stream) {
      this.stream = stream;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      message.append(part);
      if (last) {
        stream.add(message.toString().strip());
        message.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      stream.end();
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      stream.end();
    }
  }

  /** Names in a list of values. */
  static List<String> strings(JsonNode array) {
    return java.util.stream.StreamSupport.stream(array.spliterator(), false)
        .map(JsonNode::asText)
        .toList();
  }
}
