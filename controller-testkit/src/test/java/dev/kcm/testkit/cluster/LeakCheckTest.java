package dev.kcm.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.core.plan.Plan;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LeakCheckTest {

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @Test
  void namesThreadsAndMetersThatStayed() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    LeakCheck leaks = LeakCheck.begin();
    Thread thread = new Thread(() -> awaitQuietly(end), "left-behind");
    thread.start();
    meters.counter("left_total");

    assertThatThrownBy(() -> leaks.check(Duration.ofMillis(20), meters))
        .isInstanceOf(AssertionError.class)
        .hasMessage("threads still run: left-behind; meters were not removed: left_total");

    end.countDown();
    thread.join();
    meters.clear();
    assertThatCode(() -> leaks.check(Duration.ofSeconds(5), meters)).doesNotThrowAnyException();
  }

  @Test
  void aTimerThatStaysFailsTheTest() {
    TestCluster cluster = TestCluster.builder().start();
    LeakCheck leaks = LeakCheck.begin();
    cluster
        .environment()
        .timers()
        .schedule(Duration.ofDays(1), cluster.environment().executor("x"), () -> {});

    assertThatThrownBy(() -> cluster.closeAndCheck(leaks))
        .isInstanceOf(AssertionError.class)
        .hasMessage("timers or tasks are still waiting");
  }

  @Test
  void aMeterThatStaysFailsTheTest() {
    TestCluster cluster = TestCluster.builder().start();
    LeakCheck leaks = LeakCheck.begin();
    cluster.meters().counter("mine");

    assertThatThrownBy(() -> cluster.closeAndCheck(leaks))
        .isInstanceOf(AssertionError.class)
        .hasMessage("meters were not removed: mine");
  }

  @Test
  void clientsAreClosedWithTheCluster() {
    TestCluster cluster = TestCluster.builder().start();
    ApiClient client = cluster.client("c");
    cluster.close();

    assertThatThrownBy(() -> cluster.await(client.read("/healthz"))).hasMessageContaining("closed");
  }

  @Test
  @DisplayName("T-41 a handler that changes a cached object fails the test, which is told where")
  void aChangeOfACachedObjectFailsTheTest() {
    TestCluster cluster = TestCluster.builder().start();
    LeakCheck leaks = LeakCheck.begin();
    cluster.start(
        ControllerSpec.named("vandal")
            .wiredBy(
                context -> {
                  var people = context.informer(Greetings.PEOPLE);
                  return List.of(
                      Loop.<ServiceAccount>named("vandal")
                          .on(people, Enqueue.self())
                          .reading((key, settled) -> people.lister().get(key))
                          .deciding((person, now) -> vandalise(person))
                          .build());
                }));
    cluster.create(Greetings.person("ann"));
    cluster.run();

    assertThatThrownBy(() -> cluster.closeAndCheck(leaks))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("serviceaccounts default/ann was changed in the cache at ")
        .hasMessageContaining("automountServiceAccountToken");
    cluster.close();
  }

  private static Plan vandalise(ServiceAccount person) {
    person.setAutomountServiceAccountToken(true);
    return Plan.NOTHING;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
