package dev.kcm.daemon.profiles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.time.Environment;
import dev.kcm.daemon.http.Endpoint;
import dev.kcm.daemon.profiles.StackProfile.Amount;
import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProfilesTest {

  private static final List<Frame> OUTER = List.of(new Frame("a.A.run", "A.java", 7));
  private static final List<Frame> INNER =
      List.of(new Frame("b.B.<init>", "B.java", 3), new Frame("a.A.run", "A.java", 9));

  private Undertow server;
  private boolean contention;

  @BeforeEach
  void startServer() {
    server = Undertow.builder().addHttpListener(0, "127.0.0.1").setHandler(this::route).build();
    server.start();
  }

  @AfterEach
  void stopServer() {
    server.stop();
  }

  private Map<String, Endpoint> endpoints;

  private synchronized void route(HttpServerExchange exchange) {
    if (endpoints == null) {
      endpoints =
          Profiles.endpoints(
              Environment.system(), contention, List.of("kcm", "--v=2", "--my-token=abc"));
    }
    String path = exchange.getRequestPath();
    Endpoint exact = endpoints.get(path);
    exchange.dispatch(
        () -> (exact == null ? endpoints.get("/debug/pprof/*") : exact).serve(exchange));
  }

  private CompletableFuture<HttpResponse<byte[]>> ask(String path) {
    int port = ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
    return HttpClient.newHttpClient()
        .sendAsync(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
            HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> get(String path) throws Exception {
    return ask(path).get(60, TimeUnit.SECONDS);
  }

  private String text(String path) throws Exception {
    return new String(get(path).body(), StandardCharsets.UTF_8);
  }

  private static StackProfile sample() {
    StackProfile profile =
        new StackProfile(new Amount("samples", "count"), new Amount("cpu", "nanoseconds"));
    profile.add(OUTER, 1, 10);
    profile.add(INNER, 1, 20);
    profile.add(INNER, 1, 300);
    return profile;
  }

  @Test
  void writesWhatOthersRead() throws Exception {
    PprofReader read =
        PprofReader.of(
            ProfileProto.of(
                sample(), Instant.ofEpochSecond(5, 6), Duration.ofSeconds(30), 10_000_000));

    assertThat(read.types()).containsExactly("samples/count", "cpu/nanoseconds");
    assertThat(read.periodType()).isEqualTo("cpu/nanoseconds");
    assertThat(read.number(9)).isEqualTo(5_000_000_006L);
    assertThat(read.number(10)).isEqualTo(30_000_000_000L);
    assertThat(read.number(12)).isEqualTo(10_000_000);
    assertThat(read.samples())
        .containsOnly(
            Map.entry(List.of("a.A.run A.java:7"), List.of(1L, 10L)),
            Map.entry(List.of("b.B.<init> B.java:3", "a.A.run A.java:9"), List.of(2L, 320L)));
  }

  @Test
  void showsStacksToPeople() {
    assertThat(ProfileText.list("profile", sample()))
        .isEqualTo(
            """
            profile profile: total 330
            320 @
            #\tb.B.<init>\tB.java:3
            #\ta.A.run\tA.java:9

            10 @
            #\ta.A.run\tA.java:7

            """);
    assertThat(ProfileText.collapsed(sample())).isEqualTo("a.A.run;b.B.<init> 320\na.A.run 10\n");
    assertThat(ProfileText.flameGraph("profile", sample()))
        .contains("<div class=n style=\"width:100.0%\">", "b.B.&lt;init&gt; — 320 of 330")
        .doesNotContain("<init>");
  }

  @Test
  void recordsWhereTimeGoes() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    Thread busy = new Thread(() -> spin(done), "busy");
    busy.start();
    PprofReader read = PprofReader.of(get("/debug/pprof/profile?seconds=2").body());
    done.set(true);
    busy.join();

    assertThat(read.types()).containsExactly("samples/count", "cpu/nanoseconds");
    assertThat(read.samples().keySet())
        .anyMatch(stack -> stack.toString().contains("ProfilesTest.spin"));
  }

  private static void spin(AtomicBoolean done) {
    long sum = 0;
    while (!done.get()) {
      sum += System.nanoTime() % 7;
    }
    assertThat(sum).isNotNegative();
  }

  @Test
  void recordsOneProfileAtATime() throws Exception {
    CompletableFuture<HttpResponse<byte[]>> first = ask("/debug/pprof/allocs?seconds=2");
    HttpResponse<byte[]> second = get("/debug/pprof/threads?debug=1");
    assertThat(second.statusCode()).as("a snapshot needs no recorder").isEqualTo(200);
    HttpResponse<byte[]> refused = get("/debug/pprof/profile?seconds=1");

    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.headers().firstValue("X-Go-Pprof")).hasValue("1");
    assertThat(PprofReader.of(first.get(60, TimeUnit.SECONDS).body()).types())
        .containsExactly("alloc_objects/count", "alloc_space/bytes");
  }

  @Test
  void givesTheRecordingItself(@TempDir Path folder) throws Exception {
    HttpResponse<byte[]> answer = get("/debug/pprof/profile?seconds=1&format=jfr");

    assertThat(answer.headers().firstValue("Content-Disposition"))
        .hasValue("attachment; filename=\"profile.jfr\"");
    Path file = Files.write(folder.resolve("profile.jfr"), answer.body());
    try (RecordingFile recording = new RecordingFile(file)) {
      assertThat(recording.readEventTypes())
          .anyMatch(type -> type.getName().equals("jdk.ExecutionSample"));
    }
  }

  @Test
  void recordsWaitingOnlyWhenSwitchedOn() throws Exception {
    assertThat(PprofReader.of(get("/debug/pprof/block").body()).samples()).isEmpty();
  }

  @Test
  void recordsWaiting() throws Exception {
    contention = true;
    Object lock = new Object();
    CompletableFuture<HttpResponse<byte[]>> answer = ask("/debug/pprof/block?seconds=3");
    Thread waiting = new Thread(() -> waitALot(lock, answer), "waiting");
    waiting.start();

    PprofReader read = PprofReader.of(answer.get(60, TimeUnit.SECONDS).body());
    waiting.join();
    assertThat(read.types()).containsExactly("contentions/count", "delay/nanoseconds");
    assertThat(read.samples().keySet())
        .anyMatch(stack -> stack.toString().contains("ProfilesTest.waitALot"));
  }

  private static void waitALot(Object lock, CompletableFuture<?> until) {
    synchronized (lock) {
      while (!until.isDone()) {
        try {
          lock.wait(20);
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    }
  }

  @Test
  void showsTheHeapByClass() throws Exception {
    PprofReader read = PprofReader.of(get("/debug/pprof/heap?gc=1").body());

    assertThat(read.types()).containsExactly("inuse_objects/count", "inuse_space/bytes");
    assertThat(read.samples())
        .containsKey(List.of("java.lang.String :0", "java.lang :0", "java :0"));
    assertThat(text("/debug/pprof/heap?format=html")).contains("java.lang.String");
  }

  @Test
  void showsThreads() throws Exception {
    assertThat(PprofReader.of(get("/debug/pprof/goroutine").body()).types())
        .containsExactly("goroutine/count");
    assertThat(text("/debug/pprof/goroutine?debug=1")).startsWith("goroutine profile: total ");
    assertThat(text("/debug/pprof/goroutine?debug=2"))
        .contains("\"main\" [", "jdk.internal.misc.Unsafe.park");
    assertThat(text("/debug/pprof/threadcreate?format=collapsed")).contains("main 1\n");
  }

  @Test
  void listsProfilesAndTellsWhatThereIsNot() throws Exception {
    HttpResponse<byte[]> moved = get("/debug/pprof");
    assertThat(moved.statusCode()).isEqualTo(302);
    assertThat(moved.headers().firstValue("Location")).hasValue("/debug/pprof/");
    assertThat(text("/debug/pprof/"))
        .contains(
            "<title>/debug/pprof/</title>",
            "<a href='allocs?debug=1'>",
            "<a href='profile?debug=1'>",
            "<a href=\"goroutine?debug=2\">");
    assertThat(text("/debug/pprof/cmdline")).isEqualTo("kcm\0--v=2\0--my-token=***");
    assertThat(text("/debug/pprof/symbol")).isEqualTo("num_symbols: 0\n");
    assertThat(get("/debug/pprof/trace").statusCode()).isEqualTo(501);
    HttpResponse<byte[]> unknown = get("/debug/pprof/nonsense");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.headers().firstValue("X-Go-Pprof")).hasValue("1");
    assertThat(new String(unknown.body(), StandardCharsets.UTF_8)).isEqualTo("Unknown profile\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "301", "1000000", "x", "1.5"})
  void refusesTimesItCannotRecordFor(String seconds) throws Exception {
    assertThat(get("/debug/pprof/profile?seconds=" + seconds).statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({"heap, 400", "goroutine, 400"})
  void refusesARecordingOfASnapshot(String name, int code) throws Exception {
    assertThat(get("/debug/pprof/" + name + "?format=jfr").statusCode()).isEqualTo(code);
  }
}
