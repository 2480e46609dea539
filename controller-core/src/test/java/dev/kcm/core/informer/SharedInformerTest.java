package dev.kcm.core.informer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.kcm.core.informer.HandlerOptions.Overflow;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.time.Seeds;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

class SharedInformerTest {

  private static final HandlerOptions EVERY_10_S =
      HandlerOptions.DEFAULTS.withResync(Duration.ofSeconds(10));

  private VirtualEnvironment environment = VirtualEnvironment.seeded(11);
  private FakeServer server = new FakeServer(environment);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private Informers informers = informers(Duration.ZERO);
  private Informer<ConfigMap> informer = informers.get(FakeServer.MAPS);
  private final HandlerLog log = new HandlerLog();

  private Informers informers(Duration resync) {
    return Informers.create(server, environment, meters, resync, WatchList.OFF);
  }

  private void resyncing(Duration period) {
    informers = informers(period);
    informer = informers.get(FakeServer.MAPS);
  }

  private void start() {
    informers.start();
    environment.run();
  }

  @ParameterizedTest
  @EnumSource(
      value = WatchList.class,
      names = {"AUTO", "OFF"})
  @DisplayName("T-30 random history, handlers that join and leave: each view is the store at rest")
  void keepsEveryHandlerInStep(WatchList mode) {
    Seeds.each("informer " + mode, 0, 999, seed -> new History((int) seed, mode).play());
  }

  /** A random run against a server of its own. */
  private static final class History {

    private final int seed;
    private final Random random;
    private final VirtualEnvironment environment;
    private final FakeServer server;
    private final Informers informers;
    private final Informer<ConfigMap> informer;
    private final Map<HandlerLog, Informer.Registration> handlers = new HashMap<>();

    private History(int seed, WatchList mode) {
      this.seed = seed;
      this.random = new Random(seed);
      this.environment = VirtualEnvironment.seeded(seed);
      this.server = new FakeServer(environment);
      this.informers =
          Informers.create(
              server, environment, new SimpleMeterRegistry(), Duration.ofSeconds(20), mode);
      this.informer = informers.get(FakeServer.MAPS);
      informer.addIndex("value", map -> List.of(map.getData().get("v")));
    }

    private void play() {
      IntStream.range(0, random.nextInt(8)).forEach(i -> change());
      join();
      informers.start();
      for (int i = 0; i < 40; i++) {
        turn();
      }
      environment.advance(Duration.ofMinutes(20));
      check();
    }

    private void turn() {
      switch (random.nextInt(16)) {
        case 0 -> join();
        case 1 -> leave();
        case 2 -> server.cut(random.nextBoolean() ? null : FakeServer.error(Kind.BROKEN, 0));
        case 3 -> server.cut(FakeServer.gone());
        case 4 -> server.compact();
        case 5 -> server.listFaults.add(random.nextBoolean() ? FakeServer.gone() : down());
        case 6 -> server.watchFaults.add(random.nextBoolean() ? FakeServer.gone() : down());
        case 7 -> environment.advance(Duration.ofMillis(random.nextInt(30_000)));
        case 8 -> server.freeze();
        case 9, 10, 11 -> IntStream.range(0, random.nextInt(30)).forEach(n -> environment.step());
        default -> change();
      }
    }

    private static ApiError down() {
      return FakeServer.error(Kind.UNREACHABLE, 0);
    }

    private void change() {
      String name = "m" + random.nextInt(6);
      if (random.nextInt(3) == 0) {
        server.delete(name);
      } else {
        server.put(name, "" + random.nextInt(4));
      }
    }

    private void join() {
      HandlerLog log = new HandlerLog();
      HandlerOptions options =
          HandlerOptions.DEFAULTS
              .withResync(Duration.ofSeconds(random.nextInt(3) * 30L))
              .withSoftLimit(random.nextBoolean() ? 3 : 10_000);
      if (random.nextInt(4) == 0) {
        options = options.withSoftLimit(3).withHardLimit(3, Overflow.STALL);
      }
      handlers.put(log, informer.addHandler("h", log, options));
    }

    private void leave() {
      if (!handlers.isEmpty() && random.nextInt(3) == 0) {
        HandlerLog log = handlers.keySet().iterator().next();
        handlers.remove(log).remove();
        log.lines.clear();
        environment.run();
        assertThat(log.lines).as("seed %d: called after it was removed", seed).isEmpty();
      }
    }

    private void check() {
      Map<ObjectKey, ConfigMap> truth = server.objects();
      assertThat(informer.lister().list())
          .as("seed %d: store, %s", seed, server.requests())
          .containsExactlyInAnyOrderElementsOf(truth.values());
      handlers.forEach(
          (log, registration) -> {
            assertThat(log.broken).as("seed %d: %s", seed, log.lines).isEmpty();
            assertThat(log.view).as("seed %d: %s", seed, log.lines).isEqualTo(truth);
            assertThat(registration.hasSynced()).as("seed %d", seed).isTrue();
          });
      for (int value = 0; value < 4; value++) {
        String text = "" + value;
        assertThat(informer.lister().byIndex("value", text))
            .as("seed %d: index %s", seed, text)
            .containsExactlyInAnyOrderElementsOf(
                truth.values().stream().filter(m -> m.getData().get("v").equals(text)).toList());
      }
      assertThat(informer.lister().inNamespace("n")).hasSize(truth.size());
    }
  }

  @Test
  @DisplayName("T-32 a handler that throws on each third call gets all others; siblings too")
  void goesOnAfterAHandlerThrows() {
    List<String> told = new ArrayList<>();
    EventHandler<ConfigMap> faulty =
        new EventHandler<>() {
          private int calls;

          @Override
          public void onAdd(ConfigMap object, boolean initial) {
            told.add(object.getMetadata().getName());
            if (++calls % 3 == 0) {
              throw new IllegalStateException("third call");
            }
          }

          @Override
          public void onUpdate(ConfigMap old, ConfigMap current) {}

          @Override
          public void onDelete(ObjectKey key, ConfigMap last, boolean finalStateUnknown) {}
        };
    Informer.Registration registration = informer.addHandler("faulty", faulty);
    informer.addHandler("sibling", log);
    IntStream.range(0, 30).forEach(i -> server.put("m" + i, "1"));
    start();

    assertThat(told).hasSize(30);
    assertThat(log.lines).hasSize(30);
    assertThat(registration.hasSynced()).isTrue();
    assertThat(
            meters
                .get("informer_handler_failures_total")
                .tag("handler", "faulty")
                .counter()
                .count())
        .isEqualTo(10);
    assertThat(
            meters
                .get("informer_handler_failures_total")
                .tag("handler", "sibling")
                .counter()
                .count())
        .isZero();
  }

  @Test
  @DisplayName("T-33 deleted and recreated inside a gap: delete of the old, then add of the new")
  void tellsARecreatedObjectAsDeleteAndAdd() {
    HandlerLog plain = new HandlerLog();
    server.put("a", "old");
    informer.addHandler("test", log);
    informer.addHandler("plain", plain, HandlerOptions.DEFAULTS.withRecreatedAsUpdate());
    start();
    server.freeze();
    server.delete("a");
    server.put("a", "new");
    server.compact();
    server.cut(null);
    environment.advance(Duration.ofMinutes(15));

    assertThat(log.changes())
        .containsExactly("add a=old initial", "delete a=old unknown", "add a=new");
    assertThat(plain.changes()).containsExactly("add a=old initial", "update a=old a=new");
  }

  @Test
  @DisplayName("T-34 deleted in a gap: told with the last known state, as possibly stale")
  void tellsOfADeletionThatWasMissed() {
    server.put("a", "1");
    server.put("b", "1");
    informer.addHandler("test", log);
    start();
    server.freeze();
    server.put("a", "2");
    server.delete("a");
    server.compact();
    environment.advance(Duration.ofMinutes(15));

    assertThat(log.changes())
        .containsExactly("add a=1 initial", "add b=1 initial", "delete a=1 unknown");
  }

  @Test
  @DisplayName("INF-40 a registration has synced only when its last initial add has returned")
  void syncsARegistrationWhenItsHandlerIsThrough() {
    IntStream.range(0, 200).forEach(i -> server.put("m" + i, "1"));
    Informer.Registration registration = informer.addHandler("test", log);
    CompletableFuture<Integer> toldWhenSynced =
        registration.synced().thenApply(nothing -> log.lines.size()).toCompletableFuture();
    informers.start();
    boolean informerFirst = false;
    while (environment.step()) {
      informerFirst |= informer.hasSynced() && !registration.hasSynced();
    }

    assertThat(informerFirst).isTrue();
    assertThat(toldWhenSynced).isCompletedWithValue(200);
  }

  @Test
  @DisplayName("INF-40 with nothing there, informer and registration sync at once")
  void syncsWithNothingThere() {
    Informer.Registration registration = informer.addHandler("test", log);
    start();

    assertThat(informer.hasSynced()).isTrue();
    assertThat(registration.hasSynced()).isTrue();
  }

  @Test
  @DisplayName("T-36 a handler may remove itself, and may not wait for itself")
  void mayRemoveItselfButNotWaitForItself() {
    List<Informer.Registration> self = new ArrayList<>();
    List<Throwable> thrown = new ArrayList<>();
    HandlerLog leaving = new HandlerLog();
    EventHandler<ConfigMap> handler =
        new EventHandler<>() {
          @Override
          public void onAdd(ConfigMap object, boolean initial) {
            leaving.onAdd(object, initial);
            try {
              self.get(0).removeAndAwait(Duration.ofSeconds(1));
            } catch (IllegalStateException | InterruptedException refused) {
              thrown.add(refused);
            }
            self.get(0).remove();
          }

          @Override
          public void onUpdate(ConfigMap old, ConfigMap current) {}

          @Override
          public void onDelete(ObjectKey key, ConfigMap last, boolean finalStateUnknown) {}
        };
    self.add(informer.addHandler("leaver", handler));
    server.put("a", "1");
    server.put("b", "1");
    start();
    server.put("c", "1");
    environment.run();

    assertThat(leaving.lines).containsExactly("add a=1 initial");
    assertThat(thrown).singleElement().isInstanceOf(IllegalStateException.class);
    assertThat(meters.find("informer_handler_pending").gauge()).isNull();
    self.get(0).remove();
  }

  @Test
  @DisplayName(
      "T-37 resync of 10 s and 10 h: only the first hears every 10 s; both get new objects")
  void resyncsEachHandlerAtItsOwnPeriod() {
    resyncing(Duration.ofHours(10));
    HandlerLog seldom = new HandlerLog();
    server.put("a", "1");
    informer.addHandler("often", log, EVERY_10_S);
    informer.addHandler("seldom", seldom, HandlerOptions.DEFAULTS.withResync(Duration.ofHours(10)));
    start();
    environment.advance(Duration.ofSeconds(65));
    assertThat(log.take())
        .containsExactly(
            "add a=1 initial",
            "resync a=1",
            "resync a=1",
            "resync a=1",
            "resync a=1",
            "resync a=1",
            "resync a=1");
    assertThat(seldom.take()).containsExactly("add a=1 initial");

    server.freeze();
    IntStream.range(0, 16).forEach(i -> server.put("n" + i, "1"));
    server.compact();
    environment.advance(Duration.ofMinutes(5));

    assertThat(log.changes()).hasSize(16).allMatch(line -> line.startsWith("add n"));
    assertThat(seldom.changes()).hasSize(16).allMatch(line -> line.startsWith("add n"));
    environment.advance(Duration.ofHours(10));
    assertThat(seldom.take()).hasSize(17).allMatch(line -> line.startsWith("resync"));
  }

  @Test
  @DisplayName(
      "T-38 a shorter resync than the informer checks at is raised; the wall clock is none")
  void raisesAResyncThatComesLate() {
    resyncing(Duration.ofHours(1));
    server.put("a", "1");
    informer.addHandler("first", new HandlerLog(), EVERY_10_S.withResync(Duration.ofMinutes(1)));
    start();
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger(Informers.class);
    logged.start();
    logger.addAppender(logged);
    logger.setLevel(Level.INFO);
    informer.addHandler("late", log, EVERY_10_S.withResync(Duration.ofSeconds(1)));
    environment.run();
    logger.detachAppender(logged);
    logger.setLevel(null);
    assertThat(logged.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly("Handler late asks for a resync of configmaps every PT1S, raised to PT1M");
    environment.advance(Duration.ofSeconds(59));
    environment.stepWallClock(Duration.ofHours(1));
    environment.run();
    assertThat(resyncs()).isZero();

    environment.advance(Duration.ofSeconds(30));
    assertThat(resyncs()).isEqualTo(1);
    environment.advance(Duration.ofSeconds(60));
    assertThat(resyncs()).isEqualTo(2);
  }

  @Test
  @DisplayName(
      "INF-42 a resync that was announced before the start is heeded when its handler comes")
  void heedsAnAnnouncedResync() {
    resyncing(Duration.ofHours(1));
    server.put("a", "1");
    informer.expectResync(Duration.ofMinutes(5));
    informer.expectResync(Duration.ZERO);
    informer.expectResync(Duration.ofMinutes(10));
    start();
    informer.addHandler("late", log, EVERY_10_S.withResync(Duration.ofMinutes(5)));
    environment.run();
    environment.advance(Duration.ofMinutes(11));
    assertThat(resyncs()).isEqualTo(2);
  }

  private long resyncs() {
    return log.lines.stream().filter(line -> line.startsWith("resync")).count();
  }

  @Test
  @DisplayName("INF-42 an informer built without resync ignores what handlers ask for")
  void doesNotResyncWithoutPeriod() {
    server.put("a", "1");
    informer.addHandler("test", log, EVERY_10_S);
    start();
    environment.advance(Duration.ofMinutes(4));

    assertThat(log.lines).containsExactly("add a=1 initial");
  }

  @Test
  @DisplayName(
      "T-39 an index added live is complete; a function that throws affects its object only")
  void addsIndexesAtAnyTime() {
    start();
    server.put("a", "x");
    server.put("b", "x");
    environment.run();
    informer.addIndex(
        "value",
        map -> {
          if (map.getMetadata().getName().equals("bad")) {
            throw new IllegalStateException("no value");
          }
          return List.of(map.getData().get("v"), "all");
        });
    server.put("bad", "x");
    server.put("c", "y");
    server.put("a", "y");
    environment.run();

    Lister<ConfigMap> lister = informer.lister();
    assertThat(names(lister.byIndex("value", "x"))).containsExactly("b");
    assertThat(names(lister.byIndex("value", "y"))).containsExactly("a", "c");
    assertThat(names(lister.byIndex("value", "all"))).containsExactly("a", "b", "c");
    assertThat(names(lister.list())).containsExactly("a", "b", "bad", "c");
    server.delete("b");
    environment.run();
    assertThat(lister.indexValues("value")).containsExactlyInAnyOrder("all", "y");
    assertThatThrownBy(() -> lister.byIndex("nonsense", "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no index \"nonsense\", there are: [namespace, value]");
    assertThatThrownBy(() -> informer.addIndex("value", map -> List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    informer.ensureIndex("value", map -> List.of());
  }

  private static Collection<String> names(List<ConfigMap> maps) {
    TreeSet<String> names = new TreeSet<>();
    maps.forEach(map -> names.add(map.getMetadata().getName()));
    return names;
  }

  /** A handler whose first call lasts until everything else has come to rest. */
  private class Slow extends HandlerLog {

    private String stateMeanwhile = "";
    private int storedMeanwhile;
    private int watchesMeanwhile;

    @Override
    public void onAdd(ConfigMap object, boolean initial) {
      super.onAdd(object, initial);
      if (lines.size() == 1) {
        for (int i = 0; i < 40; i++) {
          server.put("m" + i, "1");
          environment.advance(Duration.ofSeconds(15));
        }
        stateMeanwhile = informer.state();
        storedMeanwhile = informer.lister().list().size();
        watchesMeanwhile = server.openWatches();
      }
    }
  }

  @Test
  @DisplayName("T-31 while a handler is stuck for 10 min, its sibling hears everything at once")
  void doesNotLetAHandlerWaitForAnother() {
    Slow slow = new Slow();
    informer.addHandler("slow", slow);
    informer.addHandler(
        "other",
        new HandlerLog() {
          @Override
          public void onAdd(ConfigMap object, boolean initial) {
            log.onAdd(object, initial);
            assertThat(slow.lines.size()).isLessThanOrEqualTo(1);
          }
        });
    start();
    server.put("first", "1");
    environment.run();

    assertThat(log.lines).hasSize(41);
    assertThat(slow.lines).hasSize(41);
    assertThat(slow.stateMeanwhile).isEqualTo("WATCHING");
    assertThat(slow.storedMeanwhile).isEqualTo(41);
  }

  @Test
  @DisplayName("INF-37 one handler added twice makes two registrations, each told everything")
  void registersAHandlerTwice() {
    server.put("a", "1");
    List<String> told = new ArrayList<>();
    HandlerLog both =
        new HandlerLog() {
          @Override
          public void onAdd(ConfigMap object, boolean initial) {
            told.add(object.getMetadata().getName());
          }
        };
    Informer.Registration first = informer.addHandler("test", both);
    Informer.Registration second = informer.addHandler("test", both);
    start();
    assertThat(told).containsExactly("a", "a");
    assertThat(first).isNotSameAs(second);
    first.remove();
    first.remove();
    server.put("b", "1");
    environment.run();
    assertThat(told).containsExactly("a", "a", "b");
    assertThat(second.hasSynced()).isTrue();
  }

  @Test
  @DisplayName("INF-34 STALL: nothing more is taken in until the slow handler has room; none lost")
  void stallsForASlowHandler() {
    Slow slow = new Slow();
    informer.addHandler(
        "slow", slow, HandlerOptions.DEFAULTS.withSoftLimit(5).withHardLimit(5, Overflow.STALL));
    informer.addHandler("other", log);
    start();
    server.put("first", "1");
    environment.run();
    environment.advance(Duration.ofMinutes(1));

    assertThat(slow.stateMeanwhile).isEqualTo("STALLED (handler slow has 5 waiting)");
    assertThat(slow.storedMeanwhile).isEqualTo(6);
    assertThat(slow.watchesMeanwhile).isZero();
    assertThat(informer.state()).isEqualTo("WATCHING");
    assertThat(slow.lines).hasSize(41);
    assertThat(slow.broken).isEmpty();
    assertThat(slow.view).isEqualTo(server.objects());
    assertThat(log.lines).hasSize(41);
    assertThat(log.view).isEqualTo(server.objects());
    assertThat(server.count("list")).as("goes on by watch").isEqualTo(1);
  }

  @Test
  @DisplayName("INF-34 a stalled informer goes on when the slow handler is removed, and stops")
  void goesOnWhenTheSlowHandlerIsRemoved() {
    Informer.Registration[] self = new Informer.Registration[1];
    Slow slow =
        new Slow() {
          @Override
          public void onAdd(ConfigMap object, boolean initial) {
            super.onAdd(object, initial);
            self[0].remove();
          }
        };
    self[0] =
        informer.addHandler(
            "slow", slow, HandlerOptions.DEFAULTS.lossless().withHardLimit(3, Overflow.STALL));
    informer.addHandler("other", log);
    start();
    server.put("first", "1");
    environment.run();

    assertThat(slow.stateMeanwhile).startsWith("STALLED");
    assertThat(slow.lines).hasSize(1);
    assertThat(log.view).isEqualTo(server.objects());
    informers.stop(Duration.ofSeconds(1));
    environment.advance(Duration.ofSeconds(2));
    assertThat(informer.state()).isEqualTo("STOPPED");
    assertThat(environment.hasWork()).isFalse();
  }

  @Test
  @DisplayName("T-42 two requests for one informer make one watch")
  void sharesInformers() {
    assertThat(informers.get(FakeServer.MAPS)).isSameAs(informer);
    assertThat(informers.get(FakeServer.MAPS, Selection.namespace("x"))).isNotSameAs(informer);
    start();
    informers.start();
    environment.run();

    assertThat(server.openWatches()).isEqualTo(2);
  }

  @Test
  @DisplayName("T-18 stop inside a handler: what waits for it is still told, then all has ended")
  void stopsInsideAHandler() {
    for (int seed = 0; seed < 1000; seed++) {
      environment = VirtualEnvironment.seeded(seed);
      server = new FakeServer(environment);
      resyncing(Duration.ofSeconds(10));
      IntStream.range(0, 5).forEach(i -> server.put("m" + i, "1"));
      int stopAt = new Random(seed).nextInt(5) + 1;
      List<CompletableFuture<List<String>>> stopped = new ArrayList<>();
      HandlerLog told =
          new HandlerLog() {
            @Override
            public void onAdd(ConfigMap object, boolean initial) {
              super.onAdd(object, initial);
              if (lines.size() == stopAt) {
                stopped.add(informers.stop(Duration.ofMillis(500)).toCompletableFuture());
              }
            }
          };
      informer.addHandler("test", told);
      informers.start();
      environment.advance(Duration.ofSeconds(1));

      assertThat(stopped).as("seed %d", seed).hasSize(1);
      assertThat(stopped.get(0)).as("seed %d", seed).isCompletedWithValue(List.of());
      assertThat(told.lines).as("seed %d", seed).hasSize(5);
      assertThat(server.openWatches()).as("seed %d", seed).isZero();
      assertThat(environment.hasWork()).as("seed %d", seed).isFalse();
      server.put("later", "1");
      environment.advance(Duration.ofMinutes(20));
      assertThat(told.lines).as("seed %d", seed).hasSize(5);
    }
  }

  @Test
  @DisplayName("T-18 stop during a list, a wait and a watch: nothing is left, nothing is told")
  void stopsInAnyPhase() throws Exception {
    for (int seed = 0; seed < 1000; seed++) {
      environment = VirtualEnvironment.seeded(seed);
      server = new FakeServer(environment);
      server.latency = Duration.ofMillis(5);
      resyncing(Duration.ofSeconds(10));
      IntStream.range(0, 600).forEach(i -> server.put("m" + i, "1"));
      HandlerLog told = new HandlerLog();
      informer.addHandler("test", told);
      Random random = new Random(seed);
      if (random.nextInt(3) == 0) {
        server.listFaults.add(FakeServer.error(Kind.UNREACHABLE, 0));
      }
      informers.start();
      environment.advance(Duration.ofMillis(random.nextInt(30)));
      IntStream.range(0, random.nextInt(20)).forEach(n -> environment.step());
      CompletableFuture<List<String>> stopped =
          informers.stop(Duration.ofMillis(500)).toCompletableFuture();
      environment.advance(Duration.ofMillis(900));
      int calls = told.lines.size();

      assertThat(stopped).as("seed %d", seed).isCompletedWithValue(List.of());
      assertThat(server.openWatches()).as("seed %d", seed).isZero();
      assertThat(environment.hasWork()).as("seed %d", seed).isFalse();
      assertThat(calls).as("seed %d", seed).isIn(0, 600);
      assertThat(meters.getMeters()).as("seed %d", seed).isEmpty();
      server.put("later", "1");
      environment.advance(Duration.ofMinutes(20));
      assertThat(told.lines).hasSize(calls);
      assertThat(informer.state()).isEqualTo("STOPPED");
      assertThatThrownBy(() -> informer.addHandler("late", told))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> informers.get(FakeServer.MAPS))
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
