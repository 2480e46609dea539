package dev.kcm.core.informer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransformTest {

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(3);
  private final FakeServer server = new FakeServer(environment);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private Informers informers =
      Informers.create(server, environment, meters, Duration.ofSeconds(10), WatchList.OFF);
  private Informer<ConfigMap> informer = informers.get(FakeServer.MAPS);
  private final HandlerLog log = new HandlerLog();

  private void start() {
    informers.start();
    environment.run();
  }

  private ConfigMap putWithManagedFields(String name) {
    ConfigMap map = server.put(name, "1");
    map.getMetadata()
        .setManagedFields(List.of(new ManagedFieldsEntryBuilder().withManager("m").build()));
    return map;
  }

  /** Keeps every object a handler is given. */
  private static final class Keeper implements EventHandler<ConfigMap> {

    private final List<ConfigMap> given = new ArrayList<>();

    @Override
    public void onAdd(ConfigMap object, boolean initial) {
      given.add(object);
    }

    @Override
    public void onUpdate(ConfigMap old, ConfigMap current) {
      given.addAll(List.of(old, current));
    }

    @Override
    public void onDelete(ObjectKey key, ConfigMap last, boolean finalStateUnknown) {
      given.add(last);
    }
  }

  @Test
  @DisplayName("T-40 neither store nor handler nor tombstone has managedFields")
  void stripsManagedFields() {
    Keeper keeper = new Keeper();
    informer.addHandler("test", keeper);
    putWithManagedFields("listed");
    start();
    putWithManagedFields("watched");
    environment.run();
    server.freeze();
    server.delete("listed");
    server.compact();
    environment.advance(Duration.ofMinutes(15));

    assertThat(keeper.given).hasSizeGreaterThanOrEqualTo(3);
    assertThat(keeper.given)
        .allMatch(map -> map.getMetadata().getManagedFields().isEmpty(), "no managedFields");
    assertThat(informer.lister().get(FakeServer.key("watched")))
        .hasValueSatisfying(map -> assertThat(map.getMetadata().getManagedFields()).isEmpty());
  }

  @Test
  @DisplayName("INF-47 managedFields stay where the transform says so")
  void keepsManagedFieldsWhenAskedTo() {
    informer.transform(Transform.none());
    putWithManagedFields("listed");
    start();

    assertThat(informer.lister().list())
        .singleElement()
        .satisfies(map -> assertThat(map.getMetadata().getManagedFields()).hasSize(1));
  }

  private static ConfigMap upper(ConfigMap map) {
    String value = map.getData().get("v").replace("x", "X");
    return new ConfigMapBuilder(map).withData(Map.of("v", value)).build();
  }

  @ParameterizedTest
  @EnumSource(
      value = WatchList.class,
      names = {"ON", "OFF"})
  @DisplayName("INF-46 the transform sees listed, streamed, watched and deleted objects")
  void transformsEveryObjectOfTheServer(WatchList mode) {
    informers = Informers.create(server, environment, meters, Duration.ofSeconds(10), mode);
    informer = informers.get(FakeServer.MAPS);
    informer.transform(Transform.named("upper", TransformTest::upper));
    informer.addHandler("test", log);
    server.put("a", "x1");
    start();
    server.put("b", "x2");
    server.put("a", "x3");
    server.delete("a");
    environment.run();

    assertThat(log.changes())
        .containsExactly("add a=X1 initial", "add b=X2", "update a=X1 a=X3", "delete a=X3");
    assertThat(informer.lister().list())
        .singleElement()
        .satisfies(map -> assertThat(map.getData()).containsEntry("v", "X2"));
  }

  private static ConfigMap refusing(ConfigMap map) {
    String value = map.getData().get("v");
    if (value.equals("null")) {
      return null;
    }
    if (value.equals("renamed")) {
      return FakeServer.map("other", "u", 1, value);
    }
    if (value.equals("bad")) {
      throw new IllegalStateException("secret content");
    }
    return map;
  }

  private double refused() {
    return meters.find("informer_events_total").tag("type", "untransformable").counter().count();
  }

  @ParameterizedTest
  @EnumSource(
      value = WatchList.class,
      names = {"ON", "OFF"})
  @DisplayName("T-40 a transform that throws keeps the last state of its object, nothing else")
  void livesWithATransformThatThrows(WatchList mode) {
    informers = Informers.create(server, environment, meters, Duration.ZERO, mode);
    informer = informers.get(FakeServer.MAPS);
    informer.transform(Transform.named("refusing", TransformTest::refusing));
    informer.addHandler("test", log);
    server.put("new", "bad");
    server.put("a", "1");
    server.put("b", "1");
    start();
    assertThat(informer.hasSynced()).isTrue();
    assertThat(log.changes()).containsExactly("add a=1 initial", "add b=1 initial");

    for (String value : List.of("bad", "null", "renamed")) {
      server.put("a", value);
    }
    server.put("b", "2");
    environment.run();
    assertThat(log.changes()).containsExactly("update b=1 b=2");
    assertThat(refused()).isEqualTo(4);

    server.freeze();
    server.put("c", "1");
    server.compact();
    environment.advance(Duration.ofMinutes(15));
    assertThat(log.changes()).containsExactly("add c=1");
    assertThat(informer.lister().get(FakeServer.key("a")))
        .hasValueSatisfying(map -> assertThat(map.getData()).containsEntry("v", "1"));

    server.delete("a");
    server.put("new", "1");
    environment.run();
    assertThat(log.changes()).containsExactly("delete a=1 unknown", "add new=1");
    assertThat(informer.state()).isEqualTo("WATCHING");
  }

  @Test
  @DisplayName("INF-46 one transform for each informer, only before the start")
  void takesOneTransformBeforeTheStart() {
    informer.transform(Transform.named("one", map -> map));
    informer.transform(Transform.named("one", map -> map));
    assertThatThrownBy(() -> informer.transform(Transform.named("two", map -> map)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("transform \"two\" of configmaps comes after \"one\"");
    start();
    informer.transform(Transform.named("one", map -> map));

    Informers later =
        Informers.create(
            server, environment, new SimpleMeterRegistry(), Duration.ZERO, WatchList.ON);
    Informer<ConfigMap> started = later.get(FakeServer.MAPS);
    later.start();
    assertThatThrownBy(() -> started.transform(Transform.named("late", map -> map)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("transform \"late\" of configmaps comes after the start");
  }
}
