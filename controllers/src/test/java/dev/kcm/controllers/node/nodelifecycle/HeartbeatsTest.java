package dev.kcm.controllers.node.nodelifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.nodes.TestNode;
import dev.kcm.controllers.shared.nodes.Uptime;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.controllers.shared.pods.PodsOfNode;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HeartbeatsTest {

  private static final ObjectKey N = new ObjectKey("", "n");

  /** Renewals wake nothing, so nobody is needed who could be told. */
  private static final Keys NOBODY = null;

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(1);
  private final ModelCluster cluster = ModelCluster.of(environment, List.of());
  private final ModelCaches caches = ModelCaches.of(cluster, 1);
  private final Heartbeats heartbeats = new Heartbeats(Uptime.of(environment.ticker()));
  private final LeaseMapper leases = new LeaseMapper(heartbeats);
  private ModelLoop<NodeSnapshot> loop;

  @BeforeEach
  void wire() {
    Informer<Node> nodes = caches.informer(Kinds.NODES);
    PodsOfNode.ensure(caches.informer(PodStates.TYPE));
    loop =
        ModelLoop.<NodeSnapshot>over(caches)
            .on(nodes, new NodeMapper(heartbeats))
            .reading(
                new NodeReader(
                    nodes.lister(),
                    caches.informer(PodStates.TYPE).lister(),
                    heartbeats,
                    NodeLifecycleConfig.defaults()))
            .deciding(new NodeReconciler(), NodeMemory.NONE);
  }

  @Test
  void aHeartbeatWakesNothing() {
    put(ready("True", "2026-01-01T00:00:00Z"));
    leases.added(lease("2026-01-01T00:00:00Z"), true, NOBODY);
    loop.takeQueued();
    after(30);
    put(ready("True", "2026-01-01T00:00:30Z"));
    assertThat(silence()).isZero();
    after(10);
    renew("2026-01-01T00:00:00Z", "2026-01-01T00:00:40Z");
    assertThat(silence()).isZero();
    assertThat(loop.takeQueued()).isEmpty();
    assertThat(loop.takeDelayed()).isEmpty();
  }

  @Test
  @DisplayName("The local clock decides: an ancient lease or report counts once as fresh")
  void whatIsSeenFirstCountsAsFresh() {
    put(ready("True", "2020-01-01T00:00:00Z"));
    assertThat(silence()).isZero();
    after(20);
    leases.added(lease("2020-01-01T00:00:00Z"), true, NOBODY);
    assertThat(silence()).isZero();
  }

  @Test
  void onlyALaterRenewalCounts() {
    leases.added(lease("2026-01-01T00:00:10Z"), false, NOBODY);
    after(5);
    renew("2026-01-01T00:00:10Z", "2026-01-01T00:00:10Z");
    renew("2026-01-01T00:00:10Z", "2026-01-01T00:00:01Z");
    assertThat(silence()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  @DisplayName("A report with another heartbeat counts, even one that is older")
  void anyOtherReportCounts() {
    put(ready("True", "2026-01-01T00:00:10Z"));
    after(5);
    put(ready("True", "2026-01-01T00:00:01Z"));
    assertThat(silence()).isZero();
  }

  @Test
  void whatIsWrittenInTheKubeletsPlaceIsNoSignOfLife() {
    Node young = TestNode.named("n").created(environment.wallClock().now()).build();
    put(young);
    assertThat(heartbeats.silence("n")).isEmpty();
    after(60);
    loop.run(N);
    caches.catchUp();
    assertThat(heartbeats.silence("n")).isEmpty();
    put(ready("True", "2026-01-01T00:00:59Z"));
    after(51);
    loop.run(N);
    caches.catchUp();
    assertThat(silence()).isEqualTo(Duration.ofSeconds(51));
  }

  @Test
  @DisplayName("A clock that is set forward an hour makes no node look lost")
  void theTimeOfDayIsNotUsed() {
    put(ready("True", "2026-01-01T00:00:00Z"));
    environment.stepWallClock(Duration.ofHours(1));
    Plan plan = loop.decide(N).orElseThrow();
    assertThat(plan.actions()).noneMatch(Action.Update.class::isInstance);
  }

  @Test
  @DisplayName("Zones: when the first node is back after a total loss, all get a fresh grace")
  void aTotalLossIsForgiven() {
    put(ready("Unknown", "2026-01-01T00:00:00Z"));
    cluster.put(TestNode.named("m").ready("Unknown").build());
    caches.catchUp();
    after(100);
    cluster.put(TestNode.named("m").condition("Ready", "True", "2026-01-01T01:00:00Z").build());
    caches.catchUp();
    assertThat(silence()).isZero();
    after(7);
    cluster.put(TestNode.named("m").condition("Ready", "False", "2026-01-01T01:00:00Z").build());
    cluster.put(TestNode.named("k").ready("True").build());
    caches.catchUp();
    assertThat(silence()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void changesThatMatterWakeTheNode() {
    Node node = ready("True", "2026-01-01T00:00:00Z");
    put(node);
    loop.takeQueued();
    for (Node changed :
        List.of(
            ready("False", "2026-01-01T00:00:00Z"),
            new NodeBuilder(node).editSpec().withUnschedulable(true).endSpec().build(),
            new NodeBuilder(node).editMetadata().addToLabels("a", "b").endMetadata().build(),
            new NodeBuilder(node)
                .editSpec()
                .addNewTaint("NoSchedule", "k", null, null)
                .endSpec()
                .build(),
            TestNode.named("n").uid("other").ready("True").build())) {
      put(changed);
      assertThat(loop.takeQueued()).containsExactly(N);
    }
    cluster.remove(node);
    caches.catchUp();
    assertThat(loop.takeQueued()).containsExactly(N);
    assertThat(heartbeats.silence("n")).isEmpty();
  }

  @Test
  @DisplayName("Zones are looked at once for many changes, and only for those that count")
  void zonesAreLookedAtWhenANodeCountsOtherwise() {
    ModelLoop<ZonesSnapshot> zones =
        ZonesReconcilerTest.wire(caches, NodeLifecycleConfig.defaults());
    put(ready("True", "2026-01-01T00:00:00Z"));
    assertThat(zones.takeDelayed()).containsOnlyKeys(ZonesMapper.ALL);
    put(ready("True", "2026-01-01T00:00:10Z"));
    assertThat(zones.takeDelayed()).isEmpty();
    put(ready("False", "2026-01-01T00:00:10Z"));
    assertThat(zones.takeDelayed()).containsOnlyKeys(ZonesMapper.ALL);
    assertThat(zones.takeQueued()).isEmpty();
  }

  private Duration silence() {
    return heartbeats.silence("n").orElseThrow();
  }

  private void renew(String before, String after) {
    leases.updated(lease(before), lease(after), NOBODY);
  }

  private void after(long seconds) {
    environment.advance(Duration.ofSeconds(seconds));
  }

  private void put(HasMetadata object) {
    cluster.put(object);
    caches.catchUp();
  }

  private static Node ready(String status, String heartbeat) {
    return TestNode.named("n").condition("Ready", status, heartbeat).build();
  }

  private static Lease lease(String renewed) {
    return new LeaseBuilder()
        .withNewMetadata()
        .withNamespace("kube-node-lease")
        .withName("n")
        .endMetadata()
        .withNewSpec()
        .withRenewTime(ZonedDateTime.parse(renewed))
        .endSpec()
        .build();
  }
}
