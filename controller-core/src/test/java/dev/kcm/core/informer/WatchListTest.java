package dev.kcm.core.informer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WatchListTest {

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(17);
  private final FakeServer server = new FakeServer(environment);
  private final HandlerLog log = new HandlerLog();
  private final LogLines lines = new LogLines();
  private Informers informers;
  private Informer<ConfigMap> informer;

  @AfterEach
  void close() {
    lines.close();
  }

  private void start(WatchList mode) {
    informers =
        Informers.create(server, environment, new SimpleMeterRegistry(), Duration.ZERO, mode);
    informer = informers.get(FakeServer.MAPS);
    informer.addHandler("test", log);
    informers.start();
    environment.run();
  }

  private Duration gapBefore(int request) {
    return server.asked.get(request).at().minus(server.asked.get(request - 1).at());
  }

  private List<String> warnings() {
    return lines.take().stream().filter(line -> line.contains("is not complete after")).toList();
  }

  @Test
  @DisplayName("T-20 a streamed list: one request, synced exactly at the marker, live after it")
  void streamsTheList() {
    server.marks = false;
    server.put("a", "1");
    server.put("b", "1");
    start(WatchList.AUTO);
    assertThat(informer.hasSynced()).isFalse();
    assertThat(informer.lister().list()).isEmpty();
    assertThat(log.lines).isEmpty();
    server.mark();
    boolean together = true;
    while (environment.step()) {
      together &= informer.hasSynced() == (informer.lister().list().size() == 2);
    }
    assertThat(together).isTrue();
    assertThat(informer.hasSynced()).isTrue();
    assertThat(informer.resourceVersion()).isEqualTo("102");
    server.put("c", "1");
    environment.run();

    assertThat(server.requests()).containsExactly("watch rv= initial");
    assertThat(log.lines).containsExactly("add a=1 initial", "add b=1 initial", "add c=1");
  }

  @Test
  @DisplayName("T-21 a bookmark without the annotation does not end the list")
  void isNotFooledByAPlainBookmark() {
    server.marks = false;
    server.put("a", "1");
    start(WatchList.AUTO);
    environment.advance(Duration.ofSeconds(61));
    assertThat(informer.status().sinceBookmark()).isEqualTo(Duration.ofSeconds(1));
    assertThat(informer.hasSynced()).isFalse();
    assertThat(informer.state()).isEqualTo("STREAMING (1 items)");
    server.mark();
    environment.run();

    assertThat(informer.hasSynced()).isTrue();
    assertThat(server.requests()).containsExactly("watch rv= initial");
  }

  @Test
  @DisplayName("T-21 the marker never comes: a warning each 10 s; AUTO lists when the stream ends")
  void listsWhenTheMarkerNeverComes() {
    server.marks = false;
    server.put("a", "1");
    start(WatchList.AUTO);
    environment.advance(Duration.ofSeconds(35));
    assertThat(warnings())
        .containsExactly(
            "informer configmaps: the streamed list is not complete after 10 s, 1 objects so far",
            "informer configmaps: the streamed list is not complete after 20 s, 1 objects so far",
            "informer configmaps: the streamed list is not complete after 30 s, 1 objects so far");
    environment.advance(Duration.ofMinutes(4));
    assertThat(server.asked).hasSize(1);
    environment.advance(Duration.ofMinutes(6));

    assertThat(informer.hasSynced()).isTrue();
    assertThat(server.requests().subList(0, 3))
        .containsExactly("watch rv= initial", "list rv=0 limit=500", "watch rv=101");
    assertThat(gapBefore(1)).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(10));
    warnings();
    environment.advance(Duration.ofMinutes(1));
    assertThat(warnings()).isEmpty();
  }

  @Test
  @DisplayName("T-21 the marker never comes: ON tries again at the time-out of the watch")
  void streamsAgainWhereItMust() {
    server.marks = false;
    server.put("a", "1");
    start(WatchList.ON);
    environment.advance(Duration.ofMinutes(11));
    assertThat(server.requests()).containsExactly("watch rv= initial", "watch rv= initial");
    assertThat(gapBefore(1))
        .isBetween(Duration.ofMinutes(5), Duration.ofMinutes(10).plusMillis(1600));
    server.mark();
    environment.run();

    assertThat(informer.hasSynced()).isTrue();
    assertThat(server.count("list")).isZero();
  }

  @Test
  @DisplayName("T-21 no frame at all for a minute: AUTO lists, ON waits on")
  void listsWhenNothingIsStreamed() {
    server.marks = false;
    server.bookmarks = false;
    start(WatchList.AUTO);
    environment.advance(Duration.ofSeconds(59));
    assertThat(server.asked).hasSize(1);
    environment.advance(Duration.ofSeconds(2));
    assertThat(informer.hasSynced()).isTrue();
    assertThat(server.requests())
        .containsExactly("watch rv= initial", "list rv=0 limit=500", "watch rv=100");
    informers.stop(Duration.ZERO);
    environment.run();

    int before = server.asked.size();
    start(WatchList.ON);
    environment.advance(Duration.ofMinutes(4));
    assertThat(server.asked).hasSize(before + 1);
  }

  @Test
  @DisplayName("T-22 changes and deletions before the marker count; the deleted is never told")
  void appliesChangesBeforeTheMarker() {
    server.marks = false;
    server.put("a", "1");
    server.put("b", "1");
    start(WatchList.AUTO);
    server.put("a", "2");
    server.delete("b");
    server.put("c", "1");
    environment.run();
    assertThat(log.lines).isEmpty();
    server.mark();
    environment.run();

    assertThat(log.lines).containsExactlyInAnyOrder("add a=2 initial", "add c=1 initial");
    assertThat(server.requests()).containsExactly("watch rv= initial");
  }

  @Test
  @DisplayName("T-23 a stream cut after 500 of 1000 objects: the live store stands, then all comes")
  void throwsAnIncompleteStreamAway() {
    server.put("old", "1");
    start(WatchList.AUTO);
    log.take();
    server.freeze();
    server.delete("old");
    IntStream.range(0, 1000).forEach(i -> server.put("m" + i, "1"));
    server.thaw();
    server.compact();
    server.marks = false;
    server.streamsOnly = 500;
    server.cut(FakeServer.gone());
    environment.advance(Duration.ofSeconds(2));
    assertThat(informer.state()).isEqualTo("STREAMING (500 items)");
    server.cut(FakeServer.error(Kind.BROKEN, 0));
    environment.run();
    assertThat(informer.lister().list()).hasSize(1);
    assertThat(log.lines).isEmpty();
    server.streamsOnly = Integer.MAX_VALUE;
    server.marks = true;
    environment.advance(Duration.ofSeconds(10));

    assertThat(informer.lister().list()).hasSize(1000);
    assertThat(log.take()).hasSize(1001).contains("delete old=1 unknown", "add m999=1");
    assertThat(log.broken).isEmpty();
    assertThat(server.count("list")).isZero();
  }

  @ParameterizedTest
  @CsvSource({"INVALID,422", "BAD_REQUEST,400", "NOT_FOUND,404", "UNDECODABLE,0"})
  @DisplayName("T-24 a server that cannot stream is listed at once, and not asked again for 30 min")
  void listsWhereStreamingIsUnknown(Kind kind, int code) {
    server.watchRule = query -> query.sendInitialEvents() ? FakeServer.error(kind, code) : null;
    server.put("a", "1");
    start(WatchList.AUTO);
    assertThat(server.requests())
        .containsExactly("watch rv= initial", "list rv=0 limit=500", "watch rv=101");
    assertThat(gapBefore(1)).isZero();
    assertThat(informer.hasSynced()).isTrue();
    for (int minute = 0; minute < 29; minute++) {
      server.cut(FakeServer.gone());
      environment.advance(Duration.ofMinutes(1));
    }
    assertThat(server.count("watch rv=101 initial")).isZero();
    environment.advance(Duration.ofMinutes(1));
    server.cut(FakeServer.gone());
    environment.advance(Duration.ofMinutes(2));

    assertThat(server.count("watch rv=101 initial")).isEqualTo(1);
    assertThat(informer.state()).isEqualTo("WATCHING");
  }

  @Test
  @DisplayName("T-24 a server that ignores the option, so that no marker comes, is listed at last")
  void listsWhereTheOptionIsIgnored() {
    server.marks = false;
    server.put("a", "1");
    start(WatchList.AUTO);
    for (int i = 0; i < 11; i++) {
      environment.advance(Duration.ofMinutes(1));
      server.put("a", "" + i);
    }
    environment.run();

    assertThat(informer.hasSynced()).isTrue();
    assertThat(log.view.values()).containsExactlyElementsOf(server.objects().values());
    assertThat(server.count("list")).isEqualTo(1);
  }

  @Test
  @DisplayName("INF-14 another error of the stream: list at once, but try to stream the next time")
  void listsAfterAnotherError() {
    server.watchFaults.add(FakeServer.error(Kind.SERVER_ERROR, 500));
    start(WatchList.AUTO);
    assertThat(server.requests())
        .containsExactly("watch rv= initial", "list rv=0 limit=500", "watch rv=100");
    server.cut(FakeServer.gone());
    environment.advance(Duration.ofSeconds(2));

    assertThat(server.requests().subList(3, 4)).containsExactly("watch rv=100 initial");
  }

  @ParameterizedTest
  @CsvSource({"UNREACHABLE,0", "TOO_MANY_REQUESTS,429"})
  @DisplayName("INF-14 no connection, or 429: wait, then stream again")
  void streamsAgainAfterAWait(Kind kind, int code) {
    server.watchFaults.add(new ApiError(kind, code, "", "later", List.of(), Duration.ofSeconds(3)));
    start(WatchList.AUTO);
    environment.advance(Duration.ofSeconds(10));

    assertThat(server.requests()).containsExactly("watch rv= initial", "watch rv= initial");
    assertThat(gapBefore(1)).isEqualTo(Duration.ofSeconds(3));
    assertThat(informer.hasSynced()).isTrue();
  }

  @Test
  @DisplayName("INF-15 T-25 a watch after the list never asks for the state again; no ghosts")
  void leavesNoGhosts() {
    server.put("a", "1");
    server.put("b", "1");
    start(WatchList.AUTO);
    server.freeze();
    server.delete("a");
    server.cut(null);
    environment.advance(Duration.ofMinutes(15));
    assertThat(server.requests().subList(0, 2))
        .containsExactly("watch rv= initial", "watch rv=102");
    assertThat(server.count("watch rv=102 initial")).isZero();
    assertThat(log.changes()).containsExactly("add a=1 initial", "add b=1 initial", "delete a=1");

    server.freeze();
    server.delete("b");
    server.compact();
    server.cut(null);
    environment.advance(Duration.ofMinutes(15));
    assertThat(log.changes()).containsExactly("delete b=1 unknown");
    assertThat(informer.lister().list())
        .containsExactlyElementsOf(server.objects().values())
        .isEmpty();
  }

  @Test
  @DisplayName("T-26 410 while streaming at the last version: again at the most recent, at once")
  void streamsTheMostRecentAfterAnExpiredVersion() {
    start(WatchList.AUTO);
    server.cut(FakeServer.gone());
    server.watchFaults.add(FakeServer.gone());
    environment.advance(Duration.ofSeconds(5));

    assertThat(server.requests())
        .containsExactly("watch rv= initial", "watch rv=100 initial", "watch rv= initial");
    assertThat(gapBefore(2)).isZero();
    assertThat(informer.state()).isEqualTo("WATCHING");
  }

  @Test
  @DisplayName("T-26 410 for the most recent as well: wait, then stream again")
  void waitsWhenTheMostRecentIsRefusedToo() {
    start(WatchList.AUTO);
    server.cut(FakeServer.gone());
    server.watchFaults.add(FakeServer.tooLarge());
    server.watchFaults.add(FakeServer.gone());
    environment.advance(Duration.ofSeconds(20));

    assertThat(server.requests())
        .containsExactly(
            "watch rv= initial", "watch rv=100 initial", "watch rv= initial", "watch rv= initial");
    assertThat(gapBefore(2)).isZero();
    assertThat(gapBefore(3)).isGreaterThanOrEqualTo(Duration.ofMillis(1600));
  }
}
