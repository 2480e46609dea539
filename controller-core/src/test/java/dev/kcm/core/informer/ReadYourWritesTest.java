package dev.kcm.core.informer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.time.Seeds;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadYourWritesTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(3);
  private final FakeServer server = new FakeServer(environment);
  private final Informers informers = informers(server, environment);
  private final Informer<ConfigMap> informer = informers.get(FakeServer.MAPS);

  private static Informers informers(FakeServer server, VirtualEnvironment environment) {
    return Informers.create(
        server, environment, new SimpleMeterRegistry(), Duration.ZERO, WatchList.AUTO);
  }

  private void start() {
    informers.start();
    environment.run();
  }

  private CompletableFuture<Boolean> await(String version) {
    return informer.awaitResourceVersion(version, LONG).toCompletableFuture();
  }

  private static String version(ConfigMap object) {
    return object.getMetadata().getResourceVersion();
  }

  @Test
  @DisplayName("INF-60 a write is reached when the store holds it, and not a moment before")
  void isReachedWhenTheStoreHoldsTheWrite() {
    start();
    String own = version(server.put("a", "1"));
    CompletableFuture<Boolean> waiting = await(own);
    List<Boolean> held = new ArrayList<>();
    var unused =
        waiting.thenAccept(
            reached -> held.add(informer.lister().get(FakeServer.key("a")).isPresent()));

    while (environment.step()) {
      assertThat(informer.hasReached(own))
          .isEqualTo(informer.lister().get(FakeServer.key("a")).isPresent());
    }

    assertThat(waiting).isCompletedWithValue(true);
    assertThat(held).containsExactly(true);
    assertThat(await(own)).isCompletedWithValue(true);
  }

  @Test
  @DisplayName("INF-60 nothing is reached before the first list; then what it holds")
  void isNotReachedBeforeTheFirstList() {
    server.put("a", "1");
    CompletableFuture<Boolean> waiting = await("100");
    assertThat(informer.hasReached("1")).isFalse();
    start();

    assertThat(waiting).isCompletedWithValue(true);
    assertThat(informer.hasReached("101")).isTrue();
    assertThat(informer.hasReached("102")).isFalse();
  }

  @Test
  @DisplayName("INF-60 versions are numbers: 99 comes before 100")
  void comparesNumbers() {
    start();

    assertThat(informer.hasReached("99")).isTrue();
    assertThat(informer.hasReached("100")).isTrue();
    assertThat(informer.hasReached("1000")).isFalse();
    assertThat(informer.hasReached("18446744073709551616")).isFalse();
  }

  @Test
  @DisplayName("INF-60 waiters go on in any order of their versions, each at its own")
  void releasesEachWaiterAtItsVersion() {
    start();
    CompletableFuture<Boolean> second = await("102");
    CompletableFuture<Boolean> third = await("103");
    CompletableFuture<Boolean> first = await("101");
    server.put("a", "1");
    environment.run();
    assertThat(first).isCompletedWithValue(true);
    assertThat(second).isNotDone();
    server.put("a", "2");
    environment.run();

    assertThat(second).isCompletedWithValue(true);
    assertThat(third).isNotDone();
  }

  @Test
  @DisplayName("INF-60 where nothing of its own comes, a bookmark lets waiters go on")
  void goesOnAtABookmark() {
    start();
    server.othersChange();
    CompletableFuture<Boolean> waiting =
        informer.awaitResourceVersion("101", Duration.ofMinutes(2)).toCompletableFuture();
    environment.advance(Duration.ofSeconds(59));
    assertThat(waiting).isNotDone();
    environment.advance(Duration.ofSeconds(1));

    assertThat(waiting).isCompletedWithValue(true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "-1", "007", "1.5"})
  @DisplayName("INF-60 what is no number is never waited for")
  void opensForWhatIsNoNumber(String version) {
    assertThat(informer.hasReached(version)).isTrue();
    assertThat(await(version)).isCompletedWithValue(true);
    start();
    assertThat(informer.hasReached(version)).isTrue();
  }

  @Test
  @DisplayName("INF-60 after a restore, what was written before it is not waited for")
  void opensWhenTheServerWentBack() {
    server.put("a", "1");
    start();
    for (int i = 0; i < 20; i++) {
      server.put("a", "" + i);
    }
    environment.run();
    CompletableFuture<Boolean> waiting = await("130");
    String seen = informer.resourceVersion();
    server.restore(50, Map.of("b", "1"));
    environment.advance(Duration.ofSeconds(20));

    assertThat(informer.resourceVersion()).isEqualTo("51");
    assertThat(waiting).isCompletedWithValue(true);
    assertThat(informer.hasReached(seen)).isTrue();
    assertThat(informer.hasReached("122")).isFalse();
    server.put("b", "2");
    environment.run();
    assertThat(informer.hasReached("52")).isTrue();
  }

  @Test
  @DisplayName("INF-60 a wait ends with its time-out, and leaves nothing behind")
  void endsAWaitWithItsTimeout() {
    start();
    server.freeze();
    CompletableFuture<Boolean> waiting =
        informer.awaitResourceVersion("101", Duration.ofSeconds(2)).toCompletableFuture();
    environment.advance(Duration.ofMillis(1999));
    assertThat(waiting).isNotDone();
    environment.advance(Duration.ofMillis(1));

    assertThat(waiting).isCompletedWithValue(false);
  }

  @Test
  @DisplayName("INF-60 a wait ends when the informer stops")
  void endsAWaitWhenTheInformerStops() {
    start();
    CompletableFuture<Boolean> waiting = await("101");
    environment.run();
    informers.stop(Duration.ofSeconds(1));
    environment.run();

    assertThat(waiting).isCompletedWithValue(false);
    CompletableFuture<Boolean> late = await("101");
    environment.run();
    assertThat(late).isCompletedWithValue(false);
    assertThat(environment.hasWork()).isFalse();
  }

  @Test
  @DisplayName("INF-60 whatever fails, reached means that the write is in the store")
  void neverClaimsAWriteThatIsNotThere() {
    Seeds.each("read your writes", 0, 999, ReadYourWritesTest::play);
  }

  private static void play(long seed) {
    Random random = new Random(seed);
    VirtualEnvironment environment = VirtualEnvironment.seeded(seed);
    FakeServer server = new FakeServer(environment);
    Informers informers = informers(server, environment);
    Informer<ConfigMap> informer = informers.get(FakeServer.MAPS);
    informers.start();
    List<CompletableFuture<Boolean>> waits = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String name = "m" + random.nextInt(4);
      String own = version(server.put(name, "" + i));
      CompletableFuture<Boolean> wait =
          informer.awaitResourceVersion(own, Duration.ofMinutes(3)).toCompletableFuture();
      waits.add(
          wait.thenApply(
              reached -> {
                String held =
                    informer
                        .lister()
                        .get(FakeServer.key(name))
                        .map(ReadYourWritesTest::version)
                        .orElse("");
                assertThat(reached && ResourceVersions.isOlder(held, own))
                    .as("%s at %s, held %s", name, own, held)
                    .isFalse();
                return reached;
              }));
      switch (random.nextInt(6)) {
        case 0 -> server.cut(random.nextBoolean() ? null : FakeServer.gone());
        case 1 -> server.compact();
        case 2 -> server.listFaults.add(FakeServer.error(Kind.UNREACHABLE, 0));
        case 3 -> environment.advance(Duration.ofMillis(random.nextInt(5000)));
        default -> {
          for (int n = random.nextInt(20); n > 0; n--) {
            environment.step();
          }
        }
      }
    }
    environment.advance(Duration.ofMinutes(4));
    assertThat(waits).allSatisfy(wait -> assertThat(wait).isCompletedWithValue(true));
  }
}
