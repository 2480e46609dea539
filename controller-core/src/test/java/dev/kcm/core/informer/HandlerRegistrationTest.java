package dev.kcm.core.informer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.core.informer.HandlerOptions.Overflow;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.Seeds;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HandlerRegistrationTest {

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final HandlerLog log = new HandlerLog();

  private int stalls;

  private HandlerRegistration<ConfigMap> registration(
      Environment environment, EventHandler<ConfigMap> handler, int softLimit) {
    return registration(environment, handler, HandlerOptions.DEFAULTS.withSoftLimit(softLimit));
  }

  private HandlerRegistration<ConfigMap> registration(
      Environment environment, EventHandler<ConfigMap> handler, HandlerOptions options) {
    InformerMeters informer = new InformerMeters(meters, "", FakeServer.MAPS);
    return new HandlerRegistration<>(
        "test",
        handler,
        options,
        environment.executor("test"),
        environment.ticker(),
        informer.handler("test"),
        null,
        new HandlerRegistration.Owner() {
          @Override
          public void full() {
            stalls++;
          }

          @Override
          public void hasRoom() {
            stalls--;
          }

          @Override
          public void removed() {}
        });
  }

  private double pending() {
    return meters.get("informer_handler_pending").gauge().value();
  }

  private static ConfigMap map(String name, int version) {
    return FakeServer.map(name, "u", version, "" + version);
  }

  private static Note<ConfigMap> add(String name, int version) {
    return new Note.Add<>(FakeServer.key(name), map(name, version), false);
  }

  private static Note<ConfigMap> update(String name, int from, int to) {
    return new Note.Update<>(FakeServer.key(name), map(name, from), map(name, to));
  }

  private static Note<ConfigMap> delete(String name, int version) {
    return new Note.Delete<>(FakeServer.key(name), map(name, version), false);
  }

  private static Note<ConfigMap> resync(String name, int version) {
    return new Note.Resync<>(FakeServer.key(name), map(name, version));
  }

  @Test
  @DisplayName("INF-34 above the soft limit the notes of one object are merged in the oldest place")
  void mergesAboveTheSoftLimit() {
    VirtualEnvironment environment = VirtualEnvironment.seeded(1);
    HandlerRegistration<ConfigMap> registration = registration(environment, log, 2);
    registration.post(update("a", 1, 2));
    registration.post(add("b", 1));
    for (Note<ConfigMap> note :
        List.of(
            update("a", 2, 3),
            update("b", 1, 2),
            resync("a", 3),
            update("c", 1, 2),
            resync("c", 2),
            delete("c", 2),
            add("c", 3),
            update("a", 3, 4),
            delete("b", 3),
            add("b", 4),
            update("b", 4, 5))) {
      registration.post(note);
    }
    environment.run();

    assertThat(log.lines)
        .containsExactly(
            "update a=1 a=4", "add b=2", "delete c=2", "add c=3", "delete b=3", "add b=5");
  }

  /** What no handler is expected to throw. */
  private static final class Fatal extends Error {
    private static final long serialVersionUID = 1L;
  }

  @Test
  @DisplayName("INF-35 an Error leaves to the thread's own handler; the next notification comes")
  void passesErrorsOnAndGoesOn() {
    VirtualEnvironment environment = VirtualEnvironment.seeded(1);
    HandlerLog failing =
        new HandlerLog() {
          @Override
          public void onAdd(ConfigMap object, boolean initial) {
            super.onAdd(object, initial);
            switch (lines.size()) {
              case 1 -> throw new Fatal();
              case 2 -> throw new LinkageError("second");
              case 3 -> throw new AssertionError("third");
              default -> {}
            }
          }
        };
    HandlerRegistration<ConfigMap> registration = registration(environment, failing, 10);
    for (int i = 0; i < 4; i++) {
      registration.post(add("m" + i, 1));
    }
    registration.initialDone();

    assertThatThrownBy(environment::run).isInstanceOf(Fatal.class);
    environment.run();
    assertThat(failing.lines).containsExactly("add m0=1", "add m1=1", "add m2=1", "add m3=1");
    assertThat(meters.get("informer_handler_failures_total").counter().count()).isEqualTo(3);
    assertThat(pending()).isZero();
  }

  @Test
  @DisplayName("T-34 a handler is told of a deletion without last state, and goes on")
  void tellsADeletionWithoutLastState() {
    VirtualEnvironment environment = VirtualEnvironment.seeded(1);
    HandlerRegistration<ConfigMap> registration = registration(environment, log, 10);
    registration.post(new Note.Delete<>(FakeServer.key("gone"), null, true));
    registration.post(add("a", 1));
    environment.run();

    assertThat(log.lines).containsExactly("delete gone unknown", "add a=1");
  }

  @Test
  @DisplayName("INF-34 below the soft limit nothing is merged")
  void tellsEverythingBelowTheSoftLimit() {
    VirtualEnvironment environment = VirtualEnvironment.seeded(1);
    HandlerRegistration<ConfigMap> registration = registration(environment, log, 10);
    registration.post(add("a", 1));
    registration.post(update("a", 1, 2));
    registration.post(update("a", 2, 3));
    registration.post(delete("a", 4));
    environment.run();

    assertThat(log.lines)
        .containsExactly("add a=1", "update a=1 a=2", "update a=2 a=3", "delete a=4");
  }

  @Test
  @DisplayName("INF-34 merging loses no add and no delete, and the final state arrives")
  void losesNoAddAndNoDelete() {
    for (int seed = 0; seed < 1000; seed++) {
      Random random = new Random(seed);
      VirtualEnvironment environment = VirtualEnvironment.seeded(seed);
      HandlerLog told = new HandlerLog();
      HandlerRegistration<ConfigMap> registration =
          registration(environment, told, 1 + random.nextInt(5));
      Map<String, Integer> truth = new HashMap<>();
      int adds = 0;
      int deletes = 0;
      for (int version = 1; version < 100; version++) {
        String name = "m" + random.nextInt(5);
        Integer known = truth.get(name);
        if (known == null) {
          registration.post(add(name, version));
          truth.put(name, version);
          adds++;
        } else if (random.nextInt(4) == 0) {
          registration.post(delete(name, version));
          truth.remove(name);
          deletes++;
        } else if (random.nextInt(4) == 0) {
          registration.post(resync(name, known));
        } else {
          registration.post(update(name, known, version));
          truth.put(name, version);
        }
        if (random.nextInt(20) == 0) {
          environment.step();
        }
      }
      environment.run();

      Map<String, Integer> view = new HashMap<>();
      told.view.forEach(
          (key, map) -> view.put(key.name(), Integer.valueOf(map.getData().get("v"))));
      assertThat(told.broken).as("seed %d", seed).isEmpty();
      assertThat(view).as("seed %d", seed).isEqualTo(truth);
      assertThat(told.lines.stream().filter(line -> line.startsWith("add")).count())
          .as("seed %d", seed)
          .isEqualTo(adds);
      assertThat(told.lines.stream().filter(line -> line.startsWith("delete")).count())
          .as("seed %d", seed)
          .isEqualTo(deletes);
      assertThat(pending()).isZero();
    }
  }

  @Test
  @DisplayName("INF-34 at the hard limit COLLAPSE lets objects vanish that came and went")
  void collapsesAtTheHardLimit() {
    VirtualEnvironment environment = VirtualEnvironment.seeded(1);
    HandlerRegistration<ConfigMap> registration =
        registration(
            environment,
            log,
            HandlerOptions.DEFAULTS.lossless().withHardLimit(4, Overflow.COLLAPSE));
    for (Note<ConfigMap> note :
        List.of(
            delete("a", 1),
            add("a", 2),
            add("b", 1),
            update("c", 1, 2),
            delete("a", 3), // takes the add of a away, and leaves the first delete
            add("a", 4),
            delete("a", 5), // the same again
            add("d", 1),
            delete("b", 2),
            update("c", 2, 3),
            delete("c", 4))) {
      registration.post(note);
    }
    assertThat(pending()).isEqualTo(5);
    environment.run();

    assertThat(log.lines)
        .containsExactly("delete a=1", "update c=1 c=2", "add d=1", "update c=2 c=3", "delete c=4");
    assertThat(meters.get("informer_handler_collapsed_total").counter().count()).isEqualTo(3);
    assertThat(pending()).isZero();
  }

  @Test
  @DisplayName("INF-34 COLLAPSE: adds and deletes vanish in pairs only, the final state arrives")
  void collapsesInPairsOnly() {
    Seeds.each(
        "collapse",
        0,
        999,
        seed -> {
          Random random = new Random(seed);
          VirtualEnvironment environment = VirtualEnvironment.seeded(seed);
          HandlerLog told = new HandlerLog();
          int soft = random.nextBoolean() ? Integer.MAX_VALUE : 1 + random.nextInt(4);
          int hard = soft == Integer.MAX_VALUE ? 1 + random.nextInt(6) : soft + random.nextInt(4);
          HandlerRegistration<ConfigMap> registration =
              registration(
                  environment,
                  told,
                  HandlerOptions.DEFAULTS
                      .withHardLimit(Integer.MAX_VALUE, Overflow.COLLAPSE)
                      .withSoftLimit(soft)
                      .withHardLimit(hard, Overflow.COLLAPSE));
          Map<String, Integer> truth = new HashMap<>();
          registration.initialDone();
          for (int version = 1; version < 60; version++) {
            String name = "m" + random.nextInt(3);
            Integer known = truth.get(name);
            if (known == null) {
              registration.post(add(name, version));
              truth.put(name, version);
            } else if (random.nextInt(3) == 0) {
              registration.post(delete(name, version));
              truth.remove(name);
            } else {
              registration.post(update(name, known, version));
              truth.put(name, version);
            }
            if (random.nextInt(10) == 0) {
              environment.step();
            }
          }
          environment.run();

          Map<String, Integer> view = new HashMap<>();
          told.view.forEach(
              (key, map) -> view.put(key.name(), Integer.valueOf(map.getData().get("v"))));
          assertThat(told.broken).isEmpty();
          assertThat(view).isEqualTo(truth);
          assertThat(registration.hasSynced()).isTrue();
          assertThat(pending()).isZero();
        });
  }

  @Test
  @DisplayName("INF-34 a line that stalls says so once, and again when it is half as long")
  void saysWhenItIsFullAndWhenItHasRoom() {
    VirtualEnvironment environment = VirtualEnvironment.seeded(1);
    HandlerRegistration<ConfigMap> registration =
        registration(
            environment,
            new HandlerLog() {
              @Override
              public void onAdd(ConfigMap object, boolean initial) {
                super.onAdd(object, initial);
                if (lines.size() < 3) {
                  assertThat(stalls).isEqualTo(1);
                }
              }
            },
            HandlerOptions.DEFAULTS.lossless().withHardLimit(4, Overflow.STALL));
    for (int i = 0; i < 3; i++) {
      registration.post(add("m" + i, 1));
    }
    assertThat(stalls).isZero();
    registration.post(add("m3", 1));
    registration.post(add("m4", 1));
    assertThat(stalls).isEqualTo(1);
    environment.run();
    assertThat(stalls).isZero();
    registration.post(add("m5", 1));
    assertThat(stalls).isZero();
  }

  @Test
  void refusesAHardLimitBelowTheSoftOne() {
    assertThatThrownBy(() -> HandlerOptions.DEFAULTS.withHardLimit(9_999, Overflow.STALL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("hardLimit is 9999, allowed: the softLimit 10000 or more");
    assertThatThrownBy(() -> HandlerOptions.DEFAULTS.lossless().withHardLimit(0, Overflow.STALL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("hardLimit is 0");
  }

  @Test
  @DisplayName("T-31 a handler that stands still: its line stays short over a million updates")
  void keepsTheLineOfAStuckHandlerShort() throws Exception {
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch told = new CountDownLatch(1000);
    Map<ObjectKey, String> last = new HashMap<>();
    EventHandler<ConfigMap> slow =
        new EventHandler<>() {
          @Override
          public void onAdd(ConfigMap object, boolean initial) {
            stuck.countDown();
            try {
              go.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }

          @Override
          public void onUpdate(ConfigMap old, ConfigMap current) {
            last.put(ObjectKey.of(current), current.getData().get("v"));
            if (current.getData().get("v").equals("999")) {
              told.countDown();
            }
          }

          @Override
          public void onDelete(ObjectKey key, ConfigMap object, boolean finalStateUnknown) {}
        };
    HandlerRegistration<ConfigMap> registration =
        registration(Environment.system(), slow, HandlerOptions.DEFAULT_SOFT_LIMIT);
    registration.post(add("first", 1));
    assertThat(stuck.await(20, TimeUnit.SECONDS)).isTrue();
    ConfigMap[][] maps = new ConfigMap[1000][2];
    for (int round = 0; round < 1000; round++) {
      for (int name = 0; name < 1000; name++) {
        ConfigMap current =
            round == 999
                ? map("m" + name, 999)
                : maps[name][round % 2] == null ? map("m" + name, round) : maps[name][round % 2];
        maps[name][round % 2] = current;
        ConfigMap old = maps[name][(round + 1) % 2];
        registration.post(
            new Note.Update<>(ObjectKey.of(current), old == null ? current : old, current));
      }
    }

    assertThat(pending()).isLessThanOrEqualTo(HandlerOptions.DEFAULT_SOFT_LIMIT + 2 * 1000);
    go.countDown();
    assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(registration.removeAndAwait(Duration.ofSeconds(20))).isTrue();
    assertThat(last).hasSize(1000).containsValue("999");
    assertThat(new HashSet<>(last.values())).containsExactly("999");
  }

  @Test
  @DisplayName("T-18 no call after removeAndAwait has returned; a call that runs on is reported")
  void waitsForTheRunningCall() throws Exception {
    CountDownLatch inCall = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    HandlerLog told = new HandlerLog();
    EventHandler<ConfigMap> slow =
        new EventHandler<>() {
          @Override
          public void onAdd(ConfigMap object, boolean initial) {
            inCall.countDown();
            try {
              go.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            told.onAdd(object, initial);
          }

          @Override
          public void onUpdate(ConfigMap old, ConfigMap current) {}

          @Override
          public void onDelete(ObjectKey key, ConfigMap last, boolean finalStateUnknown) {}
        };
    HandlerRegistration<ConfigMap> registration = registration(Environment.system(), slow, 10);
    registration.post(add("a", 1));
    registration.post(add("b", 1));
    assertThat(inCall.await(20, TimeUnit.SECONDS)).isTrue();

    assertThat(registration.removeAndAwait(Duration.ofMillis(20))).isFalse();
    go.countDown();
    assertThat(registration.removeAndAwait(Duration.ofSeconds(20))).isTrue();

    assertThat(told.lines).containsExactly("add a=1");
    assertThat(registration.hasSynced()).isFalse();
  }
}
