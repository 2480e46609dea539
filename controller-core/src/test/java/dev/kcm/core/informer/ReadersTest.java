package dev.kcm.core.informer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The store under real threads. */
class ReadersTest {

  private static final int OBJECTS = 5_000;
  private static final int READERS = 8;
  private static final int WRITES = 5_000;

  private static Map<ObjectKey, ConfigMap> generation(int version) {
    Map<ObjectKey, ConfigMap> objects = new HashMap<>();
    for (int i = 0; i < OBJECTS; i++) {
      objects.put(FakeServer.key("m" + i), map(i, version));
    }
    return objects;
  }

  private static ConfigMap map(int i, int version) {
    return FakeServer.map("m" + i, "u" + i, version, "" + i % 100);
  }

  private static IndexedStore<ConfigMap> store() {
    IndexedStore<ConfigMap> store = new IndexedStore<>(name -> {}, null);
    store.addIndex("value", map -> List.of(map.getData().get("v")));
    store.replace(generation(1));
    return store;
  }

  @Test
  @DisplayName("T-45 at 5 000 objects and 8 readers: readers never block the writer, nor it them")
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
                          : 100 * store.byIndex("value", "" + reader).size();
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
    for (int i = 0; i < WRITES; i++) {
      store.put(FakeServer.key("m" + i % OBJECTS), map(i % OBJECTS, 2 + i));
    }
    store.replace(generation(WRITES + 2));
    long blockedWriter = timesBlocked() - blockedBefore;
    over.set(true);
    for (Thread thread : threads) {
      thread.join(30_000);
    }

    assertThat(failures).isEmpty();
    assertThat(blockedWriter).as("times the writer waited for a lock").isZero();
    assertThat(blocked).as("readers that ended").hasSize(READERS);
    assertThat(lists.get()).isGreaterThanOrEqualTo(READERS);
  }

  private static long timesBlocked() {
    ThreadInfo self =
        ManagementFactory.getThreadMXBean().getThreadInfo(Thread.currentThread().getId());
    return self.getBlockedCount();
  }

  @Test
  @DisplayName("T-45 at 5 000 objects: after relists the heap is what it was")
  void heapReturnsToBaseAfterRelists() {
    IndexedStore<ConfigMap> store = store();
    long base = used();
    for (int version = 2; version < 6; version++) {
      store.replace(generation(version));
    }
    long after = used();

    assertThat(store.size()).isEqualTo(OBJECTS);
    assertThat(after - base).as("bytes beyond %d", base).isLessThan(OBJECTS * 100L);
  }

  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
