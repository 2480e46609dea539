package dev.kcm.core.informer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.informer.ErrorHandler.Answer;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kinds that are not there, not there any more, or not allowed. */
class BlockedTest {

  private static final String UNKNOWN = "BLOCKED (404 configmaps/list)";

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(13);
  private final FakeServer server = new FakeServer(environment);
  private final HandlerLog log = new HandlerLog();
  private final LogLines lines = new LogLines();
  private Informers informers = informers(WatchList.AUTO);

  @AfterEach
  void close() {
    lines.close();
  }

  private Informers informers(WatchList mode) {
    return Informers.create(server, environment, new SimpleMeterRegistry(), Duration.ZERO, mode);
  }

  private Informer<ConfigMap> start() {
    Informer<ConfigMap> informer = informers.get(FakeServer.MAPS);
    informer.addHandler("test", log);
    informers.start();
    environment.run();
    return informer;
  }

  private void refuse(Kind kind, int code) {
    server.listRule = query -> FakeServer.error(kind, code);
    server.watchRule = query -> FakeServer.error(kind, code);
  }

  private void allow() {
    server.listRule = query -> null;
    server.watchRule = query -> null;
  }

  @ParameterizedTest
  @EnumSource(WatchList.class)
  @DisplayName("T-43 a kind goes and comes back: deletes, blocked, then adds, and no log flood")
  void tellsDeletesWhenTheKindIsGone(WatchList mode) {
    informers = informers(mode);
    server.put("a", "1");
    server.put("b", "1");
    Informer<ConfigMap> informer = start();
    log.take();
    lines.take();
    environment.advance(Duration.ofMinutes(1));
    refuse(Kind.NOT_FOUND, 404);
    server.cut(null);
    environment.advance(Duration.ofSeconds(20));
    assertThat(log.changes()).containsExactlyInAnyOrder("delete a=1 unknown", "delete b=1 unknown");
    assertThat(informer.state()).isEqualTo(UNKNOWN);
    assertThat(informer.lister().list()).isEmpty();
    assertThat(informer.hasSynced()).isTrue();
    assertThat(lines.take())
        .containsExactly(
            "informer configmaps: the server does not know the resource any more, its objects are"
                + " gone");

    environment.advance(Duration.ofMinutes(30));
    assertThat(lines.take()).hasSizeBetween(10, 30).allMatch(line -> line.contains("404"));
    assertThat(log.lines).isEmpty();
    server.objects().clear();
    server.put("c", "1");
    allow();
    environment.advance(Duration.ofMinutes(1));

    assertThat(log.changes()).containsExactly("add c=1");
    assertThat(informer.state()).isEqualTo("WATCHING");
    assertThat(log.broken).isEmpty();
  }

  @Test
  @DisplayName("INF-62 a single 404, as of a server that starts, takes nothing away")
  void keepsTheObjectsAfterASingleNotFound() {
    server.put("a", "1");
    Informer<ConfigMap> informer = start();
    environment.advance(Duration.ofMinutes(1));
    server.watchFaults.add(FakeServer.error(Kind.NOT_FOUND, 404));
    server.watchFaults.add(FakeServer.error(Kind.NOT_FOUND, 404));
    server.listFaults.add(FakeServer.error(Kind.NOT_FOUND, 404));
    server.cut(null);
    environment.run();
    assertThat(informer.state()).isEqualTo("BLOCKED (404 configmaps/watch)");
    environment.advance(Duration.ofSeconds(10));

    assertThat(informer.state()).isEqualTo("WATCHING");
    assertThat(log.changes()).containsExactly("add a=1 initial");
    assertThat(lines.take()).isEmpty();
  }

  @Test
  @DisplayName("INF-62 404s with another answer in between do not add up")
  void countsOnlyNotFoundInARow() {
    informers = informers(WatchList.OFF);
    server.put("a", "1");
    start();
    environment.advance(Duration.ofMinutes(1));
    for (int i = 0; i < 4; i++) {
      server.listFaults.add(FakeServer.error(Kind.NOT_FOUND, 404));
      server.listFaults.add(FakeServer.error(Kind.SERVER_ERROR, 500));
    }
    server.cut(FakeServer.gone());
    environment.advance(Duration.ofMinutes(10));

    assertThat(log.changes()).containsExactly("add a=1 initial");
    assertThat(server.listFaults).isEmpty();
  }

  @Test
  @DisplayName("INF-62 a kind that comes later: synced within one step of back-off, streamed")
  void syncsWhenTheKindAppears() {
    refuse(Kind.NOT_FOUND, 404);
    Informer<ConfigMap> informer = start();
    environment.advance(Duration.ofMinutes(20));
    assertThat(informer.state()).isEqualTo(UNKNOWN);
    assertThat(informer.hasSynced()).isFalse();
    assertThat(lines.take()).hasSizeBetween(10, 21);
    assertThat(server.count("watch")).isEqualTo(1);
    allow();
    server.put("a", "1");
    environment.advance(Duration.ofSeconds(60));
    assertThat(log.changes()).containsExactly("add a=1 initial");
    assertThat(server.count("watch")).isEqualTo(2);

    server.cut(FakeServer.gone());
    environment.advance(Duration.ofSeconds(70));
    assertThat(server.requests().get(server.asked.size() - 1)).isEqualTo("watch rv=101 initial");
  }

  @Test
  @DisplayName("INF-62 a kind that comes later is there at once for those who are told")
  void syncsAtOnceWhenTold() {
    refuse(Kind.NOT_FOUND, 404);
    Informer<ConfigMap> informer = start();
    environment.advance(Duration.ofMinutes(20));
    allow();
    informers.retryNow();
    environment.run();

    assertThat(informer.hasSynced()).isTrue();
  }

  @Test
  @DisplayName("T-12 403: the wait for the sync fails with verb and resource; the store is kept")
  void keepsTheStoreWithoutPermission() {
    server.put("a", "1");
    Informer<ConfigMap> informer = start();
    environment.advance(Duration.ofMinutes(1));
    refuse(Kind.FORBIDDEN, 403);
    server.cut(null);
    environment.run();
    assertThat(informer.state()).isEqualTo("BLOCKED (403 configmaps/watch)");
    environment.advance(Duration.ofMinutes(10));
    assertThat(informer.state()).isEqualTo("BLOCKED (403 configmaps/list)");
    assertThat(informer.lister().list()).hasSize(1);
    assertThat(lines.take()).hasSizeLessThanOrEqualTo(11);

    allow();
    environment.advance(Duration.ofSeconds(60));
    assertThat(informer.state()).isEqualTo("WATCHING");
    assertThat(log.changes()).containsExactly("add a=1 initial");
  }

  @Test
  @DisplayName("T-12 403 for ever: the wait fails with the reason, others sync, a grant helps")
  void failsTheWaitWithTheReason() {
    server.listRule =
        query ->
            query.scope().namespace().equals("b") ? FakeServer.error(Kind.FORBIDDEN, 403) : null;
    server.watchRule =
        query ->
            query.scope().namespace().equals("b") ? FakeServer.error(Kind.FORBIDDEN, 403) : null;
    List<ErrorHandler.Failure> heard = new ArrayList<>();
    informers.onError(
        failure -> {
          heard.add(failure);
          return Answer.GO_ON;
        });
    Informer<ConfigMap> other = informers.get(FakeServer.MAPS, Selection.namespace("a"));
    Informer<ConfigMap> blocked = informers.get(FakeServer.MAPS, Selection.namespace("b"));
    informers.start();
    CompletableFuture<Void> all = informers.synced(Duration.ofMinutes(2)).toCompletableFuture();
    environment.advance(Duration.ofMinutes(2));

    assertThat(all)
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withMessageEndingWith("not synced: configmaps: BLOCKED (403 configmaps/list)");
    assertThat(other.hasSynced()).isTrue();
    Duration longest = heard.get(heard.size() - 1).nextTry();
    allow();
    environment.advance(longest);
    assertThat(blocked.hasSynced()).isTrue();
  }

  @Test
  @DisplayName("T-12 403: the state says which verbs are missing where, and what grants them")
  void saysWhatToGrant() {
    refuse(Kind.FORBIDDEN, 403);
    server.reviewRule = asked -> asked.getVerb().equals("list");
    Informer<ConfigMap> informer = informers.get(FakeServer.MAPS, Selection.namespace("b"));
    informers.start();
    environment.advance(Duration.ofMinutes(2));
    String denied =
        "may not watch configmaps in namespace b: grant apiGroups [\"\"], resources"
            + " [\"configmaps\"], verbs [\"watch\"] by a Role of the namespace";

    assertThat(informer.state()).isEqualTo("BLOCKED (403 configmaps/list: " + denied + ")");
    assertThat(lines.take()).contains("informer configmaps in b: " + denied);
    assertThat(server.count("review")).as("asked once").isEqualTo(2);

    allow();
    environment.advance(Duration.ofSeconds(60));
    assertThat(informer.state()).isEqualTo("WATCHING");
    refuse(Kind.FORBIDDEN, 403);
    server.reviewRule = asked -> true;
    server.cut(FakeServer.gone());
    environment.advance(Duration.ofSeconds(60));
    assertThat(informer.state()).isEqualTo("BLOCKED (403 configmaps/list)");
    assertThat(server.count("review")).as("asked anew").isEqualTo(4);
  }
}
