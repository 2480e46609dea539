package dev.kcm.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.manager.ControllerContext;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.core.manager.Manager;
import dev.kcm.core.manager.Operator;
import dev.kcm.core.manager.StopReport;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.serve.HealthServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole operators on real threads, over HTTPS. What they leave behind fails the test. */
@KubernetesTest(https = true)
class OperatorThreadsTest {

  @Test
  @DisplayName("T-95 lives of a whole operator on real threads leave no thread and no meter")
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  void livesLeaveNoThreadBehind(TestCluster cluster) throws Exception {
    cluster.create(Greetings.person("ann"));
    HttpClient http = HttpClient.newHttpClient();
    for (int life = 0; life < 10; life++) {
      Operator operator =
          Operator.named("greetings")
              .controllers(Greetings.controller())
              .config(cluster.config())
              .meters(cluster.meters(), () -> "up 1\n")
              .leaderElection("default")
              .serving(
                  HealthServer.builder()
                      .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
              .create();
      operator.start();
      cluster.eventually(() -> assertThat(operator.isLeader()).isTrue());
      cluster.eventually(() -> assertThat(operator.notReadyBecause()).isEmpty());
      assertThat(get(http, operator.port(), "/readyz").body()).isEqualTo("ok");
      assertThat(get(http, operator.port(), "/metrics").body()).isEqualTo("up 1\n");
      StopReport report = operator.stop().get(20, TimeUnit.SECONDS);
      assertThat(report.clean()).as("life %d: %s", life, report.text()).isTrue();
    }

    assertThat(cluster.find(ConfigMap.class, "default", "ann")).isPresent();
  }

  @Test
  @DisplayName("T-92 a decision that never returns is named, and its thread is a daemon")
  void aDecisionThatIgnoresEverythingIsNamed(TestCluster cluster) throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    AtomicReference<Thread> stuckOn = new AtomicReference<>();
    Manager manager =
        cluster
            .manager(
                ControllerSpec.named("stuck")
                    .wiredBy(context -> List.of(stuck(context, stuckOn, release))))
            .create(cluster.environment());
    manager.start();
    cluster.create(Greetings.person("ann"));
    cluster.eventually(() -> assertThat(stuckOn.get()).isNotNull());
    boolean daemon = stuckOn.get().isDaemon();
    StopReport report = manager.stop(Duration.ofMillis(300)).get(20, TimeUnit.SECONDS);
    release.countDown();

    assertThat(report.step("controllers").orElseThrow().detail())
        .isEqualTo("still being worked on: stuck default/ann");
    assertThat(report.step("clients").orElseThrow().complete()).isTrue();
    assertThat(daemon).isTrue();
  }

  private static Loop<ServiceAccount> stuck(
      ControllerContext context, AtomicReference<Thread> stuckOn, CountDownLatch release) {
    Informer<ServiceAccount> people = context.informer(Greetings.PEOPLE);
    return Loop.<ServiceAccount>named("stuck")
        .on(people, Enqueue.self())
        .reading((key, settled) -> people.lister().get(key))
        .deciding(
            (person, now) -> {
              stuckOn.set(Thread.currentThread());
              ignoreInterrupts(release);
              return Plan.NOTHING;
            })
        .build();
  }

  private static void ignoreInterrupts(CountDownLatch release) {
    boolean interrupted = true;
    while (interrupted) {
      try {
        release.await();
        interrupted = false;
      } catch (InterruptedException ignored) {
        // That is what it is about.
      }
    }
  }

  private static HttpResponse<String> get(HttpClient http, int port, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }
}
