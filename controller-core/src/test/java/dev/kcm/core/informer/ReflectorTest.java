package dev.kcm.core.informer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.api.WatchListener;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReflectorTest {

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(7);
  private final FakeServer server = new FakeServer(environment);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final HandlerLog log = new HandlerLog();
  private final Informers informers =
      Informers.create(server, environment, meters, Duration.ZERO, WatchList.OFF);
  private final Informer<ConfigMap> informer = informers.get(FakeServer.MAPS);

  private void start() {
    informer.addHandler("test", log);
    informers.start();
    environment.run();
  }

  private double counter(String name, String... tags) {
    return meters.get(name).tags(tags).counter().count();
  }

  private List<Duration> gaps(int from) {
    List<Duration> gaps = new ArrayList<>();
    for (int i = from + 1; i < server.asked.size(); i++) {
      gaps.add(server.asked.get(i).at().minus(server.asked.get(i - 1).at()));
    }
    return gaps;
  }

  private String names() {
    return String.join(
        " ",
        informer.lister().list().stream().map(m -> m.getMetadata().getName()).sorted().toList());
  }

  @Test
  @DisplayName(
      "INF-3 the first list asks for any version in pages, the watch begins where it ended")
  void listsThenWatches() {
    server.put("a", "1");
    start();
    server.put("b", "1");
    server.delete("a");
    environment.run();

    assertThat(server.requests()).containsExactly("list rv=0 limit=500", "watch rv=101");
    assertThat(log.lines).containsExactly("add a=1 initial", "add b=1", "delete a=1");
    assertThat(names()).isEqualTo("b");
    assertThat(informer.state()).isEqualTo("WATCHING");
    assertThat(informer.resourceVersion()).isEqualTo("103");
  }

  @Test
  @DisplayName("T-1 watch answers 410: one step of back-off, one list at the last version")
  void listsAtTheLastVersionAfterAnExpiredWatch() {
    server.put("a", "1");
    start();
    server.put("b", "1");
    environment.run();
    server.watchFaults.add(FakeServer.gone());
    server.cut(null);
    environment.advance(Duration.ofSeconds(1));
    server.put("c", "1");
    environment.advance(Duration.ofSeconds(10));

    assertThat(server.requests())
        .containsExactly(
            "list rv=0 limit=500",
            "watch rv=101",
            "watch rv=102",
            "list rv=102 limit=0",
            "watch rv=103");
    assertThat(gaps(2).get(0)).isBetween(Duration.ofMillis(800), Duration.ofMillis(1600));
    assertThat(log.changes()).containsExactly("add a=1 initial", "add b=1", "add c=1");
  }

  @Test
  @DisplayName("T-1 an expired watch is not worth a line in the log, nor a failure")
  void doesNotLogAnExpiredWatch() {
    try (LogLines lines = new LogLines()) {
      start();
      environment.advance(Duration.ofSeconds(2));
      server.watchFaults.add(FakeServer.gone());
      server.cut(null);
      environment.run();
      assertThat(informer.state()).startsWith("BACKOFF (next try in ");
      environment.advance(Duration.ofSeconds(2));
      server.cut(FakeServer.gone());
      environment.advance(Duration.ofSeconds(5));

      assertThat(lines.take()).isEmpty();
      assertThat(informer.state()).isEqualTo("WATCHING");
      assertThat(informer.status().consecutiveFailures()).isZero();
    }
  }

  @Test
  @DisplayName("INF-21 an error is logged once a minute, however often it comes")
  void logsAnErrorOnceAMinute() {
    try (LogLines lines = new LogLines()) {
      server.listRule = query -> FakeServer.error(Kind.SERVER_ERROR, 500);
      start();
      environment.advance(Duration.ofSeconds(59));
      assertThat(server.asked).hasSizeGreaterThan(4);
      assertThat(lines.take())
          .containsExactly("informer configmaps: SERVER_ERROR 500 scripted SERVER_ERROR");
    }
  }

  @Test
  @DisplayName("T-2 ERROR event 410 after 5 events: the same")
  void listsAfterAnErrorEvent() {
    start();
    for (int i = 0; i < 5; i++) {
      server.put("m" + i, "1");
    }
    environment.run();
    server.cut(FakeServer.gone());
    environment.advance(Duration.ofSeconds(10));

    assertThat(server.requests())
        .containsExactly(
            "list rv=0 limit=500", "watch rv=100", "list rv=105 limit=0", "watch rv=105");
    assertThat(log.changes())
        .containsExactly("add m0=1", "add m1=1", "add m2=1", "add m3=1", "add m4=1");
    assertThat(counter("informer_relists_total", "cause", "expired")).isEqualTo(1);
  }

  @Test
  @DisplayName("T-3 list at the last version gives 410: at once one at the most recent")
  void listsTheMostRecentAtOnce() {
    start();
    server.cut(FakeServer.gone());
    server.listFaults.add(FakeServer.gone());
    environment.advance(Duration.ofSeconds(10));

    assertThat(server.requests())
        .containsExactly(
            "list rv=0 limit=500",
            "watch rv=100",
            "list rv=100 limit=0",
            "list rv= limit=500",
            "watch rv=100");
    assertThat(gaps(2).get(0)).isZero();
  }

  @Test
  @DisplayName("T-3 both lists give 410: back-off after exactly two requests")
  void backsOffWhenTheMostRecentIsRefusedToo() {
    start();
    server.cut(FakeServer.gone());
    server.listFaults.add(FakeServer.gone());
    server.listFaults.add(FakeServer.gone());
    environment.advance(Duration.ofSeconds(20));

    assertThat(server.requests())
        .containsExactly(
            "list rv=0 limit=500",
            "watch rv=100",
            "list rv=100 limit=0",
            "list rv= limit=500",
            "list rv= limit=500",
            "watch rv=100");
    assertThat(gaps(3).get(0)).isGreaterThanOrEqualTo(Duration.ofMillis(1600));
  }

  @Test
  @DisplayName("T-4 list gives TooLargeResourceVersion: as for 410")
  void listsTheMostRecentWhenTheServerIsBehind() {
    start();
    server.cut(FakeServer.gone());
    server.listFaults.add(FakeServer.tooLarge());
    environment.advance(Duration.ofSeconds(10));

    assertThat(server.requests().subList(2, 4))
        .containsExactly("list rv=100 limit=0", "list rv= limit=500");
    assertThat(gaps(2).get(0)).isZero();
  }

  @Test
  @DisplayName("T-5 410 on page 3 of 5: the whole list at once, and readers never see part of it")
  void replacesTheStoreOnceWhenATokenExpires() {
    IntStream.range(0, 2500).forEach(i -> server.put("m" + i, "1"));
    informer.addHandler("test", log);
    informers.start();
    boolean expired = false;
    while (environment.step()) {
      assertThat(informer.lister().list().size()).isIn(0, 2500);
      if (!expired && server.count("list") == 3) {
        server.expireTokens();
        expired = true;
      }
    }

    assertThat(server.requests())
        .containsExactly(
            "list rv=0 limit=500",
            "list rv= limit=500 continued",
            "list rv= limit=500 continued",
            "list rv=0 limit=0",
            "watch rv=2600");
    assertThat(log.lines).hasSize(2500);
    assertThat(log.broken).isEmpty();
  }

  @Test
  @DisplayName("INF-3 a server that pages at version 0 is asked for pages later too")
  void pagesLaterWhereTheServerPagedFirst() {
    IntStream.range(0, 600).forEach(i -> server.put("m" + i, "1"));
    start();
    server.cut(FakeServer.gone());
    environment.advance(Duration.ofSeconds(10));

    assertThat(server.requests())
        .contains("list rv=700 NotOlderThan limit=500", "list rv= limit=500 continued");
    assertThat(informer.lister().list()).hasSize(600);
  }

  @Test
  @DisplayName("T-6 API down 10 min: waits double from 0.8 s to 30-60 s; calm starts them over")
  void waitsLongerAndLongerAndStartsOverAfterACalm() {
    server.listRule = query -> FakeServer.error(Kind.UNREACHABLE, 0);
    start();
    environment.advance(Duration.ofMinutes(10));
    List<Duration> gaps = gaps(0);
    Duration low = Duration.ofMillis(800);
    for (Duration gap : gaps) {
      assertThat(gap).isBetween(low, low.multipliedBy(2));
      Duration doubled = low.multipliedBy(2);
      low = doubled.compareTo(Duration.ofSeconds(30)) > 0 ? Duration.ofSeconds(30) : doubled;
    }
    assertThat(gaps).hasSizeGreaterThan(12);

    server.listRule = query -> null;
    environment.advance(Duration.ofMinutes(4));
    assertThat(informer.hasSynced()).isTrue();
    int before = server.asked.size();
    server.listRule = query -> FakeServer.error(Kind.UNREACHABLE, 0);
    server.cut(FakeServer.gone());
    environment.advance(Duration.ofSeconds(2));

    Duration cut = Duration.ofNanos(environment.ticker().nanos()).minusSeconds(2);
    assertThat(server.asked.get(before).at().minus(cut))
        .isBetween(Duration.ofMillis(800), Duration.ofMillis(1600));
  }

  @Test
  @DisplayName("INF-25 a wait ends at once when the server is known to be back")
  void triesAgainWhenTold() {
    server.listFaults.add(FakeServer.error(Kind.UNREACHABLE, 0));
    start();
    assertThat(informer.state()).startsWith("BACKOFF (");

    informers.retryNow();
    environment.run();

    assertThat(informer.hasSynced()).isTrue();
  }

  @Test
  @DisplayName("T-7 every watch dies after 1.5 s with an error: one cycle in 30 s once settled")
  void asksAFlappingServerSeldom() {
    start();
    for (int i = 0; i < 400; i++) {
      environment.advance(Duration.ofMillis(1500));
      server.cut(FakeServer.error(Kind.SERVER_ERROR, 500));
    }

    List<Duration> lists = new ArrayList<>();
    server.asked.stream().filter(FakeServer.Asked::isList).forEach(a -> lists.add(a.at()));
    for (int i = 8; i < lists.size(); i++) {
      assertThat(lists.get(i).minus(lists.get(i - 1))).isGreaterThan(Duration.ofSeconds(30));
    }
    assertThat(lists).hasSizeBetween(15, 28);
  }

  @Test
  @DisplayName("T-7 connections that break after 1.5 s are not opened again at once either")
  void asksSeldomWhereConnectionsBreak() {
    start();
    for (int i = 0; i < 400; i++) {
      environment.advance(Duration.ofMillis(1500));
      server.cut(FakeServer.error(Kind.BROKEN, 0));
    }

    assertThat(server.count("watch")).isBetween(15L, 28L);
    assertThat(server.count("list")).isEqualTo(1);
  }

  @Test
  @DisplayName("T-8 clean end after minutes: watch again at once from the last version, no list")
  void watchesOnAfterACleanEnd() {
    start();
    environment.advance(Duration.ofMinutes(11));

    assertThat(server.count("list")).isEqualTo(1);
    assertThat(server.count("watch")).isBetween(2L, 3L);
    assertThat(server.asked.get(2).at().minus(server.asked.get(1).at()))
        .isBetween(Duration.ofMinutes(5), Duration.ofMinutes(10));
  }

  @Test
  @DisplayName("T-8 clean end after 0.3 s without an event: back-off")
  void backsOffAfterAWatchThatEndedAtOnce() {
    start();
    environment.advance(Duration.ofMillis(300));
    server.cut(null);
    environment.run();
    assertThat(informer.state()).startsWith("BACKOFF");
    environment.advance(Duration.ofSeconds(2));

    assertThat(server.requests())
        .containsExactly(
            "list rv=0 limit=500", "watch rv=100", "list rv=100 limit=0", "watch rv=100");
  }

  @Test
  @DisplayName("T-9 only bookmarks for an hour while history is compacted: never another list")
  void keepsUpByBookmarks() {
    server.put("a", "1");
    start();
    for (int i = 0; i < 60; i++) {
      server.inject(WatchListener.Type.MODIFIED, server.put("other", "" + i));
      environment.advance(Duration.ofMinutes(1));
      server.compact();
    }

    assertThat(server.count("list")).isEqualTo(1);
    assertThat(server.count("watch")).isGreaterThan(5);
  }

  @Test
  @DisplayName("T-10 429 with Retry-After 7 on a watch: the next one after 7 s, no list")
  void heedsRetryAfterOnAWatch() {
    start();
    server.watchFaults.add(
        new ApiError(
            Kind.TOO_MANY_REQUESTS, 429, "", "slow down", List.of(), Duration.ofSeconds(7)));
    environment.advance(Duration.ofSeconds(2));
    server.cut(null);
    environment.advance(Duration.ofSeconds(20));

    assertThat(server.requests())
        .containsExactly("list rv=0 limit=500", "watch rv=100", "watch rv=100", "watch rv=100");
    assertThat(gaps(2).get(0)).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  @DisplayName("T-11 401 for a minute: recovers, keeps the store, tells handlers nothing")
  void survivesATimeWithoutCredentials() {
    server.put("a", "1");
    start();
    log.take();
    server.watchRule = query -> FakeServer.error(Kind.UNAUTHORIZED, 401);
    environment.advance(Duration.ofSeconds(2));
    server.cut(null);
    environment.advance(Duration.ofMinutes(1));
    assertThat(names()).isEqualTo("a");
    server.watchRule = query -> null;
    environment.advance(Duration.ofMinutes(1));

    assertThat(informer.state()).isEqualTo("WATCHING");
    assertThat(log.lines).isEmpty();
    assertThat(server.count("list")).isEqualTo(1);
  }

  @Test
  @DisplayName("T-12 403: blocked with the reason, others sync, and a grant helps within one step")
  void isBlockedWithoutPermission() {
    Informer<Secret> secrets = informers.get(ResourceType.of(Secret.class));
    FakeServer forbidding = new FakeServer(environment);
    forbidding.listRule = query -> FakeServer.error(Kind.FORBIDDEN, 403);
    Informers others =
        Informers.create(forbidding, environment, meters, Duration.ZERO, WatchList.OFF);
    Informer<ConfigMap> blocked = others.get(FakeServer.MAPS);
    others.start();
    start();
    CompletableFuture<Void> all = others.synced(Duration.ofSeconds(10)).toCompletableFuture();
    CompletableFuture<Void> mine = informers.synced(Duration.ofSeconds(10)).toCompletableFuture();
    environment.advance(Duration.ofMinutes(5));

    assertThat(blocked.state()).isEqualTo("BLOCKED (403 configmaps/list)");
    assertThat(all)
        .isCompletedExceptionally()
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withMessageContaining("not synced: configmaps: BLOCKED (403 configmaps/list)");
    assertThat(mine).isCompleted();
    assertThat(secrets.hasSynced()).isTrue();
    forbidding.listRule = query -> null;
    environment.advance(Duration.ofSeconds(60));
    assertThat(blocked.hasSynced()).isTrue();
    assertThat(blocked.state()).isEqualTo("WATCHING");
  }

  @Test
  @DisplayName("T-13 a half-open connection is noticed after 3 silent minutes, nothing is lost")
  void noticesASilentWatch() {
    start();
    environment.advance(Duration.ofSeconds(61));
    server.freeze();
    server.put("a", "1");
    environment.advance(Duration.ofMinutes(2));
    assertThat(informer.isStale(Duration.ofMinutes(1))).isTrue();
    assertThat(names()).isEmpty();
    environment.advance(Duration.ofMinutes(1));

    assertThat(names()).isEqualTo("a");
    assertThat(informer.isStale(Duration.ofMinutes(1))).isFalse();
    assertThat(server.requests())
        .containsExactly("list rv=0 limit=500", "watch rv=100", "watch rv=100");
  }

  @Test
  @DisplayName("T-13 without bookmarks a silent watch is noticed when it outlives its time-out")
  void noticesASilentWatchWithoutBookmarks() {
    server.bookmarks = false;
    start();
    server.freeze();
    server.put("a", "1");
    environment.advance(Duration.ofMinutes(11));

    assertThat(names()).isEqualTo("a");
    assertThat(gaps(1).get(0)).isGreaterThanOrEqualTo(Duration.ofSeconds(330));
  }

  @Test
  @DisplayName("T-15 an undecodable event: counted, list, informer alive")
  void survivesAnUndecodableEvent() {
    start();
    server.cut(FakeServer.error(Kind.UNDECODABLE, 0));
    server.put("a", "1");
    environment.advance(Duration.ofSeconds(10));

    assertThat(names()).isEqualTo("a");
    assertThat(counter("informer_watch_errors_total", "reason", "undecodable")).isEqualTo(1);
  }

  @Test
  @DisplayName("T-16 an event of an unexpected kind is skipped and counted")
  void skipsObjectsOfAnotherKind() {
    start();
    ConfigMap table =
        new ConfigMapBuilder(FakeServer.map("t", "u", 5, "x")).withKind("Table").build();
    server.inject(WatchListener.Type.ADDED, table);
    server.put("a", "1");
    environment.run();

    assertThat(log.lines).containsExactly("add a=1");
    assertThat(counter("informer_events_total", "type", "skipped")).isEqualTo(1);
  }

  @Test
  @DisplayName("T-17 versions go back after a restore: full replacement, counted, final state told")
  void replacesEverythingAfterARestore() {
    server.put("a", "old");
    server.put("b", "old");
    ConfigMap same = server.put("c", "old");
    IntStream.range(0, 50).forEach(i -> server.put("b", "" + i));
    start();
    log.take();
    long versionOfC = Long.parseLong(same.getMetadata().getResourceVersion());
    server.restore(versionOfC - 1, Map.of("c", "other content"));
    environment.advance(Duration.ofMinutes(2));

    assertThat(server.objects().get(FakeServer.key("c")).getMetadata().getResourceVersion())
        .isEqualTo(same.getMetadata().getResourceVersion());
    assertThat(names()).isEqualTo("c");
    assertThat(log.view.values()).containsExactlyElementsOf(server.objects().values());
    assertThat(counter("informer_resource_version_rewind_total")).isEqualTo(1);
    server.put("d", "1");
    environment.run();
    assertThat(names()).isEqualTo("c d");
  }

  @Test
  @DisplayName("T-19 the same version twice is no change; an older one does not undo a newer")
  void neverGoesBack() {
    ConfigMap first = server.put("a", "1");
    start();
    ConfigMap second = server.put("a", "2");
    environment.run();
    server.inject(WatchListener.Type.MODIFIED, second);
    server.inject(WatchListener.Type.MODIFIED, first);
    server.inject(WatchListener.Type.DELETED, first);
    environment.run();

    assertThat(log.lines).containsExactly("add a=1 initial", "update a=1 a=2");
    assertThat(informer.lister().get(FakeServer.key("a"))).contains(second);
  }

  @Test
  @DisplayName("INF-18 every event moves the version, also where a transform keeps none of it")
  void keepsCountWhereATransformDropsVersions() {
    informer.transform(
        Transform.named(
            "bare",
            map -> {
              map.getMetadata().setResourceVersion(null);
              return map;
            }));
    start();
    server.put("a", "1");
    server.put("b", "1");
    environment.run();
    server.compact();
    server.cut(null);
    environment.run();

    assertThat(server.requests())
        .containsExactly("list rv=0 limit=500", "watch rv=100", "watch rv=102");
    assertThat(names()).isEqualTo("a b");
  }
}
