package dev.kcm.core.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WatchDecodingTest {

  private static final ResourceType<ConfigMap> MAPS = ResourceType.of(ConfigMap.class);

  /** Characters of one to four bytes, an escaped quote, a backslash and an escaped line feed. */
  private static final String TEXT = "a\u00e9\u20ac\ud83d\ude00\\\"\\\\\\n\ud83c\udf89z";

  private static final String DECODED = "a\u00e9\u20ac\ud83d\ude00\"\\\n\ud83c\udf89z";

  private static String event(String type, String name, String value) {
    return "{\"type\":\""
        + type
        + "\",\"object\":{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\""
        + name
        + "\",\"resourceVersion\":\"3\",\"managedFields\":[{\"manager\":\"m\"}]},\"data\":{\"k\":\""
        + value
        + "\"}}}";
  }

  /** Streams the bytes in chunks of a size and returns what came out. */
  private static WatchLog<ConfigMap> watch(byte[] bytes, int chunk, boolean clean)
      throws Exception {
    TinyServer.Script script =
        (request, out) -> {
          TinyServer.chunkedHead(out);
          for (int from = 0; from < bytes.length; from += chunk) {
            TinyServer.chunk(out, bytes, from, Math.min(bytes.length, from + chunk));
          }
          if (clean) {
            TinyServer.lastChunk(out);
          }
          return clean;
        };
    try (TinyServer server = new TinyServer(script);
        ApiClient client = client(server)) {
      WatchLog<ConfigMap> log = new WatchLog<>();
      client.watch(MAPS, new WatchQuery(Scope.ALL, "7", Duration.ofMinutes(5), false), log);
      log.awaitClosed();
      assertThat(server.requests.get(0).path())
          .isEqualTo(
              "/api/v1/configmaps?watch=1&resourceVersion=7&allowWatchBookmarks=true"
                  + "&timeoutSeconds=300");
      return log;
    }
  }

  private static ApiClient client(TinyServer server) {
    Config config = new ConfigBuilder(Config.empty()).withMasterUrl(server.url()).build();
    return ApiClients.builder(config).build();
  }

  private static WatchLog<ConfigMap> watch(String text) throws Exception {
    return watch(text.getBytes(StandardCharsets.UTF_8), 1 << 20, true);
  }

  @Test
  @DisplayName("T-14 frames split at every byte decode to the originals")
  void decodesFramesSplitAtEveryByte() throws Exception {
    byte[] bytes =
        (event("ADDED", "a", TEXT) + "\n" + event("MODIFIED", "b", TEXT) + "\n")
            .getBytes(StandardCharsets.UTF_8);
    for (int split = 1; split < bytes.length; split++) {
      List<String> values = new ArrayList<>();
      FrameSplitter splitter =
          new FrameSplitter(
              (frame, from, to) ->
                  values.add(new String(frame, from, to - from, StandardCharsets.UTF_8)));
      splitter.feed(ByteBuffer.wrap(bytes, 0, split).slice());
      splitter.feed(ByteBuffer.wrap(bytes, split, bytes.length - split).asReadOnlyBuffer());
      splitter.finish();
      assertThat(values)
          .as("split at %d", split)
          .containsExactly(event("ADDED", "a", TEXT), event("MODIFIED", "b", TEXT));
    }
    WatchLog<ConfigMap> log = watch(bytes, 1, true);
    assertThat(log.lines).containsExactly("opened", "ADDED", "MODIFIED", "closed");
    assertThat(log.objects).allMatch(map -> map.getData().get("k").equals(DECODED));
    assertThat(log.objects).allMatch(map -> map.getMetadata().getManagedFields().isEmpty());
  }

  @Test
  @DisplayName("T-14 an object of 1 MiB")
  void decodesALargeObject() throws Exception {
    String large = "\u20ac".repeat(350_000);
    byte[] bytes = (event("ADDED", "a", large) + "\n").getBytes(StandardCharsets.UTF_8);

    assertThat(watch(bytes, 7001, true).objects.get(0).getData()).containsEntry("k", large);
  }

  @Test
  @DisplayName("T-14 100 000 events in one chunk")
  void decodesManyEventsInOneChunk() throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < 100_000; i++) {
      all.write((event("ADDED", "m" + i, "v") + "\n").getBytes(StandardCharsets.UTF_8));
    }

    WatchLog<ConfigMap> log = watch(all.toByteArray(), all.size(), true);

    assertThat(log.objects).hasSize(100_000);
    assertThat(log.objects.get(99_999).getMetadata().getName()).isEqualTo("m99999");
  }

  @Test
  @DisplayName("T-14 CRLF, empty frames and a last frame without line feed")
  void skipsWhatIsNoFrame() throws Exception {
    String a = event("ADDED", "a", "1");

    assertThat(watch("\n\r\n" + a + "\r\n\n  \n" + a).lines)
        .containsExactly("opened", "ADDED", "ADDED", "closed");
  }

  @Test
  void takesTheObjectBeforeTheType() throws Exception {
    WatchLog<ConfigMap> log =
        watch("{\"object\":{\"metadata\":{\"name\":\"x\"}},\"type\":\"DELETED\"}\n");

    assertThat(log.lines).containsExactly("opened", "DELETED", "closed");
    assertThat(log.objects.get(0).getMetadata().getName()).isEqualTo("x");
  }

  @Test
  void tellsBookmarksApart() throws Exception {
    String plain = "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"8\"}}}";
    String end =
        "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"9\","
            + "\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}},\"spec\":{\"x\":{}}}}";

    assertThat(watch(plain + "\n" + end + "\n").lines)
        .containsExactly("opened", "bookmark 8", "bookmark 9 end", "closed");
  }

  @Test
  @DisplayName("T-16 an event of an unknown type is skipped")
  void skipsEventsOfUnknownType() throws Exception {
    String odd = "{\"type\":\"PONDERED\",\"object\":{\"a\":[1,{}]}}";

    assertThat(watch(odd + "\n" + event("ADDED", "a", "1") + "\n").lines)
        .containsExactly("opened", "ADDED", "closed");
  }

  @Test
  void endsWithTheStatusOfAnErrorEvent() throws Exception {
    String error =
        "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"status\":\"Failure\","
            + "\"reason\":\"Expired\",\"code\":410,\"message\":\"too old\"}}";

    WatchLog<ConfigMap> log = watch(error + "\n" + event("ADDED", "a", "1") + "\n");

    assertThat(log.lines).containsExactly("opened", "closed GONE");
    assertThat(log.error.message()).isEqualTo("too old");
  }

  @Test
  @DisplayName("T-15 an undecodable frame ends the watch and does not quote its content")
  void endsAtAFrameThatIsNoJson() throws Exception {
    WatchLog<ConfigMap> log =
        watch(event("ADDED", "a", "1") + "\n{\"type\":\"ADDED\",\"object\":{\"data\":s3cret\n");

    assertThat(log.lines).containsExactly("opened", "ADDED", "closed UNDECODABLE");
    assertThat(log.error.message()).contains("at byte").doesNotContain("s3cret");
  }

  @Test
  void tellsABrokenConnectionFromACleanEnd() throws Exception {
    byte[] bytes = (event("ADDED", "a", "1") + "\n{\"type\"").getBytes(StandardCharsets.UTF_8);

    assertThat(watch(bytes, 1 << 20, false).lines)
        .containsExactly("opened", "ADDED", "closed BROKEN");
  }

  @Test
  void reportsARefusedWatch() throws Exception {
    try (TinyServer server =
            new TinyServer(
                (request, out) ->
                    TinyServer.reply(
                        out,
                        410,
                        "",
                        "{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"Gone\"}"));
        ApiClient client = client(server)) {
      WatchLog<ConfigMap> log = new WatchLog<>();
      client.watch(MAPS, new WatchQuery(Scope.ALL, "7", Duration.ofMinutes(5), true), log);
      log.awaitClosed();

      assertThat(log.lines).containsExactly("closed GONE");
      assertThat(server.requests.get(0).path())
          .endsWith("&sendInitialEvents=true&resourceVersionMatch=NotOlderThan");
    }
  }

  @Test
  void tellsTheListenerNothingMoreOnceClosed() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    byte[] bytes = (event("ADDED", "a", "1") + "\n").getBytes(StandardCharsets.UTF_8);
    TinyServer.Script script =
        (request, out) -> {
          TinyServer.chunkedHead(out);
          TinyServer.chunk(out, bytes, 0, bytes.length);
          closed.await();
          TinyServer.chunk(out, bytes, 0, bytes.length);
          TinyServer.lastChunk(out);
          return true;
        };
    try (TinyServer server = new TinyServer(script);
        ApiClient client = client(server)) {
      WatchLog<ConfigMap> log = new WatchLog<>();
      ApiClient.Watch watch =
          client.watch(MAPS, new WatchQuery(Scope.ALL, "7", Duration.ofMinutes(5), false), log);
      synchronized (log) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (log.objects.isEmpty() && System.nanoTime() < deadline) {
          log.wait(100);
        }
      }
      watch.close();
      watch.close();
      closed.countDown();
      client.read("/healthz").exceptionally(failure -> "").get(20, TimeUnit.SECONDS);

      synchronized (log) {
        assertThat(log.lines).containsExactly("opened", "ADDED");
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @DisplayName("a listener that stands still holds up its own stream and no other")
  void holdsUpNoOtherStream() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    byte[] bytes = (event("ADDED", "a", "1") + "\n").getBytes(StandardCharsets.UTF_8);
    TinyServer.Script script =
        (request, out) -> {
          TinyServer.chunkedHead(out);
          TinyServer.chunk(out, bytes, 0, bytes.length);
          TinyServer.lastChunk(out);
          return true;
        };
    try (TinyServer server = new TinyServer(script);
        ApiClient client = client(server)) {
      WatchLog<ConfigMap> slow = new WatchLog<>();
      WatchListener<ConfigMap> stuck =
          new WatchListener<>() {
            @Override
            public void opened() {}

            @Override
            public void event(Type type, ConfigMap object) {
              try {
                go.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            }

            @Override
            public void bookmark(String resourceVersion, boolean initialEventsEnd) {}

            @Override
            public void closed(ApiError error) {
              slow.closed(error);
            }
          };
      WatchQuery query = new WatchQuery(Scope.ALL, "7", Duration.ofMinutes(5), false);
      for (int i = 0; i < 20; i++) {
        client.watch(MAPS, query, stuck);
      }
      WatchLog<ConfigMap> quick = new WatchLog<>();
      client.watch(MAPS, query, quick);

      quick.awaitClosed();
      assertThat(slow.closed).isNotDone();
      go.countDown();
      slow.awaitClosed();
      assertThat(slow.error).isNull();
    }
  }
}
