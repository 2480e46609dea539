package dev.kcm.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.manager.Operator;
import dev.kcm.core.manager.StopReport;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.micrometer.core.instrument.Meter;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The lives of whole operators on real threads and clocks. */
@KubernetesTest(realTime = true)
class OperatorLivesTest {

  private static final int LIVES = 1000;

  @Test
  @DisplayName("T-95 a thousand lives on real threads: no thread, meter or watch is left, no heap")
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  void aThousandLivesOnRealThreadsLeaveNothingBehind(TestCluster cluster) throws Exception {
    cluster.create(Greetings.person("ann"));
    long before = 0;
    for (int life = 0; life < LIVES; life++) {
      Operator operator =
          cluster
              .operator("greetings")
              .controllers(Greetings.controller())
              .leaderElection("default")
              .create(cluster.environment());
      operator.start();
      cluster.eventually(() -> assertThat(operator.notReadyBecause()).isEmpty());
      StopReport report = operator.stop().get(20, TimeUnit.SECONDS);
      assertThat(report.clean()).as("life %d: %s", life, report.text()).isTrue();
      assertThat(cluster.meters().getMeters())
          .extracting(Meter::getId)
          .as("life %d", life)
          .isEmpty();
      if (life == LIVES / 10) {
        before = usedHeap(cluster);
      }
    }

    assertThat(cluster.find(ConfigMap.class, "default", "ann")).isPresent();
    assertThat(cluster.server().openWatches()).isZero();
    assertThat(usedHeap(cluster) - before)
        .as("bytes kept from %d lives", LIVES * 9 / 10)
        .isLessThan(8L * 1024 * 1024);
    cluster.eventually(() -> assertThat(atWork()).as("threads at work").isEmpty());
  }

  /** Names of threads that are not waiting for the next task in the shared pool. */
  private static Set<String> atWork() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("greeting") || name.startsWith("informer"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static long usedHeap(TestCluster cluster) {
    cluster.requests().clear();
    cluster.server().compact();
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }
}
