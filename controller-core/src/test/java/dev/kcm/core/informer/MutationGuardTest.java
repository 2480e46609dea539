package dev.kcm.core.informer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MutationGuardTest {

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(5);
  private final FakeServer server = new FakeServer(environment);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private Informers informers;

  private Informer<ConfigMap> started(MutationGuard guard) {
    informers =
        Informers.builder(server)
            .environment(environment)
            .meters(meters)
            .watchList(WatchList.OFF)
            .guard(guard)
            .build();
    Informer<ConfigMap> informer = informers.get(FakeServer.MAPS);
    informers.start();
    environment.run();
    return informer;
  }

  /** Does something to each object it hears of. */
  private record Meddler(Consumer<ConfigMap> what) implements EventHandler<ConfigMap> {

    @Override
    public void onAdd(ConfigMap object, boolean initial) {
      what.accept(object);
    }

    @Override
    public void onUpdate(ConfigMap old, ConfigMap current) {
      what.accept(old);
    }

    @Override
    public void onDelete(ObjectKey key, ConfigMap last, boolean finalStateUnknown) {}
  }

  private static void relabel(ConfigMap map) {
    map.getMetadata().setLabels(Map.of("a/b", "c"));
  }

  private ConfigMap cached(Informer<ConfigMap> informer, String name) {
    return informer.lister().get(FakeServer.key(name)).orElseThrow();
  }

  @Test
  @DisplayName("T-41 a strict guard names the object, the place and the handler that changed it")
  void strictGuardNamesPlaceAndHandler() {
    MutationGuard guard = MutationGuard.strict();
    Informer<ConfigMap> informer = started(guard);
    informer.addHandler("innocent", new HandlerLog());
    informer.addHandler("meddler", new Meddler(MutationGuardTest::relabel));
    server.put("a", "1");
    server.put("b", "1");
    environment.run();

    assertThat(guard.found())
        .containsExactlyInAnyOrder(
            new MutationGuard.Mutation(
                "configmaps", FakeServer.key("a"), "$.metadata.labels", "meddler"),
            new MutationGuard.Mutation(
                "configmaps", FakeServer.key("b"), "$.metadata.labels", "meddler"));
    assertThatThrownBy(guard::verify)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(
            "configmaps n/a was changed in the cache at $.metadata.labels;"
                + " handler meddler was told of it last");
    assertThat(meters.get("informer_mutations_total").counter().count()).isEqualTo(2);
  }

  @Test
  @DisplayName("INF-55 a strict guard also sees changes of objects that were replaced")
  void strictGuardSeesChangesOfReplacedObjects() {
    MutationGuard guard = MutationGuard.strict();
    Informer<ConfigMap> informer = started(guard);
    server.put("a", "1");
    environment.run();
    ConfigMap first = cached(informer, "a");
    server.put("a", "2");
    environment.run();
    guard.verify();
    first.setData(Map.of("v", "3"));
    environment.advance(Duration.ofSeconds(1));

    assertThat(guard.found())
        .singleElement()
        .extracting(MutationGuard.Mutation::path)
        .isEqualTo("$.data.v");
  }

  @Test
  @DisplayName("INF-55 changes are found each second, at replacement, and at the end")
  void looksEachSecondAtReplacementAndAtTheEnd() {
    MutationGuard guard = MutationGuard.strict();
    Informer<ConfigMap> informer = started(guard);
    server.put("a", "1");
    environment.run();
    relabel(cached(informer, "a"));
    assertThat(guard.found()).isEmpty();
    environment.advance(Duration.ofSeconds(1));
    assertThat(guard.found()).hasSize(1);
    environment.advance(Duration.ofSeconds(10));
    assertThat(guard.found()).as("told once").hasSize(1);

    cached(informer, "a").setKind("Other");
    server.put("a", "2");
    environment.run();
    assertThat(guard.found()).hasSize(2);
    assertThat(guard.found().get(1).path()).isEqualTo("$.kind");

    cached(informer, "a").setImmutable(true);
    informers.stop(Duration.ZERO);
    environment.run();
    assertThat(guard.found()).hasSize(3);
    assertThat(environment.hasWork()).isFalse();
  }

  @Test
  @DisplayName("INF-55 a sampling guard finds the changes of the objects it looks at")
  void samplingGuardLooksAtSomeObjects() {
    MutationGuard guard = MutationGuard.sampling();
    Informer<ConfigMap> informer = started(guard);
    for (int i = 0; i < 400; i++) {
      server.put("m" + i, "1");
    }
    environment.run();
    informer.lister().list().forEach(MutationGuardTest::relabel);
    environment.advance(Duration.ofSeconds(2));

    assertThat(guard.found()).hasSizeBetween(5, 80);
    assertThatThrownBy(guard::verify).isInstanceOf(IllegalStateException.class);
  }

  @Test
  @DisplayName("INF-55 a guard that is off remembers nothing and sets no timer")
  void guardThatIsOffDoesNothing() {
    MutationGuard guard = MutationGuard.off();
    Informer<ConfigMap> informer = started(guard);
    server.put("a", "1");
    environment.run();
    relabel(cached(informer, "a"));
    environment.advance(Duration.ofSeconds(5));

    guard.verify();
    assertThat(guard.found()).isEmpty();
    assertThat(meters.find("informer_mutations_total").counter()).isNull();
  }

  @Test
  @DisplayName("INF-56 a copying view hands out copies, the plain one the shared objects")
  void copyingViewHandsOutCopies() {
    Informer<ConfigMap> informer = started(MutationGuard.strict());
    informer.addIndex("value", map -> map.getData().values());
    server.put("a", "1");
    environment.run();
    Lister<ConfigMap> copying = informer.lister().copying();
    ConfigMap shared = cached(informer, "a");

    assertThat(cached(informer, "a")).isSameAs(shared);
    assertThat(copying.list()).singleElement().isEqualTo(shared).isNotSameAs(shared);
    assertThat(copying.inNamespace("n")).singleElement().isNotSameAs(shared);
    assertThat(copying.byIndex("value", "1")).singleElement().isNotSameAs(shared);
    assertThat(copying.indexValues("value")).containsExactly("1");
    assertThat(copying.keysByIndex("value", "1")).containsExactly(FakeServer.key("a"));
    ConfigMap copy = copying.get(FakeServer.key("a")).orElseThrow();
    copy.getMetadata().getLabels().put("mine", "1");
    copy.getData().put("v", "mine");
    assertThat(cached(informer, "a").getData()).containsEntry("v", "1");
    server.put("b", "1");
    environment.run();
    assertThat(copying.list()).as("the same store").hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":1} | {\"a\":2} | $.a",
        "{\"a\":{\"b/c\":1}} | {\"a\":{}} | $.a['b/c']",
        "{\"a\":[1,2]} | {\"a\":[1,3]} | $.a[1]",
        "{\"a\":[1]} | {\"a\":[1,{\"b\":1}]} | $.a[1]",
        "{\"a\":{\"b\":[{\"c\":1}]}} | {\"a\":{\"b\":[{\"c\":2}]}} | $.a.b[0].c",
        "{\"a\":1} | nonsense | $",
      })
  void findsThePathOfADifference(String before, String after, String path) {
    assertThat(
            JsonDifference.path(
                before.getBytes(StandardCharsets.UTF_8), after.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(path);
  }
}
