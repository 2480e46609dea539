package dev.kcm.core.informer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.time.Seeds;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Races of handlers, indexes and gaps, a thousand seeds each. */
class InformerLawsTest {

  /** A server, an informer, and chance. */
  private static final class World {

    private final Random random;
    private final VirtualEnvironment environment;
    private final FakeServer server;
    private final Informers informers;
    private final Informer<ConfigMap> informer;

    private World(long seed) {
      random = new Random(seed);
      environment = VirtualEnvironment.seeded(seed);
      server = new FakeServer(environment);
      WatchList mode = random.nextBoolean() ? WatchList.OFF : WatchList.AUTO;
      informers =
          Informers.create(
              server, environment, new SimpleMeterRegistry(), Duration.ofSeconds(30), mode);
      informer = informers.get(FakeServer.MAPS);
    }

    private void change(int names) {
      String name = "m" + random.nextInt(names);
      if (random.nextInt(3) == 0) {
        server.delete(name);
      } else {
        server.put(name, "" + random.nextInt(3));
      }
    }

    private void steps(int atMost) {
      IntStream.range(0, random.nextInt(atMost)).forEach(n -> environment.step());
    }

    /** Changes that no watch shows; the next list does. */
    private void gap(int changes) {
      server.freeze();
      IntStream.range(0, changes).forEach(n -> change(4));
      server.compact();
      server.cut(FakeServer.gone());
    }

    private void rest() {
      environment.advance(Duration.ofMinutes(20));
    }
  }

  /** Checks that what it hears of an incarnation is add, updates, delete. */
  private static final class Incarnations implements EventHandler<ConfigMap> {

    private final Map<ObjectKey, String> alive = new HashMap<>();
    private final Set<String> ended = new HashSet<>();
    private final List<String> broken = new ArrayList<>();
    private int changedUids;

    private static String uid(ConfigMap map) {
      return map.getMetadata().getUid();
    }

    @Override
    public void onAdd(ConfigMap object, boolean initial) {
      if (ended.contains(uid(object)) || alive.put(ObjectKey.of(object), uid(object)) != null) {
        broken.add("add of " + uid(object));
      }
    }

    @Override
    public void onUpdate(ConfigMap old, ConfigMap current) {
      if (!uid(old).equals(alive.get(ObjectKey.of(old)))) {
        broken.add("update from " + uid(old));
      }
      if (!uid(old).equals(uid(current))) {
        changedUids++;
        ended.add(uid(old));
        alive.put(ObjectKey.of(current), uid(current));
      }
    }

    @Override
    public void onDelete(ObjectKey key, ConfigMap last, boolean finalStateUnknown) {
      if (!uid(last).equals(alive.remove(key)) || !ended.add(uid(last))) {
        broken.add("delete of " + uid(last));
      }
    }
  }

  @Test
  @DisplayName("T-33 whatever gaps hide: delete of the old UID, then add of the new; or one update")
  void neverMixesIncarnations() {
    int[] changed = {0};
    Seeds.each(
        "incarnations",
        0,
        999,
        seed -> {
          World world = new World(seed);
          Incarnations strict = new Incarnations();
          Incarnations lenient = new Incarnations();
          world.informer.addHandler("strict", strict);
          HandlerOptions small = HandlerOptions.DEFAULTS.withSoftLimit(2);
          Incarnations merging = new Incarnations();
          world.informer.addHandler("merging", merging, small);
          world.informer.addHandler(
              "lenient", lenient, HandlerOptions.DEFAULTS.withRecreatedAsUpdate());
          IntStream.range(0, 4).forEach(n -> world.change(4));
          world.informers.start();
          for (int i = 0; i < 12; i++) {
            world.steps(20);
            if (world.random.nextInt(4) == 0) {
              world.gap(1 + world.random.nextInt(6));
              world.environment.advance(Duration.ofSeconds(world.random.nextInt(60)));
            } else {
              world.change(4);
            }
          }
          world.rest();

          Map<ObjectKey, String> truth =
              world.server.objects().entrySet().stream()
                  .collect(
                      Collectors.toMap(Map.Entry::getKey, e -> Incarnations.uid(e.getValue())));
          for (Incarnations handler : List.of(strict, merging, lenient)) {
            assertThat(handler.broken).isEmpty();
            assertThat(handler.alive).isEqualTo(truth);
          }
          assertThat(strict.changedUids).isZero();
          assertThat(merging.changedUids).isZero();
          changed[0] += lenient.changedUids;
        });
    assertThat(changed[0]).as("updates that hid a recreation").isGreaterThan(100);
  }

  private static long version(ConfigMap map) {
    return Long.parseLong(map.getMetadata().getResourceVersion());
  }

  /** Keeps the versions of initial and of other calls apart. */
  private static final class Joiner extends HandlerLog {

    private final List<Long> initial = new ArrayList<>();
    private final List<Long> later = new ArrayList<>();

    @Override
    public void onAdd(ConfigMap object, boolean isInitial) {
      super.onAdd(object, isInitial);
      (isInitial ? initial : later).add(version(object));
    }

    @Override
    public void onUpdate(ConfigMap old, ConfigMap current) {
      super.onUpdate(old, current);
      if (version(old) != version(current)) {
        later.add(version(current));
      }
    }
  }

  @Test
  @DisplayName("T-35 joining amid events: a snapshot marked initial, then every later change, once")
  void joinsAmidEvents() {
    int[] between = {0};
    Seeds.each(
        "join",
        0,
        999,
        seed -> {
          World world = new World(seed);
          IntStream.range(0, 6).forEach(i -> world.server.put("m" + i, "0"));
          world.informers.start();
          world.environment.run();
          Joiner late = new Joiner();
          int[] callsWhenSynced = {-1};
          int joinAt = world.random.nextInt(40);
          for (int i = 0; i < 40; i++) {
            world.change(9);
            world.environment.step();
            if (i == joinAt) {
              Informer.Registration registration = world.informer.addHandler("late", late);
              assertThat(late.lines).as("told on the caller's thread").isEmpty();
              assertThat(registration.hasSynced()).isFalse();
              var unused =
                  registration
                      .synced()
                      .thenRun(() -> callsWhenSynced[0] = late.initial.size() + late.later.size());
            }
          }
          world.environment.run();

          assertThat(late.broken).isEmpty();
          assertThat(late.view).isEqualTo(world.server.objects());
          assertThat(callsWhenSynced[0])
              .as("synced when its last initial add returned")
              .isEqualTo(late.initial.size());
          long snapshot = late.initial.stream().mapToLong(v -> v).max().orElse(0);
          assertThat(late.later).as("after the snapshot").allMatch(v -> v > snapshot).isSorted();
          between[0] += late.initial.isEmpty() || late.later.isEmpty() ? 0 : 1;
        });
    assertThat(between[0]).as("joined in the middle").isGreaterThan(700);
  }

  @Test
  @DisplayName("T-36 handlers that remove themselves at any call are called no more")
  void removesItselfAtAnyCall() {
    Seeds.each(
        "leave",
        0,
        999,
        seed -> {
          World world = new World(seed);
          Map<HandlerLog, Integer> calls = new HashMap<>();
          List<Throwable> thrown = new ArrayList<>();
          for (int h = 0; h < 4; h++) {
            int last = 1 + world.random.nextInt(8);
            Informer.Registration[] self = new Informer.Registration[1];
            HandlerLog leaver =
                new HandlerLog() {
                  @Override
                  public void onAdd(ConfigMap object, boolean initial) {
                    super.onAdd(object, initial);
                    if (lines.size() == last) {
                      try {
                        self[0].removeAndAwait(Duration.ofSeconds(1));
                      } catch (IllegalStateException | InterruptedException refused) {
                        thrown.add(refused);
                      }
                      self[0].remove();
                    }
                  }
                };
            self[0] = world.informer.addHandler("leaver", leaver);
            calls.put(leaver, last);
          }
          HandlerLog stayer = new HandlerLog();
          world.informer.addHandler("stayer", stayer);
          world.informers.start();
          for (int i = 0; i < 12; i++) {
            world.server.put("m" + i, "1");
            world.steps(6);
          }
          world.environment.run();

          assertThat(thrown).hasSize(4).allMatch(e -> e instanceof IllegalStateException);
          calls.forEach((leaver, last) -> assertThat(leaver.lines).hasSize(last));
          assertThat(stayer.view).isEqualTo(world.server.objects()).hasSize(12);
        });
  }

  @Test
  @DisplayName("T-39 indexes that come and go under writes equal a full recomputation")
  void indexesEqualARecomputation() {
    Seeds.each(
        "index",
        0,
        999,
        seed -> {
          World world = new World(seed);
          world.informers.start();
          boolean[] there = {false};
          for (int i = 0; i < 30; i++) {
            world.change(6);
            world.steps(8);
            if (world.random.nextInt(5) == 0) {
              if (there[0]) {
                assertThat(world.informer.removeIndex("value")).isTrue();
              } else {
                world.informer.addIndex("value", InformerLawsTest::values);
              }
              there[0] = !there[0];
            }
            if (world.random.nextInt(10) == 0) {
              world.gap(3);
            }
          }
          world.rest();
          world.informer.ensureIndex("value", InformerLawsTest::values);

          Lister<ConfigMap> lister = world.informer.lister();
          Map<String, Set<ConfigMap>> wanted = new HashMap<>();
          for (ConfigMap map : world.server.objects().values()) {
            if (!map.getData().get("v").equals("2")) {
              values(map).forEach(v -> wanted.computeIfAbsent(v, w -> new HashSet<>()).add(map));
            }
          }
          assertThat(lister.indexValues("value")).isEqualTo(wanted.keySet());
          wanted.forEach(
              (value, maps) ->
                  assertThat(lister.byIndex("value", value))
                      .containsExactlyInAnyOrderElementsOf(maps));
          assertThat(lister.list()).hasSize(world.server.objects().size());
        });
  }

  /** Throws on some. */
  private static List<String> values(ConfigMap map) {
    String value = map.getData().get("v");
    if (value.equals("2")) {
      throw new IllegalStateException("no values for 2");
    }
    return List.of(value, map.getMetadata().getName());
  }
}
