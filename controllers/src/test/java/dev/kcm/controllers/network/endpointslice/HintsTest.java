package dev.kcm.controllers.network.endpointslice;

import static dev.kcm.testkit.PlanAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.services.TestService;
import dev.kcm.core.plan.Action;
import dev.kcm.testkit.Rehearsal;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HintsTest {

  private static final String HINTS = "service.kubernetes.io/topology-aware-hints";
  private static final String MODE = "service.kubernetes.io/topology-mode";

  @ParameterizedTest
  @CsvSource({
    "Auto, , true",
    "auto, , true",
    ", Auto, true",
    ", auto, true",
    "AUTO, , false",
    "Disabled, Auto, false",
    "Auto, Disabled, true",
    "true, , false",
    ", , false",
  })
  @DisplayName("Only Auto and auto; the deprecated key wins when both exist")
  void readsTheAnnotations(String hints, String mode, boolean auto) {
    TestService service = TestService.web();
    if (hints != null) {
      service.annotation(HINTS, hints);
    }
    if (mode != null) {
      service.annotation(MODE, mode);
    }
    assertThat(TopologyMode.isAuto(service.build())).isEqualTo(auto);
  }

  /** CPU of the nodes in zones a, b, c; pods there; hints for each. */
  @ParameterizedTest
  @CsvSource({
    "4, 4, 4, 3, 3, 3, a=3 b=3 c=3",
    "4, 4, 4, 9, 0, 0, a=3 b=3 c=3",
    "4, 4, 4, 4, 3, 2, a=3 b=3 c=3",
    "8, 4, 4, 4, 4, 4, a=6 b=3 c=3",
    "4, 4, 4, 2, 2, 3, a=2 b=2 c=3",
  })
  @DisplayName("Three zones: shared out by CPU")
  void sharesOutByCapacity(
      String cpuA, String cpuB, String cpuC, int podsA, int podsB, int podsC, String expected) {
    SliceWorld world = world(auto());
    zones(world, cpuA, cpuB, cpuC);
    pods(world, podsA, podsB, podsC);
    assertThat(world.run()).emits(1, "TopologyAwareHintsEnabled");
    assertThat(hints(world)).isEqualTo(expected);
    assertWrites(world.run(), 0);
  }

  @Test
  void tellsOnceThatHintsAreOnAndWhenTheyAreOff() {
    SliceWorld world = world(auto());
    zones(world, "4", "4", "4");
    pods(world, 3, 3, 3);
    assertThat(world.run())
        .emits(
            Action.Severity.NORMAL,
            "TopologyAwareHintsEnabled",
            "Topology Aware Hints has been enabled, addressType: IPv4");
    world.cluster.put(SliceWorld.on(50, "node-a"));
    assertThat(world.run()).emits(0, "TopologyAwareHintsEnabled");
    world.service(TestService.web().port("http", 80, 8080));
    assertThat(world.run())
        .emits(
            Action.Severity.WARNING,
            "TopologyAwareHintsDisabled",
            "Topology Aware Hints has been disabled, addressType: IPv4");
    assertThat(hints(world)).isEmpty();
  }

  @Test
  void hintsGoWhenTheyCanNoLongerBeGiven() {
    SliceWorld world = world(auto());
    zones(world, "4", "4", "4");
    pods(world, 3, 3, 3);
    world.run();
    world.cluster.put(SliceWorld.node("node-d", "", "4"));
    assertThat(world.run())
        .emits(
            Action.Severity.WARNING,
            "TopologyAwareHintsDisabled",
            "Insufficient Node information: allocatable CPU or zone not specified on one or more"
                + " nodes, addressType: IPv4");
    assertThat(hints(world)).isEmpty();
    assertWrites(world.run(), 0);
  }

  @Test
  void tellsWhyThereAreNoHints() {
    assertThat(refusal(List.of("4"), 3)).startsWith("Nodes only ready in one zone");
    assertThat(refusal(List.of("4", "0"), 3)).startsWith("Insufficient Node information");
    assertThat(refusal(List.of("4", "4", "4"), 2))
        .startsWith("Insufficient number of endpoints (2 endpoints, 3 zones)");
    assertThat(refusal(List.of("10", "1", "1"), 3))
        .startsWith(
            "Unable to allocate minimum required endpoints to each zone without exceeding overload"
                + " threshold (3 endpoints, 3 zones)");
  }

  @Test
  @DisplayName("Control-plane nodes and nodes that are not ready do not count")
  void onlyNodesThatRunPodsCount() {
    SliceWorld world = world(auto());
    zones(world, "4", "4", "4");
    var master = SliceWorld.node("master", "", "4");
    master.getMetadata().getLabels().put("node-role.kubernetes.io/control-plane", "");
    world.cluster.put(master);
    var broken = SliceWorld.node("broken", "", "4");
    broken.getStatus().getConditions().get(0).setStatus("Unknown");
    world.cluster.put(broken);
    pods(world, 3, 3, 3);
    world.run();
    assertThat(hints(world)).isEqualTo("a=3 b=3 c=3");
  }

  @ParameterizedTest
  @CsvSource({
    "PreferClose, zone-1, ",
    "PreferSameZone, zone-1, ",
    "PreferSameNode, zone-1, node-1",
    "Unknown, , ",
  })
  @DisplayName("trafficDistribution: own zone, own node, or no hints at all")
  void followsTheTrafficDistribution(String distribution, String zone, String node) {
    SliceWorld world = SliceWorld.of(web().distributing(distribution));
    world.pods(2);
    world.run();
    for (Endpoint endpoint : world.endpoints()) {
      if (zone == null) {
        assertThat(endpoint.getHints()).isNull();
      } else {
        assertThat(endpoint.getHints().getForZones().get(0).getName()).isEqualTo(zone);
        assertThat(endpoint.getHints().getForNodes().stream().map(n -> n.getName()).toList())
            .isEqualTo(node == null ? List.of() : List.of(node));
      }
    }
    assertWrites(world.run(), 0);
  }

  @Test
  @DisplayName("A distribution that appears, changes or goes updates unchanged slices")
  void hintsFollowAChangeOfTheService() {
    SliceWorld world = SliceWorld.of(web());
    world.pods(2);
    world.run();
    world.service(web().distributing("PreferClose"));
    assertWrites(world.run(), 1);
    world.service(web().distributing("PreferSameNode"));
    assertWrites(world.run(), 1);
    world.service(web().distributing("Strange"));
    assertWrites(world.run(), 1);
    assertThat(world.endpoints()).allSatisfy(e -> assertThat(e.getHints()).isNull());
  }

  @Test
  @DisplayName("The annotation has precedence over the distribution")
  void autoWins() {
    SliceWorld world = world(auto().distributing("PreferClose"));
    zones(world, "4", "4", "4");
    pods(world, 9, 0, 0);
    world.run();
    assertThat(hints(world)).isEqualTo("a=3 b=3 c=3");
  }

  @Test
  @DisplayName("Unready endpoints never trigger hint updates")
  void endpointsThatAreNotReadyHaveNoHints() {
    SliceWorld world = SliceWorld.of(web().distributing("PreferClose"));
    world.cluster.put(SliceWorld.pod(1).build());
    world.run();
    assertThat(world.endpoints().get(0).getHints()).isNull();
    assertWrites(world.run(), 0);
  }

  private static String refusal(List<String> cpus, int pods) {
    SliceWorld world = world(auto());
    zones(world, cpus.toArray(String[]::new));
    pods(world, pods);
    Rehearsal run = world.run();
    return run.tried(Action.Emit.class).stream()
        .filter(e -> e.reason().equals("TopologyAwareHintsDisabled"))
        .map(Action.Emit::message)
        .findFirst()
        .orElse("");
  }

  private static TestService web() {
    return TestService.web().port("http", 80, 8080);
  }

  private static TestService auto() {
    return web().annotation(MODE, "Auto");
  }

  private static SliceWorld world(TestService service) {
    SliceWorld world = SliceWorld.of(service);
    world.cluster.remove(SliceWorld.node("node-1", "zone-1", "4"));
    return world;
  }

  private static void zones(SliceWorld world, String... cpus) {
    for (int i = 0; i < cpus.length; i++) {
      String zone = String.valueOf((char) ('a' + i));
      world.cluster.put(SliceWorld.node("node-" + zone, zone, cpus[i]));
    }
  }

  private static void pods(SliceWorld world, int... counts) {
    int number = 0;
    for (int i = 0; i < counts.length; i++) {
      for (int j = 0; j < counts[i]; j++) {
        world.cluster.put(SliceWorld.on(number++, "node-" + (char) ('a' + i)));
      }
    }
  }

  private static String hints(SliceWorld world) {
    Map<String, Integer> counts = new TreeMap<>();
    for (EndpointSlice slice : world.slices()) {
      for (Endpoint endpoint : slice.getEndpoints()) {
        if (endpoint.getHints() != null) {
          counts.merge(endpoint.getHints().getForZones().get(0).getName(), 1, Integer::sum);
        }
      }
    }
    return counts.entrySet().stream()
        .map(e -> e.getKey() + "=" + e.getValue())
        .reduce((a, b) -> a + " " + b)
        .orElse("");
  }

  private static void assertWrites(Rehearsal run, int count) {
    long writes =
        run.results().stream()
            .map(r -> r.action())
            .filter(
                a ->
                    a instanceof Action.Create
                        || a instanceof Action.Update
                        || a instanceof Action.Delete)
            .count();
    assertThat(writes).isEqualTo(count);
  }
}
