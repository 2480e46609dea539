package dev.kcm.embedded.nodes;

import static dev.kcm.embedded.nodes.Objects.yaml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.nodes.ApiCalls.Target;
import dev.kcm.embedded.patch.PatchType;
import dev.kcm.embedded.resource.ApiServer;
import dev.kcm.embedded.resource.FaultPlan;
import dev.kcm.embedded.resource.StatusException;
import dev.kcm.embedded.resource.UserInfo;
import dev.kcm.embedded.resource.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulatedNodesTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final VirtualTime time = new VirtualTime();
  private final FaultPlan faults = FaultPlan.create();
  private final ApiServer server =
      ApiServer.builder().clock(time.clock()).timer(time.timer()).faults(faults).build();
  private final ApiCalls admin = new ApiCalls(server, UserInfo.LOOPBACK);
  private final SimulatedNodes nodes =
      SimulatedNodes.start(server, NodeSettings.of(2), time.clock(), time.timer());

  @AfterEach
  void stop() {
    nodes.close();
    server.close();
  }

  @Test
  void registersNodesWithAddressesConditionsAndLeases() {
    assertThat(nodes.isReady()).isFalse();
    time.advance(SECOND);

    assertThat(nodes.isReady()).isTrue();
    JsonNode first = admin.get(Target.node("node-0", ""));
    JsonNode second = admin.get(Target.node("node-1", ""));
    assertThat(first.at("/status/addresses/0/address"))
        .isNotEqualTo(second.at("/status/addresses/0/address"));
    assertThat(first.at("/metadata/labels/kubernetes.io~1hostname").asText()).isEqualTo("node-0");
    assertThat(Tolerations.isReady(first)).isTrue();
    JsonNode lease = admin.get(Target.lease("node-0"));
    assertThat(lease.at("/metadata/ownerReferences/0/uid")).isEqualTo(first.at("/metadata/uid"));
    assertThat(lease.at("/spec/leaseDurationSeconds").asInt()).isEqualTo(40);
  }

  @Test
  void renewsLeasesAndReportsInTime() {
    time.advance(SECOND);
    String before = admin.get(Target.lease("node-0")).at("/spec/renewTime").asText();
    String beat = lastHeartbeat("node-0");
    time.advance(Duration.ofSeconds(10));
    assertThat(admin.get(Target.lease("node-0")).at("/spec/renewTime").asText())
        .isGreaterThan(before);
    assertThat(lastHeartbeat("node-0")).isEqualTo(beat);

    time.advance(Duration.ofMinutes(5));
    assertThat(lastHeartbeat("node-0")).isGreaterThan(beat);
  }

  @Test
  void runsPodsWithAddressesOfTheirOwnAndSpreadsThem() {
    time.advance(SECOND);
    for (int i = 0; i < 6; i++) {
      createPod("pod-" + i, "{containers: [{name: c, image: x}]}");
    }
    assertThat(phase("pod-0")).isEqualTo("Pending");
    time.advance(SECOND);

    Set<String> addresses = new HashSet<>();
    Map<String, Integer> onNode = new HashMap<>();
    for (int i = 0; i < 6; i++) {
      JsonNode pod = pod("pod-" + i);
      assertThat(pod.at("/status/phase").asText()).isEqualTo("Running");
      assertThat(condition(pod, "Ready").path("status").asText()).isEqualTo("True");
      assertThat(condition(pod, "PodScheduled").path("status").asText()).isEqualTo("True");
      addresses.add(pod.at("/status/podIP").asText());
      onNode.merge(pod.at("/spec/nodeName").asText(), 1, Integer::sum);
    }
    assertThat(addresses).hasSize(6);
    assertThat(onNode).containsOnly(Map.entry("node-0", 3), Map.entry("node-1", 3));
  }

  @Test
  void saysOnceWhyAPodFitsNowhereAndBindsItWhenItDoes() {
    time.advance(SECOND);
    createPod("big", "{nodeSelector: {disk: fast}, containers: [{name: c, image: x}]}");
    time.advance(Duration.ofMinutes(2));

    String why = "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.";
    assertThat(condition(pod("big"), "PodScheduled").path("message").asText()).isEqualTo(why);
    List<JsonNode> events =
        server.storedAll(server.kinds().find("", "v1", "events").orElseThrow(), "default");
    assertThat(events).hasSize(1);
    JsonNode event = events.get(0);
    assertThat(event.at("/reason").asText()).isEqualTo("FailedScheduling");
    assertThat(event.at("/type").asText()).isEqualTo("Warning");
    assertThat(event.at("/message").asText()).isEqualTo(why);
    assertThat(event.at("/involvedObject/uid")).isEqualTo(pod("big").at("/metadata/uid"));
    assertThat(event.at("/source/component").asText()).isEqualTo("default-scheduler");

    admin.patch(
        Target.node("node-1", ""), PatchType.MERGE, yaml("metadata: {labels: {disk: fast}}"));
    time.advance(SECOND);
    assertThat(pod("big").at("/spec/nodeName").asText()).isEqualTo("node-1");
    assertThat(phase("big")).isEqualTo("Running");
  }

  @Test
  void leavesPodsOfOtherNodesTheirAddresses() {
    time.advance(SECOND);
    createPod("old", "{nodeName: node-9, containers: [{name: c, image: x}]}");
    admin.patch(
        new Target("", "pods", "default", "old", "status"),
        PatchType.MERGE,
        yaml("status: {podIP: 10.244.0.1, podIPs: [{ip: 10.244.0.1}]}"));
    time.advance(SECOND);
    createPod("new", "{containers: [{name: c, image: x}]}");
    time.advance(SECOND);

    assertThat(pod("new").at("/status/podIP").asText()).isEqualTo("10.244.0.2");
  }

  @Test
  void finishesGracefulDeletionsShortlyAfterwards() {
    time.advance(SECOND);
    createPod("a", "{containers: [{name: c, image: x}]}");
    time.advance(SECOND);
    admin.delete(podTarget("a"), yaml("{}"));

    assertThat(pod("a").at("/metadata/deletionTimestamp").isMissingNode()).isFalse();
    time.advance(Duration.ofMillis(600));
    assertThatThrownBy(() -> pod("a"))
        .isInstanceOfSatisfying(StatusException.class, e -> assertThat(e.code()).isEqualTo(404));
  }

  @Test
  void endsPodsHeldByAFinalizerBeforeItAsksForTheirRemoval() {
    time.advance(SECOND);
    ObjectNode pod = podObject("a", "{containers: [{name: c, image: x}]}");
    pod.withObject("/metadata").putArray("finalizers").add("example.com/hold");
    admin.create(new Target("", "pods", "default", "", ""), pod);
    time.advance(SECOND);
    admin.delete(podTarget("a"), yaml("{}"));
    time.advance(Duration.ofSeconds(2));

    assertThat(phase("a")).isEqualTo("Failed");
    assertThat(condition(pod("a"), "Ready").path("status").asText()).isEqualTo("False");
    admin.patch(podTarget("a"), PatchType.MERGE, yaml("metadata: {finalizers: null}"));
    assertThatThrownBy(() -> pod("a")).isInstanceOf(StatusException.class);
  }

  @Test
  void fallsSilentWhenStoppedAndCatchesUpWhenStartedAgain() {
    time.advance(SECOND);
    createPod("a", "{nodeName: node-1, containers: [{name: c, image: x}]}");
    time.advance(SECOND);
    nodes.stopNode("node-1");
    time.advance(SECOND);
    String renewed = admin.get(Target.lease("node-1")).at("/spec/renewTime").asText();
    createPod("b", "{nodeName: node-1, containers: [{name: c, image: x}]}");
    admin.delete(podTarget("a"), yaml("{}"));
    admin.patch(
        Target.node("node-1", "status"),
        PatchType.STRATEGIC,
        yaml("status: {conditions: [{type: Ready, status: Unknown}]}"));
    time.advance(Duration.ofMinutes(2));

    assertThat(admin.get(Target.lease("node-1")).at("/spec/renewTime").asText()).isEqualTo(renewed);
    assertThat(phase("b")).isEqualTo("Pending");
    assertThat(pod("a").at("/metadata/deletionTimestamp").isMissingNode()).isFalse();

    nodes.startNode("node-1");
    time.advance(SECOND);
    assertThat(phase("b")).isEqualTo("Running");
    assertThat(Tolerations.isReady(admin.get(Target.node("node-1", "")))).isTrue();
    assertThatThrownBy(() -> pod("a")).isInstanceOf(StatusException.class);
  }

  @Test
  void refusesToStopANodeThatDoesNotExist() {
    assertThatThrownBy(() -> nodes.stopNode("node-7"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("There is no simulated node \"node-7\", only [node-0, node-1]");
  }

  @Test
  void saysWhyAPodWaitsAndPlacesItOnceThereIsRoom() {
    time.advance(SECOND);
    createPod("picky", "{nodeSelector: {disk: ssd}, containers: [{name: c, image: x}]}");
    time.advance(SECOND);

    assertThat(condition(pod("picky"), "PodScheduled").path("message").asText())
        .isEqualTo("0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.");
    admin.patch(
        Target.node("node-1", ""), PatchType.MERGE, yaml("metadata: {labels: {disk: ssd}}"));
    time.advance(SECOND);
    assertThat(pod("picky").at("/spec/nodeName").asText()).isEqualTo("node-1");
    assertThat(phase("picky")).isEqualTo("Running");
  }

  @Test
  void leavesPodsOfOtherSchedulersAndGatedPodsAlone() {
    time.advance(SECOND);
    createPod("other", "{schedulerName: mine, containers: [{name: c, image: x}]}");
    createPod("gated", "{schedulingGates: [{name: g}], containers: [{name: c, image: x}]}");
    time.advance(SECOND);

    assertThat(pod("other").at("/spec").has("nodeName")).isFalse();
    assertThat(pod("gated").at("/spec").has("nodeName")).isFalse();
  }

  @Test
  void goesOnAfterCutWatchesAndForgottenHistory() {
    time.advance(SECOND);
    createPod("a", "{containers: [{name: c, image: x}]}");
    time.advance(SECOND);
    String address = pod("a").at("/status/podIP").asText();
    faults.cutWatches("pods");
    faults.cutWatches("nodes");
    createPod("b", "{containers: [{name: c, image: x}]}");
    server.compact();
    time.advance(Duration.ofSeconds(3));
    createPod("c", "{containers: [{name: c, image: x}]}");
    time.advance(SECOND);

    assertThat(phase("b")).isEqualTo("Running");
    assertThat(phase("c")).isEqualTo("Running");
    assertThat(
            List.of(pod("b").at("/status/podIP").asText(), pod("c").at("/status/podIP").asText()))
        .doesNotContain(address);
  }

  @Test
  void keepsUpWithManyPodsAtOnce() {
    nodes.close();
    SimulatedNodes many =
        SimulatedNodes.start(server, NodeSettings.of(10), time.clock(), time.timer());
    time.advance(SECOND);
    for (int i = 0; i < 1000; i++) {
      createPod("pod-" + i, "{containers: [{name: c, image: x}]}");
    }
    time.advance(SECOND);

    List<String> late = new ArrayList<>();
    Set<String> addresses = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      JsonNode pod = pod("pod-" + i);
      addresses.add(pod.at("/status/podIP").asText());
      if (!pod.at("/status/phase").asText().equals("Running")) {
        late.add("pod-" + i);
      }
    }
    assertThat(late).isEmpty();
    assertThat(addresses).hasSize(1000);
    many.close();
  }

  private void createPod(String name, String spec) {
    admin.create(new Target("", "pods", "default", "", ""), podObject(name, spec));
  }

  private static ObjectNode podObject(String name, String spec) {
    return yaml(
        "{apiVersion: v1, kind: Pod, metadata: {name: %s}, spec: %s}".formatted(name, spec));
  }

  private JsonNode pod(String name) {
    return admin.get(podTarget(name));
  }

  private static Target podTarget(String name) {
    return new Target("", "pods", "default", name, "");
  }

  private String phase(String name) {
    return pod(name).at("/status/phase").asText();
  }

  private String lastHeartbeat(String node) {
    return admin.get(Target.node(node, "")).at("/status/conditions/0/lastHeartbeatTime").asText();
  }

  private static JsonNode condition(JsonNode pod, String type) {
    for (JsonNode condition : pod.at("/status/conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition;
      }
    }
    throw new AssertionError("no condition " + type + " in " + pod);
  }
}
