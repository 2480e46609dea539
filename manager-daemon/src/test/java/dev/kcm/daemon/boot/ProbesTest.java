package dev.kcm.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.node.devicetainteviction.DeviceTaintEvictionController;
import dev.kcm.controllers.node.ttl.TtlController;
import dev.kcm.core.api.Fence;
import dev.kcm.core.informer.Informers;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.core.manager.Manager;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.testkit.cluster.KubernetesTest;
import dev.kcm.testkit.cluster.TestCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** When {@code /livez} and {@code /readyz} are well, and why not. */
@KubernetesTest
class ProbesTest {

  /** The second one is behind a feature gate that is off. */
  private static final List<ControllerSpec> SELECTED =
      List.of(TtlController.spec(), DeviceTaintEvictionController.spec());

  private final Probes probes = new Probes(Instant.EPOCH);
  private Optional<String> closedBecause = Optional.of("another process leads");
  private Optional<String> unwell = Optional.empty();
  private boolean reachedOtherwise;

  /** Watches a manager that has not been started. */
  private Manager watched(TestCluster cluster) {
    Fence fence = () -> closedBecause;
    Informers informers =
        Informers.builder(cluster.client("informers")).environment(cluster.environment()).build();
    Manager manager =
        cluster
            .manager(SELECTED.toArray(ControllerSpec[]::new))
            .informers(informers)
            .fence(fence)
            .gates(gate -> false)
            .create(cluster.environment());
    probes.watchControllers(manager, fence, informers, () -> reachedOtherwise);
    return manager;
  }

  private static void stop(TestCluster cluster, Manager manager) {
    CompletableFuture<?> stop = manager.stop(Duration.ZERO);
    cluster.advance(Duration.ofSeconds(10));
    assertThat(stop).isCompleted();
  }

  @Test
  void lifeIsAboutTheProcessAndItsLease(TestCluster cluster) {
    assertThat(probes.unwellBecause()).isEmpty();
    probes.watchElection(() -> unwell);
    Manager manager = watched(cluster);
    assertThat(probes.unwellBecause()).isEmpty();

    unwell = Optional.of("the lease was renewed 40 s ago");
    assertThat(probes.unwellBecause()).hasValue("leaderElection: the lease was renewed 40 s ago");
    stop(cluster, manager);
  }

  @Test
  void warmStandbyIsReadyOnceItHasReadAnything(TestCluster cluster) {
    Manager manager = watched(cluster);
    assertThat(probes.notReadyBecause())
        .hasValue("apiserver: nothing has been read from the API server yet");

    manager.standBy();
    cluster.advance(Duration.ofSeconds(5));
    assertThat(probes.notReadyBecause()).isEmpty();
    stop(cluster, manager);
  }

  @Test
  void coldStandbyIsReadyOnceItKnowsTheLease(TestCluster cluster) {
    Manager manager = watched(cluster);
    assertThat(probes.notReadyBecause()).isPresent();
    reachedOtherwise = true;
    assertThat(probes.notReadyBecause()).isEmpty();
    stop(cluster, manager);
  }

  @Test
  void standbyWithoutAWholeCacheIsReady(TestCluster cluster) {
    cluster.faults().on(Verb.LIST, "nodes").everyCall().status(403, "Forbidden");
    cluster.faults().on(Verb.WATCH, "nodes").everyCall().status(403, "Forbidden");
    Manager manager = watched(cluster);
    manager.standBy();
    cluster.advance(Duration.ofMinutes(1));
    assertThat(probes.notReadyBecause())
        .hasValue("apiserver: nothing has been read from the API server yet");
    reachedOtherwise = true;
    assertThat(probes.notReadyBecause()).isEmpty();

    closedBecause = Optional.empty();
    manager.start();
    cluster.advance(Duration.ofMinutes(1));
    assertThat(probes.notReadyBecause())
        .hasValueSatisfying(why -> assertThat(why).contains("nodes"));

    cluster.faults().clear();
    cluster.advance(Duration.ofMinutes(5));
    assertThat(probes.notReadyBecause()).isEmpty();
    stop(cluster, manager);
  }

  @Test
  void leaderIsReadyOnceItsControllersWork(TestCluster cluster) {
    reachedOtherwise = true;
    closedBecause = Optional.empty();
    Manager manager = watched(cluster);
    assertThat(probes.notReadyBecause())
        .hasValueSatisfying(why -> assertThat(why).startsWith("controllers: "));

    manager.start();
    cluster.advance(Duration.ofSeconds(5));
    assertThat(probes.notReadyBecause()).isEmpty();

    stop(cluster, manager);
    assertThat(probes.notReadyBecause())
        .hasValueSatisfying(why -> assertThat(why).startsWith("controllers: "));
  }
}
