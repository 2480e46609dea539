package dev.kcm.controllers.node.nodelifecycle;

import static dev.kcm.testkit.PlanAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.nodes.TestNode;
import dev.kcm.controllers.shared.nodes.Uptime;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Verdict;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.FaultyServer;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.Rehearsal;
import dev.kcm.testkit.Responder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Taint;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZonesReconcilerTest {

  private static final String UNREACHABLE = "node.kubernetes.io/unreachable";
  private static final String NOT_READY = "node.kubernetes.io/not-ready";

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(1);
  private final ModelCluster cluster = ModelCluster.of(environment, List.of());
  private final ModelCaches caches = ModelCaches.of(cluster, 1);
  private ModelLoop<ZonesSnapshot> loop = wire(caches, NodeLifecycleConfig.defaults());

  @ParameterizedTest
  @CsvSource({
    "1, 0, NORMAL",
    "0, 1, FULL",
    "0, 3, FULL",
    "1, 3, PARTIAL",
    "2, 3, PARTIAL",
    "1, 2, NORMAL",
    "9, 11, PARTIAL",
    "10, 11, NORMAL",
    "0, 0, NORMAL",
  })
  @DisplayName("Zones: 3 of 4 and 3 of 5 bad Partial, 2 of 3 Normal, none left Full")
  void theStateOfAZoneFollowsFromItsNodes(int ready, int notReady, Zone.State state) {
    assertThat(new Zone(ready, notReady, List.of()).state(0.55)).isEqualTo(state);
  }

  @Test
  @DisplayName("Zones: fresh nodes without conditions count as not ready")
  void nodesWithoutReadinessCountAsNotReady() {
    assertThat(Zones.valuesOf(TestNode.named("n").build())).containsExactly("notReady:");
  }

  @Test
  @DisplayName("Zones: a node with the exclude label does not count, but waits all the same")
  void excludedNodesDoNotCount() {
    Node node =
        TestNode.named("n")
            .ready("Unknown")
            .label("node.kubernetes.io/exclude-disruption", "")
            .build();
    assertThat(Zones.valuesOf(node)).containsExactly("waiting:");
  }

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "topology.kubernetes.io/region=r;topology.kubernetes.io/zone=z, r:_:z",
    "failure-domain.beta.kubernetes.io/region=old;topology.kubernetes.io/region=r, old:_:",
    "failure-domain.beta.kubernetes.io/zone=;topology.kubernetes.io/zone=z, ''",
    "topology.kubernetes.io/zone=z, :_:z",
  })
  void theOldLabelsOfAZoneCountFirst(String labels, String zone) {
    TestNode node = TestNode.named("n");
    for (String pair : labels.split(";", -1)) {
      if (!pair.isEmpty()) {
        node.label(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
      }
    }
    assertThat(Zones.of(node.build())).isEqualTo(zone.replace('_', '\0'));
  }

  @ParameterizedTest
  @CsvSource({
    "3, 1, 0.1",
    "2, 40, 0",
    "20, 40, 0.01",
    "0, 60, 0.1",
    "49, 1, 0.1",
  })
  @DisplayName("Rates: Normal and Full primary, Partial secondary in a large zone, else none")
  void theRateFollowsFromTheState(int ready, int notReady, double rate) {
    assertThat(
            ZonesReconciler.rate(
                new Zone(ready, notReady, List.of()), NodeLifecycleConfig.defaults()))
        .isEqualTo(rate);
  }

  @ParameterizedTest
  @CsvSource({"Unknown, unreachable", "False, not-ready"})
  @DisplayName("NoExecute: stale node gets unreachable, NotReady node gets not-ready")
  void taintsTheFirstAtOnce(String ready, String key) {
    well("a");
    cluster.put(TestNode.named("b").ready(ready).taint("user", "NoSchedule").build());
    Rehearsal run = run();
    assertThat(run).patches(1, Node.class).ends(Verdict.DONE);
    assertThat(noExecute("b")).containsExactly("node.kubernetes.io/" + key);
    assertThat(node("b").getSpec().getTaints()).hasSize(2);
  }

  @Test
  @DisplayName("Queue: one every ten seconds, who has waited longest first")
  void oneAtATime() {
    wells(4);
    lost("x", "2026-01-01T00:00:09Z");
    lost("y", "2026-01-01T00:00:01Z");
    lost("z", "2026-01-01T00:00:05Z");
    assertThat(run()).patches(1, Node.class).looksAgainAfter(Duration.ofSeconds(10));
    assertThat(noExecute("y")).containsExactly(UNREACHABLE);
    assertThat(run()).patches(0, Node.class).looksAgainAfter(Duration.ofSeconds(10));
    environment.advance(Duration.ofSeconds(10));
    run();
    assertThat(noExecute("z")).containsExactly(UNREACHABLE);
    environment.advance(Duration.ofSeconds(10));
    assertThat(run()).ends(Verdict.DONE);
    assertThat(noExecute("x")).containsExactly(UNREACHABLE);
  }

  @Test
  @DisplayName("Each zone has its own limiter")
  void zonesDoNotWaitForEachOther() {
    for (String zone : List.of("one", "two")) {
      cluster.put(
          TestNode.named("w-" + zone)
              .label("topology.kubernetes.io/zone", zone)
              .ready("True")
              .build());
      cluster.put(
          TestNode.named("l-" + zone)
              .label("topology.kubernetes.io/zone", zone)
              .ready("Unknown")
              .build());
    }
    assertThat(run()).patches(2, Node.class).ends(Verdict.DONE);
  }

  @Test
  @DisplayName("NoExecute: recovered before its turn: not tainted")
  void whoRecoversInTimeIsNotTainted() {
    wells(4);
    lost("a", "2026-01-01T00:00:01Z");
    lost("b", "2026-01-01T00:00:02Z");
    run();
    well("b");
    environment.advance(Duration.ofSeconds(10));
    assertThat(run()).patches(0, Node.class).ends(Verdict.DONE);
    assertThat(noExecute("b")).isEmpty();
  }

  @Test
  @DisplayName("A taint that was taken away is put back when it is its turn")
  void putsALostTaintBack() {
    wells(2);
    lost("a", "2026-01-01T00:00:01Z");
    run();
    lost("a", "2026-01-01T00:00:01Z");
    assertThat(run()).patches(0, Node.class).looksAgainAfter(Duration.ofSeconds(10));
    environment.advance(Duration.ofSeconds(10));
    assertThat(run()).patches(1, Node.class);
  }

  @Test
  @DisplayName("Zones: partial disruption of a small zone stops everything, and goes on after")
  void aSmallZoneOfWhichAGreatPartIsLostWaits() {
    wells(2);
    lost("x", "2026-01-01T00:00:01Z");
    lost("y", "2026-01-01T00:00:02Z");
    lost("z", "2026-01-01T00:00:03Z");
    assertThat(run()).patches(0, Node.class).ends(Verdict.DONE);
    wells(4);
    assertThat(run()).patches(0, Node.class).looksAgainAfter(Duration.ofSeconds(10));
    environment.advance(Duration.ofSeconds(10));
    assertThat(run()).patches(1, Node.class);
  }

  @Test
  @DisplayName(
      "Zones: one zone wholly lost, another well: the lost one goes on at the primary rate")
  void aZoneThatIsWhollyLostIsEmptied() {
    cluster.put(
        TestNode.named("w").label("topology.kubernetes.io/zone", "one").ready("True").build());
    cluster.put(
        TestNode.named("l").label("topology.kubernetes.io/zone", "two").ready("Unknown").build());
    assertThat(run()).patches(1, Node.class);
    assertThat(noExecute("l")).containsExactly(UNREACHABLE);
  }

  @Test
  @DisplayName("Zones: last healthy fails: all zones lost, taints are taken away, none is added")
  void whenAllIsLostNobodyIsSentAway() {
    cluster.put(NodeReconcilerTest.lost("a"));
    cluster.put(TestNode.named("b").ready("Unknown").taint("user", "NoExecute").build());
    assertThat(run()).patches(1, Node.class).ends(Verdict.DONE);
    assertThat(noExecute("a")).isEmpty();
    assertThat(node("a").getSpec().getTaints())
        .extracting(Taint::getEffect)
        .containsExactly("NoSchedule");
    assertThat(noExecute("b")).containsExactly("user");
    assertThat(run()).patches(0, Node.class).ends(Verdict.DONE);
  }

  @Test
  @DisplayName("Zones: the first zone that comes back starts all limiters empty")
  void afterATotalLossNobodyIsSentAwayAtOnce() {
    lost("a", "2026-01-01T00:00:01Z");
    lost("b", "2026-01-01T00:00:02Z");
    run();
    well("a");
    assertThat(run()).patches(0, Node.class).looksAgainAfter(Duration.ofSeconds(10));
  }

  @Test
  @DisplayName("Zones: only the ready node has the exclude label: Full")
  void anExcludedNodeDoesNotSaveAZone() {
    cluster.put(
        TestNode.named("a")
            .ready("True")
            .label("node.kubernetes.io/exclude-disruption", "x")
            .build());
    lost("b", "2026-01-01T00:00:01Z");
    assertThat(run()).patches(0, Node.class);
  }

  @Test
  void manyTaintsAreTakenAwayInBatches() {
    for (int i = 0; i < 60; i++) {
      cluster.put(NodeReconcilerTest.lost("n" + i));
    }
    assertThat(run()).patches(ZonesReconciler.BATCH, Node.class).looksAgainAfter(Duration.ZERO);
    assertThat(run()).patches(10, Node.class).ends(Verdict.DONE);
  }

  @Test
  @DisplayName("Taint helper: conflicts are looked at anew; a node that recovered stays untainted")
  void writesAgainAfterAConflict() {
    well("a");
    lost("b", "2026-01-01T00:00:01Z");
    caches.catchUp();
    cluster.change(Node.class, new ObjectKey("", "b"), ZonesReconcilerTest::touched);
    assertThat(loop.run(ZonesMapper.ALL)).patches(2, Node.class).fetches(1, Node.class);
    assertThat(noExecute("b")).containsExactly(UNREACHABLE);

    lost("c", "2026-01-01T00:00:01Z");
    environment.advance(Duration.ofSeconds(10));
    caches.catchUp();
    well("c");
    assertThat(loop.run(ZonesMapper.ALL)).patches(1, Node.class).fetches(1, Node.class);
    assertThat(noExecute("c")).isEmpty();
  }

  @Test
  void aWriteThatFailsIsTriedAgain() {
    well("a");
    lost("b", "2026-01-01T00:00:01Z");
    ApiError error = ApiError.of(ApiError.Kind.SERVER_ERROR, 500, "no");
    assertThat(run(FaultyServer.before(cluster).reject(Action.Patch.class, error)))
        .retriesBecause("no");
    assertThat(run()).looksAgainAfter(Duration.ofSeconds(10));
    environment.advance(Duration.ofSeconds(10));
    run();
    assertThat(noExecute("b")).containsExactly(UNREACHABLE);
  }

  @Test
  @DisplayName("Metrics of zones; a zone without nodes has size 0, health 100, unhealthy 0")
  void measuresZones() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    NodeLifecycleMetrics metrics = NodeLifecycleMetrics.in(registry);
    well("a");
    well("b");
    lost("c", "2026-01-01T00:00:01Z");
    run().tried(Action.Measure.class).stream().filter(m -> !m.isElapsed()).forEach(metrics);
    assertThat(gauge(registry, "node_collector_zone_size")).isEqualTo(3);
    assertThat(gauge(registry, "node_collector_zone_health")).isCloseTo(66.67, within(0.01));
    assertThat(gauge(registry, "node_collector_unhealthy_nodes_in_zone")).isEqualTo(1);
    assertThat(registry.get("node_collector_evictions_total").tag("zone", "").counter().count())
        .isEqualTo(1);
    List.of("a", "b", "c").forEach(name -> cluster.remove(node(name)));
    run().tried(Action.Measure.class).stream().filter(m -> !m.isElapsed()).forEach(metrics);
    assertThat(gauge(registry, "node_collector_zone_size")).isZero();
    assertThat(gauge(registry, "node_collector_zone_health")).isEqualTo(100);
  }

  @ParameterizedTest
  @CsvSource({
    "0.1, 5, 0.1, 5",
    "0.1, 0, 0.5, 1",
    "0.1, 5, 0.5, 3",
    "0, 0, 0.5, 3",
  })
  @DisplayName("Queue: swapping the limiter gives no free passage")
  void anotherRateOpensNothing(double before, long opens, double after, long then) {
    Duration now = Duration.ofSeconds(1);
    Turnstile next = new Turnstile(before, Duration.ofSeconds(opens)).at(after, now);
    assertThat(next).isEqualTo(new Turnstile(after, Duration.ofSeconds(then)));
  }

  @Test
  void aTurnstileAtRateZeroNeverOpens() {
    assertThat(new Turnstile(0, Duration.ZERO).isOpen(Duration.ofDays(1000))).isFalse();
    assertThat(Turnstile.open(1e-300, Duration.ZERO).passed(Duration.ZERO).opens()).isPositive();
  }

  @Test
  @DisplayName("Take-over: the state left by the Go manager needs no write")
  void aTaintedNodeIsLeftAlone() {
    well("a");
    cluster.put(NodeReconcilerTest.lost("b"));
    assertThat(run()).patches(0, Node.class).ends(Verdict.DONE);
    assertThat(noExecute("b")).doesNotContain(NOT_READY);
  }

  private static double gauge(SimpleMeterRegistry registry, String name) {
    return registry.get(name).tag("zone", "").gauge().value();
  }

  private static org.assertj.core.data.Offset<Double> within(double value) {
    return org.assertj.core.data.Offset.offset(value);
  }

  private Rehearsal run() {
    return run(cluster);
  }

  private Rehearsal run(Responder server) {
    caches.catchUp();
    return loop.run(ZonesMapper.ALL, server);
  }

  private void well(String name) {
    cluster.put(TestNode.named(name).ready("True").build());
  }

  private void wells(int count) {
    for (int i = 0; i < count; i++) {
      well("well-" + i);
    }
  }

  private void lost(String name, String since) {
    Node node = TestNode.named(name).ready("Unknown").build();
    node.getStatus().getConditions().get(0).setLastTransitionTime(since);
    cluster.put(node);
  }

  private Node node(String name) {
    return cluster.get(Node.class, new ObjectKey("", name)).orElseThrow();
  }

  private List<String> noExecute(String name) {
    return Optional.ofNullable(node(name).getSpec().getTaints()).orElse(List.of()).stream()
        .filter(taint -> taint.getEffect().equals("NoExecute"))
        .map(Taint::getKey)
        .toList();
  }

  private static Node touched(Node node) {
    return new NodeBuilder(node)
        .editMetadata()
        .withAnnotations(Map.of("x", "y"))
        .endMetadata()
        .build();
  }

  static ModelLoop<ZonesSnapshot> wire(ModelCaches caches, NodeLifecycleConfig config) {
    Informer<Node> nodes = caches.informer(Kinds.NODES);
    Zones.ensureIndex(nodes);
    Uptime uptime = Uptime.of(caches.cluster().environment().ticker());
    return ModelLoop.<ZonesSnapshot>over(caches)
        .on(nodes, new ZonesMapper())
        .reading(new ZonesReader(nodes.lister(), uptime, config))
        .deciding(new ZonesReconciler(), ZonesMemory.NONE);
  }
}
