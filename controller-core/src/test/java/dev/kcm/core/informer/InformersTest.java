package dev.kcm.core.informer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.core.informer.ErrorHandler.Answer;
import dev.kcm.core.informer.ErrorHandler.Failure;
import dev.kcm.core.informer.ErrorHandler.Phase;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class InformersTest {

  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(9);
  private final FakeServer server = new FakeServer(environment);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final HandlerLog log = new HandlerLog();
  private Informers informers = builder().build();

  private Informers.Builder builder() {
    return Informers.builder(server)
        .environment(environment)
        .meters(meters)
        .watchList(WatchList.OFF);
  }

  private void start() {
    informers.start();
    environment.run();
  }

  // ---- sharing

  @Test
  @DisplayName("T-42 two requests make one watch, and the last release closes it")
  void sharesAndStopsWithTheLastUser() {
    Informers.Use<ConfigMap> one = informers.acquire(FakeServer.MAPS, Selection.ALL);
    Informers.Use<ConfigMap> two = informers.acquire(FakeServer.MAPS, Selection.ALL);
    start();
    assertThat(two.informer()).isSameAs(one.informer());
    assertThat(server.openWatches()).isEqualTo(1);

    one.close();
    one.close();
    environment.run();
    assertThat(server.openWatches()).isEqualTo(1);
    two.close();
    environment.run();

    assertThat(server.openWatches()).isZero();
    assertThat(one.informer().state()).isEqualTo("STOPPED");
    assertThat(informers.list()).isEmpty();
    assertThat(meters.getMeters()).isEmpty();
    assertThat(environment.hasWork()).isFalse();
  }

  @Test
  @DisplayName("INF-57 one that is taken up anew while the former still ends has its own meters")
  void keepsTheMetersOfTheNewOne() {
    Informers.Use<ConfigMap> former = informers.acquire(FakeServer.MAPS, Selection.ALL);
    former.informer().addHandler("test", log);
    server.put("a", "1");
    start();
    former.close();
    Informers.Use<ConfigMap> next = informers.acquire(FakeServer.MAPS, Selection.ALL);
    next.informer().addHandler("test", new HandlerLog());
    informers.start();
    environment.run();
    server.put("b", "1");
    environment.run();

    assertThat(former.informer().state()).isEqualTo("STOPPED");
    assertThat(next.informer().hasSynced()).isTrue();
    assertThat(objects("2")).isEqualTo(2);
    assertThat(meters.get("informer_handler_pending").gauge().getId().getTag("name"))
        .isEqualTo("2");
    next.close();
    environment.run();
    assertThat(meters.getMeters()).isEmpty();
  }

  @Test
  @DisplayName("INF-57 what somebody got without a hold stays when the last user leaves")
  void keepsWhatWasAskedForWithoutAHold() {
    Informers.Use<ConfigMap> use = informers.acquire(FakeServer.MAPS, Selection.ALL);
    Informer<ConfigMap> kept = informers.get(FakeServer.MAPS);
    start();
    use.close();
    environment.run();

    assertThat(kept).isSameAs(use.informer());
    assertThat(server.openWatches()).isEqualTo(1);
  }

  @Test
  @DisplayName("INF-54 a stopped informer does not start again; asking again gives a fresh one")
  void makesAFreshOneAfterAStop() {
    Informers.Use<ConfigMap> use = informers.acquire(FakeServer.MAPS, Selection.ALL);
    start();
    use.close();
    environment.run();
    assertThatThrownBy(() -> informers.start(use.informer()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the informer of configmaps is stopped; ask for a new one");

    Informer<ConfigMap> fresh = informers.get(FakeServer.MAPS);
    assertThat(fresh).isNotSameAs(use.informer());
    start();
    assertThat(fresh.hasSynced()).isTrue();
    use.close();
    environment.run();
    assertThat(fresh.state()).isEqualTo("WATCHING");
  }

  @Test
  @DisplayName("INF-51 the parts of a resource are informers of their own, told apart in meters")
  void makesOneInformerForEachSelection() {
    Informer<ConfigMap> all = informers.get(FakeServer.MAPS);
    Informer<ConfigMap> a = informers.get(FakeServer.MAPS, Selection.namespace("a"));
    Informer<ConfigMap> b = informers.get(FakeServer.MAPS, Selection.namespace("b"));
    server.put("a/one", "1");
    start();

    assertThat(informers.list()).containsExactly(all, a, b);
    assertThat(informers.get(FakeServer.MAPS, Selection.namespace("a"))).isSameAs(a);
    assertThat(objects("")).isEqualTo(1);
    assertThat(objects("part")).isEqualTo(1);
    assertThat(objects("part-2")).isZero();
  }

  private double objects(String name) {
    return meters.get("informer_objects").tag("name", name).gauge().value();
  }

  @Test
  @DisplayName("INF-50 a resource that is held in two forms is logged once, with both")
  void warnsOfASecondForm() {
    try (LogLines lines = new LogLines()) {
      informers.get(FakeServer.MAPS);
      informers.get(FakeServer.MAPS, Selection.namespace("a"));
      assertThat(lines.take()).isEmpty();
      informers.get(FakeServer.MAPS.metadataOnly());
      informers.get(FakeServer.MAPS.metadataOnly());

      assertThat(lines.take())
          .containsExactly(
              "configmaps are held in two forms, as ConfigMap of v1 and as PartialObjectMetadata of"
                  + " v1: each has a watch and a copy of its own");
    }
  }

  @Test
  @DisplayName("INF-52 what is asked for later starts with the next start, or by itself")
  void startsLaterOnesByTheNextStartOrByItself() {
    start();
    Informer<ConfigMap> late = informers.get(FakeServer.MAPS);
    environment.run();
    assertThat(late.state()).isEqualTo("NOT_STARTED");
    informers.start(late);
    environment.run();
    assertThat(late.hasSynced()).isTrue();

    informers = builder().autoStart(true).build();
    Informer<ConfigMap> early = informers.get(FakeServer.MAPS);
    environment.run();
    assertThat(early.state()).isEqualTo("NOT_STARTED");
    start();
    Informer<ConfigMap> soon = informers.get(FakeServer.MAPS, Selection.namespace("a"));
    environment.run();
    assertThat(soon.hasSynced()).isTrue();
  }

  @Test
  @DisplayName("INF-52 one type is stopped at run time, the others go on")
  void stopsASingleInformer() {
    Informer<ConfigMap> a = informers.get(FakeServer.MAPS, Selection.namespace("a"));
    Informer<ConfigMap> b = informers.get(FakeServer.MAPS, Selection.namespace("b"));
    start();
    CompletableFuture<List<String>> stopped = informers.stop(a, DRAIN).toCompletableFuture();
    environment.run();

    assertThat(stopped).isCompletedWithValue(List.of());
    assertThat(a.state()).isEqualTo("STOPPED");
    assertThat(b.state()).isEqualTo("WATCHING");
    assertThat(informers.list()).containsExactly(b);
    assertThat(informers.stop(a, DRAIN).toCompletableFuture()).isCompletedWithValue(List.of());
  }

  @Test
  @DisplayName("INF-52 waiting for all tells of each whether it has synced")
  void tellsWhoHasSynced() {
    server.listRule =
        query ->
            query.scope().namespace().equals("b") ? FakeServer.error(Kind.SERVER_ERROR, 500) : null;
    Informer<ConfigMap> a = informers.get(FakeServer.MAPS, Selection.namespace("a"));
    Informer<ConfigMap> b = informers.get(FakeServer.MAPS, Selection.namespace("b"));
    start();
    CompletableFuture<Map<Informer<?>, Boolean>> results =
        informers.awaitSync(Duration.ofSeconds(2)).toCompletableFuture();
    assertThat(results).isNotDone();
    environment.advance(Duration.ofSeconds(2));

    assertThat(results).isCompletedWithValue(Map.of(a, true, b, false));
    assertThat(environment.hasWork()).isTrue();
  }

  @Test
  @DisplayName("INF-41 a time-out names every informer that has not synced, with its state")
  void namesAllThatHaveNotSynced() {
    server.listRule =
        query ->
            switch (query.scope().namespace()) {
              case "forbidden" -> FakeServer.error(Kind.FORBIDDEN, 403);
              case "down" -> FakeServer.error(Kind.SERVER_ERROR, 503);
              default -> null;
            };
    for (String namespace : List.of("fine", "forbidden", "down")) {
      informers.get(FakeServer.MAPS, Selection.namespace(namespace));
    }
    start();
    informers.get(FakeServer.MAPS, Selection.namespace("idle"));
    CompletableFuture<Void> all = informers.synced(Duration.ofMillis(500)).toCompletableFuture();
    environment.advance(Duration.ofSeconds(1));

    assertThat(all)
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .havingRootCause()
        .isInstanceOf(java.util.concurrent.TimeoutException.class)
        .withMessageMatching(
            "not synced: configmaps: BLOCKED \\(403 configmaps/list\\),"
                + " configmaps: BACKOFF \\(next try in \\d+ ms;"
                + " last error: scripted SERVER_ERROR\\),"
                + " configmaps: NOT_STARTED");
  }

  @Test
  @DisplayName("INF-41 the state says which page is listed and how much was streamed")
  void saysHowFarItIs() {
    for (int i = 0; i < 1200; i++) {
      server.put("m" + i, "1");
    }
    Informer<ConfigMap> listing = informers.get(FakeServer.MAPS);
    List<String> states = new ArrayList<>();
    informers.start();
    while (environment.step()) {
      states.add(listing.state());
    }
    assertThat(states)
        .containsSubsequence(
            "LISTING (page 1)",
            "LISTING (page 2)",
            "LISTING (page 3)",
            "WATCHING (opening)",
            "WATCHING");

    informers = builder().watchList(WatchList.ON).build();
    server.marks = false;
    Informer<ConfigMap> streaming = informers.get(FakeServer.MAPS);
    start();
    assertThat(streaming.state()).isEqualTo("STREAMING (1200 items)");
  }

  // ---- the end

  @Test
  @DisplayName("INF-53 what came before the stop is still put into the store and told")
  void drainsWhatCameBefore() {
    Informer<ConfigMap> informer = informers.get(FakeServer.MAPS);
    informer.addHandler("test", log);
    start();
    server.put("a", "1");
    server.put("b", "1");
    while (log.lines.isEmpty()) {
      assertThat(environment.step()).isTrue();
    }
    CompletableFuture<List<String>> stopped = informers.stop(DRAIN).toCompletableFuture();
    server.put("c", "1");
    environment.run();

    assertThat(stopped).isCompletedWithValue(List.of());
    assertThat(log.view.keySet())
        .containsExactlyInAnyOrderElementsOf(
            informer.lister().list().stream().map(ObjectKey::of).toList());
    assertThat(log.lines).doesNotContain("add c=1");
  }

  @Test
  @DisplayName("INF-53 a stop while a single informer still stops waits for that one too")
  void waitsForThoseThatLeave() {
    Informers.Use<ConfigMap> use = informers.acquire(FakeServer.MAPS, Selection.ALL);
    use.informer().addHandler("test", log);
    server.put("a", "1");
    start();
    server.put("a", "2");
    use.close();
    CompletableFuture<List<String>> stopped = informers.stop(DRAIN).toCompletableFuture();
    environment.run();

    assertThat(stopped).isCompletedWithValue(List.of());
    assertThat(server.openWatches()).isZero();
    assertThatThrownBy(() -> informers.acquire(FakeServer.MAPS, Selection.ALL))
        .isInstanceOf(IllegalStateException.class);
  }

  // ---- errors

  @Test
  @DisplayName(
      "INF-58 handlers of errors hear of phase, error and next try; one that throws is no harm")
  void tellsOfErrors() {
    List<Failure> heard = new ArrayList<>();
    informers =
        builder()
            .onError(
                failure -> {
                  throw new IllegalStateException("a handler's bug");
                })
            .build();
    informers.onError(
        failure -> {
          heard.add(failure);
          return Answer.GO_ON;
        });
    Informer<ConfigMap> informer = informers.get(FakeServer.MAPS, Selection.namespace("a"));
    server.listFaults.add(FakeServer.error(Kind.SERVER_ERROR, 500));
    start();
    environment.advance(Duration.ofSeconds(2));
    server.cut(FakeServer.error(Kind.TOO_MANY_REQUESTS, 429));
    environment.run();

    assertThat(heard).extracting(Failure::phase).containsExactly(Phase.LIST, Phase.WATCH);
    assertThat(heard).extracting(failure -> failure.error().code()).containsExactly(500, 429);
    assertThat(heard)
        .allSatisfy(
            failure -> {
              assertThat(failure.informer()).isSameAs(informer);
              assertThat(failure.namespace()).isEqualTo("a");
              assertThat(failure.nextTry())
                  .isBetween(Duration.ofMillis(800), Duration.ofMillis(3200));
            });
    environment.advance(Duration.ofSeconds(5));
    assertThat(informer.state()).isEqualTo("WATCHING");
  }

  @Test
  @DisplayName("INF-58 a 410 is no error")
  void tellsNobodyOfAnExpiredWatch() {
    List<Failure> heard = new ArrayList<>();
    informers.onError(
        failure -> {
          heard.add(failure);
          return Answer.GO_ON;
        });
    Informer<ConfigMap> informer = informers.get(FakeServer.MAPS);
    start();
    server.cut(FakeServer.gone());
    environment.advance(Duration.ofSeconds(5));

    assertThat(heard).isEmpty();
    assertThat(informer.status().consecutiveFailures()).isZero();
  }

  @Test
  @DisplayName("INF-58 an error handler may stop the informer, explicitly")
  void stopsWhenAnErrorHandlerSaysSo() {
    informers.onError(failure -> failure.error().code() == 403 ? Answer.STOP : Answer.GO_ON);
    Informer<ConfigMap> informer = informers.get(FakeServer.MAPS);
    server.listFaults.add(FakeServer.error(Kind.SERVER_ERROR, 500));
    server.listFaults.add(FakeServer.error(Kind.FORBIDDEN, 403));
    start();
    assertThat(informer.state()).startsWith("BACKOFF");
    environment.advance(Duration.ofSeconds(5));

    assertThat(informer.state()).isEqualTo("STOPPED");
    assertThat(informers.list()).isEmpty();
    assertThat(informer.synced().toCompletableFuture()).isCompletedExceptionally();
  }

  // ---- staleness

  @Test
  @DisplayName("INF-59 the status tells of events, bookmarks, versions, the watch and failures")
  void tellsHowItStandsWithTheServer() {
    Informer<ConfigMap> informer = informers.get(FakeServer.MAPS);
    assertThat(informer.status())
        .isEqualTo(new InformerStatus("NOT_STARTED", "", "", Duration.ZERO, null, null, null, 0));
    start();
    assertThat(informer.status())
        .isEqualTo(
            new InformerStatus(
                "WATCHING", "100", "100", Duration.ZERO, null, null, Duration.ZERO, 0));
    environment.advance(Duration.ofSeconds(10));
    server.put("a", "1");
    environment.advance(Duration.ofSeconds(55));

    assertThat(informer.status())
        .isEqualTo(
            new InformerStatus(
                "WATCHING",
                "101",
                "101",
                Duration.ofSeconds(5),
                Duration.ofSeconds(55),
                Duration.ofSeconds(5),
                Duration.ofSeconds(65),
                0));
    assertThat(informer.statusByNamespace()).containsEntry("", informer.status());
  }

  @Test
  @DisplayName("INF-59 what came over the wire is seen before the store has it")
  void tellsWireFromStore() {
    Informer<ConfigMap> informer = informers.get(FakeServer.MAPS);
    start();
    server.put("a", "1");
    boolean ahead = false;
    while (environment.step()) {
      InformerStatus status = informer.status();
      ahead |= status.seenVersion().equals("101") && status.storeVersion().equals("100");
    }

    assertThat(ahead).isTrue();
    assertThat(informer.status().storeVersion()).isEqualTo("101");
  }

  @Test
  @DisplayName("INF-59 failures are counted until a list or a watch works again")
  void countsFailuresInARow() {
    Informer<ConfigMap> informer = informers.get(FakeServer.MAPS);
    for (int i = 0; i < 3; i++) {
      server.listFaults.add(FakeServer.error(Kind.SERVER_ERROR, 500));
    }
    start();
    assertThat(informer.status().consecutiveFailures()).isEqualTo(1);
    informers.retryNow();
    environment.run();
    assertThat(informer.status().consecutiveFailures()).isEqualTo(2);
    assertThat(informer.status().watchOpenFor()).isNull();
    environment.advance(Duration.ofSeconds(20));

    assertThat(informer.status().consecutiveFailures()).isZero();
    assertThat(informer.isStale(Duration.ofMinutes(3))).isFalse();
    server.listRule = query -> FakeServer.error(Kind.UNREACHABLE, 0);
    server.cut(FakeServer.error(Kind.SERVER_ERROR, 500));
    environment.advance(Duration.ofMinutes(3));
    assertThat(informer.isStale(Duration.ofMinutes(3))).isTrue();
  }

  @Test
  @DisplayName("INF-25 a relist on demand ends a watch or a wait, and nothing else")
  void listsAnewOnDemand() {
    Informer<ConfigMap> informer = informers.get(FakeServer.MAPS);
    informer.triggerRelist();
    environment.run();
    assertThat(server.asked).isEmpty();
    server.listFaults.add(FakeServer.error(Kind.SERVER_ERROR, 500));
    start();
    informer.triggerRelist();
    informer.triggerRelist();
    environment.run();
    assertThat(server.requests())
        .containsExactly("list rv=0 limit=500", "list rv=0 limit=500", "watch rv=100");
    informer.triggerRelist();
    environment.run();

    assertThat(server.requests().subList(3, 5))
        .containsExactly("list rv=100 limit=0", "watch rv=100");
    assertThat(server.openWatches()).isEqualTo(1);
    informers.stop(DRAIN);
    environment.run();
    informer.triggerRelist();
    environment.run();
    assertThat(server.asked).hasSize(5);
  }
}
