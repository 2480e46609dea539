package dev.kcm.core.informer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.time.Seeds;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Laws between the server's history and what an informer makes of it, whatever fails between. */
class ListWatchLawsTest {

  private static final List<String> NAMESPACES = List.of("a", "b", "c");
  private static final Duration SETTLED = Duration.ofMinutes(15);

  @ParameterizedTest
  @EnumSource(WatchList.class)
  @DisplayName(
      "T-1..T-26 whatever fails: no state is made up, none comes twice, the last one stays")
  void followsTheServer(WatchList mode) {
    Seeds.each("list and watch " + mode, 0, 999, seed -> new World(seed, mode, false).play());
  }

  @ParameterizedTest
  @EnumSource(
      value = WatchList.class,
      names = {"AUTO", "OFF"})
  @DisplayName("T-17 the same where the server itself goes back at times")
  void followsAServerThatGoesBack(WatchList mode) {
    Seeds.each("restored servers " + mode, 0, 999, seed -> new World(seed, mode, true).play());
  }

  @ParameterizedTest
  @EnumSource(
      value = WatchList.class,
      names = {"AUTO", "OFF"})
  @DisplayName("T-44 the same while namespaces come, go and are refused")
  void followsNamespaces(WatchList mode) {
    Seeds.each("namespaces " + mode, 0, 999, seed -> new Scoped(seed, mode).play());
  }

  @ParameterizedTest
  @EnumSource(
      value = WatchList.class,
      names = {"AUTO", "OFF"})
  @DisplayName("T-42 informers that are acquired and released: never two watches, none left over")
  void countsUsers(WatchList mode) {
    Seeds.each("users " + mode, 0, 999, seed -> new Shared(seed, mode).play());
  }

  /** A server, an informer of all it has, and a history. */
  private static class World {

    final Random random;
    final VirtualEnvironment environment;
    final FakeServer server;
    final Informers informers;
    final HandlerLog log = new HandlerLog();
    private final boolean goesBack;
    private int values;

    World(long seed, WatchList mode, boolean goesBack) {
      this.random = new Random(seed);
      this.environment = VirtualEnvironment.seeded(seed);
      this.server = new FakeServer(environment);
      this.goesBack = goesBack;
      this.informers =
          Informers.create(server, environment, new SimpleMeterRegistry(), Duration.ZERO, mode);
    }

    void play() {
      server.latency = Duration.ofMillis(random.nextInt(3));
      server.restore(100_000, Map.of());
      change();
      Informer<ConfigMap> informer = informers.get(FakeServer.MAPS);
      Progress progress = new Progress(informer, goesBack);
      informer.addHandler("test", log);
      informers.start();
      for (int i = 0; i < 50; i++) {
        turn(progress);
      }
      settle(progress);
      assertThat(informer.lister().list())
          .as("store after %s", server.requests())
          .containsExactlyInAnyOrderElementsOf(server.objects().values());
      assertThat(log.view).as("%s", log.lines).isEqualTo(server.objects());
      assertThat(log.broken).as("%s", log.lines).isEmpty();
      assertThat(informer.state()).isEqualTo("WATCHING");
      assertThat(server.openWatches()).isEqualTo(1);
    }

    void settle(Runnable afterEach) {
      server.listFaults.clear();
      server.watchFaults.clear();
      server.listRule = query -> null;
      server.watchRule = query -> null;
      server.marks = true;
      environment.advance(SETTLED, afterEach);
    }

    void turn(Runnable afterEach) {
      switch (random.nextInt(20)) {
        case 0 -> server.cut(random.nextBoolean() ? null : FakeServer.error(Kind.BROKEN, 0));
        case 1 -> server.cut(fault());
        case 2 -> server.compact();
        case 3 -> server.expireTokens();
        case 4, 5 -> server.listFaults.add(fault());
        case 6, 7 -> server.watchFaults.add(fault());
        case 8 -> server.freeze();
        case 9 -> {
          server.marks = !server.marks;
          server.mark();
        }
        case 10 -> environment.advance(Duration.ofMillis(random.nextInt(60_000)), afterEach);
        case 11 -> informers.retryNow();
        case 12 -> informers.list().forEach(Informer::triggerRelist);
        case 13 -> restoreMaybe();
        case 14, 15, 16 -> steps(afterEach);
        default -> change();
      }
    }

    private void steps(Runnable afterEach) {
      for (int n = random.nextInt(30); n > 0 && environment.step(); n--) {
        afterEach.run();
      }
    }

    private void restoreMaybe() {
      if (goesBack && random.nextInt(4) == 0) {
        // So far that later writes do not reach what was there before: nobody could tell then.
        server.restore(server.revision() - 1000, Map.of(name(), "restored " + ++values));
      }
    }

    private ApiError fault() {
      return switch (random.nextInt(8)) {
        case 0, 1 -> FakeServer.gone();
        case 2 -> FakeServer.tooLarge();
        case 3 -> FakeServer.error(Kind.UNREACHABLE, 0);
        case 4 -> FakeServer.error(Kind.TOO_MANY_REQUESTS, 429);
        case 5 -> FakeServer.error(Kind.NOT_FOUND, 404);
        case 6 -> FakeServer.error(Kind.UNDECODABLE, 0);
        default -> FakeServer.error(Kind.SERVER_ERROR, 500);
      };
    }

    void change() {
      for (int n = random.nextInt(4); n >= 0; n--) {
        if (random.nextInt(3) == 0) {
          server.delete(name());
        } else {
          server.put(name(), "" + ++values);
        }
      }
    }

    private String name() {
      return NAMESPACES.get(random.nextInt(NAMESPACES.size())) + "/m" + random.nextInt(3);
    }
  }

  /** What holds after each task: nothing in a store that does not go back ever goes back. */
  private static final class Progress implements Runnable {

    private final Informer<ConfigMap> informer;
    private final boolean mayGoBack;
    private final Map<ObjectKey, ConfigMap> held = new HashMap<>();
    private String version = "";

    private Progress(Informer<ConfigMap> informer, boolean mayGoBack) {
      this.informer = informer;
      this.mayGoBack = mayGoBack;
    }

    @Override
    public void run() {
      String now = informer.resourceVersion();
      assertThat(now.isEmpty()).as("version after %s", version).isEqualTo(!informer.hasSynced());
      assertThat(informer.hasReached(now)).isEqualTo(true);
      if (!mayGoBack) {
        assertThat(ResourceVersions.isOlder(now, version))
            .as("%s after %s", now, version)
            .isFalse();
        informer.lister().list().forEach(object -> notOlder(object, now));
      }
      version = now;
    }

    private void notOlder(ConfigMap object, String store) {
      ConfigMap before = held.put(ObjectKey.of(object), object);
      String version = ResourceVersions.of(object);
      assertThat(before != null && ResourceVersions.isOlder(version, ResourceVersions.of(before)))
          .as("%s after %s", object, before)
          .isFalse();
      assertThat(ResourceVersions.isOlder(store, version))
          .as("the store says %s and holds %s", store, version)
          .isFalse();
    }
  }

  /** A world in which an informer looks at a set of namespaces that changes. */
  private static final class Scoped extends World {

    private final NamespaceSet namespaces = NamespaceSet.changing(List.of("a"));

    private Scoped(long seed, WatchList mode) {
      super(seed, mode, false);
    }

    @Override
    void play() {
      change();
      Informer<ConfigMap> informer = informers.get(FakeServer.MAPS, Selection.in(namespaces));
      informer.addHandler("test", log);
      informers.start();
      for (int i = 0; i < 50; i++) {
        switch (random.nextInt(10)) {
          case 0 -> namespaces.add(some());
          case 1 -> namespaces.remove(some());
          case 2 -> refuse(some());
          default -> turn(() -> {});
        }
      }
      settle(() -> {});
      Map<ObjectKey, ConfigMap> expected = new TreeMap<>(server.objects());
      expected.keySet().removeIf(key -> !namespaces.names().contains(key.namespace()));
      assertThat(informer.lister().list())
          .as("store of %s", namespaces)
          .containsExactlyInAnyOrderElementsOf(expected.values());
      assertThat(log.view).as("%s", log.lines).isEqualTo(expected);
      assertThat(log.broken).as("%s", log.lines).isEmpty();
      assertThat(informer.hasSynced()).isTrue();
      assertThat(server.openWatches()).isEqualTo(namespaces.names().size());
      assertThat(informer.statusByNamespace().keySet())
          .isEqualTo(new TreeSet<>(namespaces.names()));
    }

    private void refuse(String namespace) {
      ApiError forbidden = FakeServer.error(Kind.FORBIDDEN, 403);
      boolean lift = random.nextBoolean();
      server.listRule =
          query -> !lift && query.scope().namespace().equals(namespace) ? forbidden : null;
      server.watchRule =
          query -> !lift && query.scope().namespace().equals(namespace) ? forbidden : null;
    }

    private String some() {
      return NAMESPACES.get(random.nextInt(NAMESPACES.size()));
    }
  }

  /** A world in which users come and go. */
  private static final class Shared extends World {

    private final List<Informers.Use<ConfigMap>> users = new ArrayList<>();

    private Shared(long seed, WatchList mode) {
      super(seed, mode, false);
    }

    @Override
    void play() {
      for (int i = 0; i < 40; i++) {
        switch (random.nextInt(5)) {
          case 0 -> users.add(informers.acquire(FakeServer.MAPS, Selection.ALL));
          case 1 -> {
            if (!users.isEmpty()) {
              users.remove(random.nextInt(users.size())).close();
            }
          }
          case 2 -> informers.start();
          default -> turn(() -> {});
        }
        assertThat(users.stream().map(Informers.Use::informer).distinct().count())
            .as("informers of %d users", users.size())
            .isLessThanOrEqualTo(1);
        assertThat(informers.list()).hasSize(users.isEmpty() ? 0 : 1);
      }
      informers.start();
      settle(() -> {});
      assertThat(server.openWatches()).isEqualTo(users.isEmpty() ? 0 : 1);
      users.forEach(
          user ->
              assertThat(user.informer().lister().list())
                  .containsExactlyInAnyOrderElementsOf(server.objects().values()));
      users.forEach(Informers.Use::close);
      environment.run();
      assertThat(server.openWatches()).isZero();
      assertThat(environment.hasWork()).isFalse();
    }
  }
}
