package dev.kcm.core.informer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The store under real threads. */
class ReadersTest {

  private static final int OBJECTS = 500_000;
  private static final int VALUES = 1_000;
  private static final int READERS = 50;
  private static final int WRITES = 5_000;

  /** One object for all keys of a value: what is measured is the store, not what it stores. */
  private static final List<ConfigMap> OBJECT_BY_VALUE =
      IntStream.range(0, VALUES).mapToObj(v -> FakeServer.map("m", "u", 1, "" + v)).toList();

  private static Map<ObjectKey, ConfigMap> generation() {
    Map<ObjectKey, ConfigMap> objects = new HashMap<>();
    for (int i = 0; i < OBJECTS; i++) {
      objects.put(FakeServer.key("m" + i), map(i));
    }
    return objects;
  }

  private static ConfigMap map(int i) {
    return OBJECT_BY_VALUE.get(i % VALUES);
  }

  private static IndexedStore<ConfigMap> store() {
    IndexedStore<ConfigMap> store = new IndexedStore<>(name -> {}, null);
    store.addIndex("value", map -> List.of(map.getData().get("v")));
    store.replace(generation());
    return store;
  }

  @Test
  @DisplayName(
      "T-45 500 000 objects, 50 readers: none waits for another, p99 of changes below 50 ms")
  void readersNeverBlockTheWriter() throws Exception {
    IndexedStore<ConfigMap> store = store();
    AtomicBoolean over = new AtomicBoolean();
    AtomicLong lists = new AtomicLong();
    CountDownLatch reading = new CountDownLatch(READERS);
    List<Throwable> failures = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    List<Long> blocked = new ArrayList<>();
    for (int r = 0; r < READERS; r++) {
      int reader = r;
      threads.add(
          new Thread(
              () -> {
                while (!over.get()) {
                  int size =
                      reader % 2 == 0
                          ? store.list().size()
                          : VALUES * store.byIndex("value", "" + reader).size();
                  if (size != OBJECTS) {
                    synchronized (failures) {
                      failures.add(new AssertionError("read " + size + " objects"));
                    }
                  }
                  lists.incrementAndGet();
                  reading.countDown();
                }
                synchronized (blocked) {
                  blocked.add(timesBlocked());
                }
              },
              "reader-" + r));
    }
    threads.forEach(Thread::start);
    assertThat(reading.await(30, TimeUnit.SECONDS)).isTrue();
    long blockedBefore = timesBlocked();
    long[] tookNanos = new long[WRITES];
    for (int i = 0; i < WRITES; i++) {
      ObjectKey key = FakeServer.key("m" + i);
      long begin = System.nanoTime();
      store.put(key, map(i));
      tookNanos[i] = System.nanoTime() - begin;
    }
    long blockedWriter = timesBlocked() - blockedBefore;
    Arrays.sort(tookNanos);
    over.set(true);
    for (Thread thread : threads) {
      thread.join(30_000);
    }

    assertThat(failures).isEmpty();
    assertThat(blockedWriter).as("times the writer waited for a lock").isZero();
    assertThat(blocked).as("readers that ended").hasSize(READERS);
    assertThat(lists.get()).isGreaterThanOrEqualTo(READERS);
    assertThat(Duration.ofNanos(tookNanos[WRITES * 99 / 100]))
        .as("p99 of the time until a change is in the store")
        .isLessThan(Duration.ofMillis(50));
  }

  private static long timesBlocked() {
    ThreadInfo self =
        ManagementFactory.getThreadMXBean().getThreadInfo(Thread.currentThread().getId());
    return self.getBlockedCount();
  }

  @Test
  @DisplayName("T-45 500 000 objects: after relists the heap is what it was")
  void heapReturnsToBaseAfterRelists() {
    IndexedStore<ConfigMap> store = store();
    long base = used();
    for (int relist = 0; relist < 2; relist++) {
      store.replace(generation());
    }
    long after = used();

    assertThat(store.size()).isEqualTo(OBJECTS);
    assertThat(after - base).as("bytes beyond %d", base).isLessThan(OBJECTS * 10L);
  }

  private static long used() {
    for (int i = 0; i < 2; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
