package dev.kcm.core.informer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.core.api.Scope;
import dev.kcm.core.api.WatchListener;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Node;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SelectionTest {

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(5);
  private final FakeServer server = new FakeServer(environment);
  private final HandlerLog log = new HandlerLog();
  private final Informers informers =
      Informers.create(
          server, environment, new SimpleMeterRegistry(), Duration.ZERO, WatchList.OFF);

  private Informer<ConfigMap> start(Selection selection) {
    Informer<ConfigMap> informer = informers.get(FakeServer.MAPS, selection);
    informer.addHandler("test", log);
    informers.start();
    environment.run();
    return informer;
  }

  private static NamespaceSet fixed(String... names) {
    return NamespaceSet.of(List.of(names));
  }

  @Test
  @DisplayName("INF-48 a set of namespaces: a list and a watch for each, one merged view")
  void looksAtSeveralNamespaces() {
    server.put("a/one", "1");
    server.put("b/two", "1");
    server.put("c/three", "1");
    Informer<ConfigMap> informer = start(Selection.in(fixed("a", "b")));
    server.put("b/four", "1");
    server.put("c/five", "1");
    server.delete("a/one");
    environment.run();

    assertThat(server.requests())
        .containsExactlyInAnyOrder(
            "list rv=0 limit=500 in a",
            "list rv=0 limit=500 in b",
            "watch rv=103 in a",
            "watch rv=103 in b");
    assertThat(informer.hasSynced()).isTrue();
    assertThat(log.changes())
        .containsExactlyInAnyOrder(
            "add one=1 initial", "add two=1 initial", "add four=1", "delete one=1");
    assertThat(informer.lister().inNamespace("b")).hasSize(2);
    assertThat(informer.state()).isEqualTo("WATCHING");
  }

  @Test
  @DisplayName("INF-48 the informer has synced when every namespace has, and not before")
  void syncsWithItsLastNamespace() {
    server.put("a/one", "1");
    server.put("b/two", "1");
    server.latency = Duration.ofMillis(10);
    server.listRule =
        query ->
            query.scope().namespace().equals("b") ? FakeServer.error(Kind.UNREACHABLE, 0) : null;
    Informer<ConfigMap> informer = start(Selection.in(fixed("a", "b")));
    environment.advance(Duration.ofMillis(50));
    assertThat(log.take()).containsExactly("add one=1 initial");
    assertThat(informer.hasSynced()).isFalse();
    assertThat(informer.hasReached("1")).isFalse();
    assertThat(informer.resourceVersion()).isEmpty();
    server.listRule = query -> null;
    environment.advance(Duration.ofSeconds(2));

    assertThat(informer.hasSynced()).isTrue();
    assertThat(log.take()).containsExactly("add two=1 initial");
  }

  @Test
  @DisplayName("T-44 a namespace that comes or goes: adds and deletes for it, and nothing else")
  void followsTheNamespaces() {
    server.put("a/one", "1");
    server.put("b/two", "1");
    server.put("c/three", "1");
    NamespaceSet namespaces = NamespaceSet.changing(List.of("a", "b"));
    Informer<ConfigMap> informer = start(Selection.in(namespaces));
    log.take();
    namespaces.add("c");
    environment.run();
    assertThat(log.take()).containsExactly("add three=1");
    assertThat(server.openWatches()).isEqualTo(3);
    server.put("c/three", "2");
    environment.run();
    assertThat(log.take()).containsExactly("update three=1 three=2");

    namespaces.remove("a");
    environment.run();
    assertThat(log.take()).containsExactly("delete one=1 unknown");
    assertThat(server.openWatches()).isEqualTo(2);
    server.put("a/one", "2");
    server.put("b/two", "2");
    environment.run();
    assertThat(log.take()).containsExactly("update two=1 two=2");

    namespaces.set(List.of());
    environment.run();
    assertThat(log.take())
        .containsExactlyInAnyOrder("delete two=2 unknown", "delete three=2 unknown");
    assertThat(informer.state()).isEqualTo("WATCHING (no namespace)");
    namespaces.set(List.of("a"));
    environment.run();
    assertThat(log.take()).containsExactly("add one=2");
    assertThat(log.broken).isEmpty();
  }

  @Test
  @DisplayName(
      "T-44 all informers that look at a set of namespaces follow it; a stopped one no more")
  void letsSeveralInformersFollowOneSet() {
    NamespaceSet namespaces = NamespaceSet.changing(List.of());
    Informer<ConfigMap> all = start(Selection.in(namespaces));
    Informer<ConfigMap> some =
        informers.get(FakeServer.MAPS, Selection.in(namespaces).withLabels("x"));
    assertThat(all.hasSynced()).isTrue();
    informers.start(some);
    environment.run();
    namespaces.add("a");
    environment.run();
    assertThat(server.openWatches()).isEqualTo(2);
    informers.stop(some, Duration.ofSeconds(1));
    environment.run();
    assertThat(server.openWatches()).isEqualTo(1);
    namespaces.add("b");
    environment.run();

    assertThat(server.openWatches()).isEqualTo(2);
    assertThat(some.state()).isEqualTo("STOPPED");
  }

  @Test
  @DisplayName("INF-48 a namespace that may not be seen blocks only itself")
  void isBlockedInOneNamespaceOnly() {
    server.put("a/one", "1");
    server.put("b/two", "1");
    server.listRule =
        query ->
            query.scope().namespace().equals("b") ? FakeServer.error(Kind.FORBIDDEN, 403) : null;
    Informer<ConfigMap> informer = start(Selection.in(fixed("a", "b")));

    assertThat(informer.hasSynced()).isTrue();
    assertThat(informer.state()).isEqualTo("BLOCKED (403 configmaps/list) in b, WATCHING in a");
    assertThat(log.take()).containsExactly("add one=1 initial");
    server.put("a/three", "1");
    environment.run();
    assertThat(log.take()).containsExactly("add three=1");
    assertThat(informer.hasReached("103")).isTrue();
    environment.advance(Duration.ofMinutes(5));
    assertThat(informer.isStale(Duration.ofMinutes(3))).isFalse();

    server.listRule = query -> null;
    environment.advance(Duration.ofMinutes(1));
    assertThat(log.take()).containsExactly("add two=1");
    assertThat(informer.state()).isEqualTo("WATCHING");
  }

  @Test
  @DisplayName("INF-48 where no namespace may be seen, the informer does not sync")
  void doesNotSyncWhereNothingMayBeSeen() {
    server.listRule = query -> FakeServer.error(Kind.FORBIDDEN, 403);
    Informer<ConfigMap> informer = start(Selection.in(fixed("a", "b")));
    environment.advance(Duration.ofMinutes(5));

    assertThat(informer.hasSynced()).isFalse();
    assertThat(informer.state()).isEqualTo("BLOCKED (403 configmaps/list)");
    assertThat(informer.isStale(Duration.ofMinutes(3))).isTrue();
  }

  @Test
  @DisplayName("INF-48 a namespace that goes while it holds up the sync lets the informer sync")
  void syncsWhenTheLastMissingNamespaceGoes() {
    server.listRule =
        query ->
            query.scope().namespace().equals("b") ? FakeServer.error(Kind.SERVER_ERROR, 500) : null;
    NamespaceSet namespaces = NamespaceSet.changing(List.of("a", "b"));
    Informer<ConfigMap> informer = start(Selection.in(namespaces));
    assertThat(informer.hasSynced()).isFalse();
    namespaces.remove("b");
    environment.run();

    assertThat(informer.hasSynced()).isTrue();
  }

  @Test
  @DisplayName("INF-48 all but some namespaces: one list, one watch, with a field selector")
  void looksEverywhereButInSomeNamespaces() {
    server.put("a/one", "1");
    server.put("b/two", "1");
    server.put("c/three", "1");
    start(Selection.allBut(List.of("c", "a")));

    assertThat(log.take()).containsExactly("add two=1 initial");
    assertThat(server.requests().get(0))
        .isEqualTo("list rv=0 limit=500 fields metadata.namespace!=a,metadata.namespace!=c");
    assertThat(server.openWatches()).isEqualTo(1);
  }

  @Test
  @DisplayName("INF-48 a single object, which comes and goes")
  void looksAtASingleObject() {
    server.put("b/one", "1");
    server.put("a/two", "1");
    start(Selection.object(new ObjectKey("a", "one")));
    assertThat(log.take()).isEmpty();
    server.put("a/one", "1");
    server.put("b/one", "2");
    environment.run();

    assertThat(log.take()).containsExactly("add one=1");
    assertThat(server.requests().get(1)).isEqualTo("watch rv=102 in a fields metadata.name=one");
  }

  @Test
  @DisplayName("INF-48 selectors add up")
  void addsSelectorsUp() {
    Selection selection =
        Selection.namespace("a").withLabels("x=1").withLabels("y").withFields("spec.nodeName=n");

    assertThat(selection.part("a")).isEqualTo(new Scope("a", "x=1,y", "spec.nodeName=n"));
  }

  @Test
  @DisplayName("INF-49 what no longer matches is told as deleted, with the state the server sent")
  void tellsOfObjectsThatStopMatching() {
    server.put("a/one", "1");
    Informer<ConfigMap> informer = start(Selection.namespace("a").withLabels("x"));
    log.take();
    server.inject(WatchListener.Type.DELETED, FakeServer.map("a/one", "u1", 102, "2"));
    environment.run();

    assertThat(log.take()).containsExactly("delete one=2");
    assertThat(informer.lister().list()).isEmpty();
    assertThat(server.objects()).hasSize(1);
  }

  @Test
  @DisplayName("INF-51 fixed sets of the same names are equal, changing ones are not")
  void comparesSetsOfNamespaces() {
    NamespaceSet changing = NamespaceSet.changing(Set.of("a"));

    assertThat(fixed("a", "b")).isEqualTo(fixed("b", "a")).hasSameHashCodeAs(fixed("b", "a"));
    assertThat(changing).isNotEqualTo(NamespaceSet.changing(Set.of("a")));
    assertThat(changing).isNotEqualTo(fixed("a"));
    assertThat(Selection.in(changing)).isEqualTo(Selection.in(changing));
    assertThat(fixed("b", "a")).hasToString("[a, b]");
    assertThat(NamespaceSet.all()).hasToString("all namespaces");
  }

  @Test
  @DisplayName("INF-48 what cannot be selected is refused, with what is allowed")
  void refusesWhatMakesNoSense() {
    assertThatThrownBy(() -> NamespaceSet.of(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("allowed: one or more");
    assertThatThrownBy(() -> fixed("a", "")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> fixed("a").add("b"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the namespaces [a] are fixed; make a changing() set");
    assertThatThrownBy(() -> informers.get(ResourceType.of(Node.class), Selection.namespace("a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("nodes have no namespaces, selected: [a]");
  }
}
