package dev.kcm.controllers.node.podgc;

import static dev.kcm.testkit.PlanAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.controllers.shared.pods.TestPod;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.plan.Action;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.FaultyServer;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.Rehearsal;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodGcReconcilerTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(1);
  private final ModelCluster cluster = ModelCluster.of(environment, List.of());
  private final ModelCaches caches = ModelCaches.of(cluster, 1);

  /** Pods a, b, c by age; e stands for an evicted one. */
  @ParameterizedTest
  @CsvSource({
    "1, Failed Succeeded Failed, a b",
    "0, Failed Succeeded Failed, ''",
    "1, Running Succeeded Failed, b",
    "5, Failed Succeeded Failed, ''",
    "1, Failed Succeeded Evicted, c a",
    "1, Running Succeeded Evicted, c",
  })
  @DisplayName("Terminated: those over the threshold, evicted first, then the oldest")
  void deletesFinishedPodsBeyondTheThreshold(int threshold, String phases, String deleted) {
    cluster.put(node("node-1"));
    String[] each = phases.split(" ", -1);
    for (int i = 0; i < each.length; i++) {
      String phase = each[i].replace("'", "");
      TestPod pod =
          TestPod.named(String.valueOf((char) ('a' + i)))
              .created(START.plusSeconds(i))
              .phase(phase.equals("Evicted") ? "Failed" : phase);
      Pod built = pod.build();
      if (phase.equals("Evicted")) {
        built.getStatus().setReason("Evicted");
      }
      cluster.put(built);
    }
    Rehearsal run = pass(loop(threshold));
    assertThat(String.join(" ", deletedBy(run))).isEqualTo(deleted);
    assertThat(run).looksAgainAfter(Duration.ofSeconds(20));
  }

  @Test
  void deletesAtOnceTheIncarnationSeen() {
    cluster.put(TestPod.named("a").node("").deletedAt(START).build());
    Action.Delete<?> deletion = pass(loop(0)).tried(Action.Delete.class).get(0);
    assertThat(deletion.gracePeriod()).isEqualTo(Duration.ZERO);
    assertThat(deletion.uid()).isEqualTo("uid-of-a");
  }

  @ParameterizedTest
  @CsvSource({
    "Succeeded, true, '', 1, 0",
    "Failed, true, '', 1, 0",
    "Running, true, '', 1, 1",
    "Running, false, '', 0, 0",
    "Running, true, node-1, 0, 0",
  })
  @DisplayName("Unscheduled: any phase with deletionTimestamp and no node")
  void deletesPodsThatWillNeverRun(
      String phase, boolean deleting, String node, int deletions, int patches) {
    cluster.put(node("node-1"));
    TestPod pod = TestPod.named("a").phase(phase).node(node);
    if (deleting) {
      pod.deletedAt(START);
    }
    cluster.put(pod.build());
    Rehearsal run = pass(loop(0));
    assertThat(run.tried(Action.Delete.class)).hasSize(deletions);
    assertThat(run.tried(Action.Patch.class)).hasSize(patches);
  }

  @ParameterizedTest
  @CsvSource({
    "False, , , true, Running, 0, 0",
    "False, NoExecute, , true, Running, 1, 1",
    "False, NoSchedule, , true, Failed, 1, 0",
    "Unknown, PreferNoSchedule, , true, Succeeded, 1, 0",
    "False, NoExecute, value, true, Running, 1, 1",
    "True, NoExecute, , true, Running, 0, 0",
    "False, NoExecute, , false, Running, 0, 0",
  })
  @DisplayName("Out of service: node not ready, with the taint of any effect and value")
  void deletesPodsOfNodesOutOfService(
      String ready,
      String effect,
      String value,
      boolean deleting,
      String phase,
      int deletions,
      int patches) {
    NodeBuilder node = new NodeBuilder(node("node-1"));
    if (effect != null) {
      node =
          node.withNewSpec()
              .addNewTaint(effect, "node.kubernetes.io/out-of-service", null, value)
              .endSpec();
    }
    Node built = node.build();
    built.getStatus().getConditions().get(0).setStatus(ready);
    cluster.put(built);
    TestPod pod = TestPod.named("a").phase(phase);
    if (deleting) {
      pod.deletedAt(START);
    }
    cluster.put(pod.build());
    Rehearsal run = pass(loop(0));
    assertThat(run.tried(Action.Delete.class)).hasSize(deletions);
    assertThat(run.tried(Action.Patch.class)).hasSize(patches);
  }

  @Test
  @DisplayName("Orphaned: node known: kept; quarantine not over: nothing; then asked and deleted")
  void deletesPodsOfNodesThatAreGone() {
    cluster.put(node("node-1"));
    cluster.put(TestPod.named("kept").build());
    cluster.put(TestPod.named("lost").node("node-2").phase("Succeeded").build());
    ModelLoop<PodGcSnapshot> loop = loop(0);
    assertThat(pass(loop).whole()).hasNoActions();
    environment.advance(Duration.ofSeconds(39));
    assertThat(pass(loop).whole()).hasNoActions();
    environment.advance(Duration.ofSeconds(1));
    Rehearsal run = pass(loop);
    assertThat(run).fetches(1, Node.class).deletes(Pod.class, "lost").patches(0, Pod.class);
  }

  @Test
  @DisplayName("Node only in the API: kept")
  void keepsPodsOfNodesTheServerKnows() {
    cluster.put(TestPod.named("a").node("node-2").build());
    ModelLoop<PodGcSnapshot> loop = loop(0);
    pass(loop);
    environment.advance(Duration.ofSeconds(40));
    caches.catchUp();
    cluster.put(node("node-2"));
    Rehearsal run = loop.run(PodGcController.PASS);
    assertThat(run).fetches(1, Node.class).deletes(0, Pod.class);
  }

  @Test
  @DisplayName("Node added to the informer during quarantine: kept, and quarantine begins anew")
  void aNodeThatComesBackIsForgotten() {
    cluster.put(TestPod.named("a").node("node-2").build());
    ModelLoop<PodGcSnapshot> loop = loop(0);
    pass(loop);
    environment.advance(Duration.ofSeconds(30));
    cluster.put(node("node-2"));
    pass(loop);
    cluster.remove(node("node-2"));
    environment.advance(Duration.ofSeconds(30));
    assertThat(pass(loop).whole()).hasNoActions();
  }

  @ParameterizedTest
  @CsvSource({"Succeeded, 0", "Failed, 0", "Running, 1", "Pending, 1"})
  @DisplayName("Orphaned, no nodes at all: deleted in any phase, patched unless it is final")
  void deletesOrphansOfAnyPhase(String phase, int patches) {
    cluster.put(TestPod.named("a").node("node-2").phase(phase).build());
    ModelLoop<PodGcSnapshot> loop = loop(0);
    pass(loop);
    environment.advance(Duration.ofSeconds(40));
    assertThat(pass(loop)).deletes(Pod.class, "a").patches(patches, Pod.class);
  }

  @Test
  @DisplayName("Orphaned, wrong node names, some missing: only pods of those that are missing")
  void tellsMissingNodesFromOthers() {
    for (int i = 1; i <= 4; i++) {
      cluster.put(TestPod.named("pod-" + i).node("node-" + i).build());
    }
    cluster.put(node("node-1"));
    cluster.put(node("node-11"));
    cluster.put(node("node-3"));
    ModelLoop<PodGcSnapshot> loop = loop(0);
    pass(loop);
    environment.advance(Duration.ofSeconds(40));
    assertThat(deletedBy(pass(loop))).containsExactlyInAnyOrder("pod-2", "pod-4");
  }

  @Test
  @DisplayName("Node added to the informer after quarantine: kept, and nobody is asked")
  void aNodeThatComesAtLastIsThere() {
    cluster.put(TestPod.named("a").node("node-2").build());
    ModelLoop<PodGcSnapshot> loop = loop(0);
    pass(loop);
    environment.advance(Duration.ofSeconds(40));
    cluster.put(node("node-2"));
    assertThat(pass(loop).whole()).hasNoActions();
  }

  @Test
  @DisplayName("Node deleted from the API after quarantine: deleted")
  void aNodeThatOnlyTheServerKnewAndNoLongerKnows() {
    ModelLoop<PodGcSnapshot> loop = loop(0);
    cluster.put(TestPod.named("a").node("node-2").build());
    caches.catchUp();
    cluster.put(node("node-2"));
    loop.run(PodGcController.PASS);
    environment.advance(Duration.ofSeconds(40));
    cluster.remove(node("node-2"));
    assertThat(loop.run(PodGcController.PASS)).fetches(1, Node.class).deletes(Pod.class, "a");
  }

  @Test
  @DisplayName("Node removed from the informer meanwhile: only its quarantine starts")
  void eachNodeHasAQuarantineOfItsOwn() {
    cluster.put(node("node-1"));
    cluster.put(TestPod.named("a").node("node-1").build());
    cluster.put(TestPod.named("b").node("node-2").build());
    ModelLoop<PodGcSnapshot> loop = loop(0);
    pass(loop);
    environment.advance(Duration.ofSeconds(40));
    cluster.remove(node("node-1"));
    assertThat(deletedBy(pass(loop))).containsExactly("b");
    cluster.finishDeletions();
    environment.advance(Duration.ofSeconds(40));
    assertThat(deletedBy(pass(loop))).containsExactly("a");
  }

  @Test
  void keepsPodsWhenTheServerDoesNotTell() {
    cluster.put(TestPod.named("a").node("node-2").build());
    ModelLoop<PodGcSnapshot> loop = loop(0);
    pass(loop);
    environment.advance(Duration.ofSeconds(40));
    ApiError error = ApiError.of(ApiError.Kind.SERVER_ERROR, 500, "no");
    FaultyServer server = FaultyServer.before(cluster).reject(Action.Fetch.class, error);
    assertThat(loop.run(PodGcController.PASS, server))
        .deletes(0, Pod.class)
        .looksAgainAfter(Duration.ofSeconds(20));
  }

  @Test
  @DisplayName("Running orphan: phase Failed and DisruptionTarget before the delete")
  void marksARunningOrphanBeforeItGoes() {
    Pod pod = TestPod.named("a").node("node-2").readySince(START).build();
    pod.getMetadata().setGeneration(3L);
    cluster.put(pod);
    ModelLoop<PodGcSnapshot> loop = loop(0);
    pass(loop);
    environment.advance(Duration.ofSeconds(40));
    Rehearsal run = pass(loop);
    Action.Patch<?> patch = run.tried(Action.Patch.class).get(0);
    assertThat(patch.subresource()).isEqualTo("status");
    assertThat(patch.body())
        .startsWith(
            "{\"metadata\":{\"uid\":\"uid-of-a\"},\"status\":{\"phase\":\"Failed\","
                + "\"observedGeneration\":3,\"conditions\":[{\"type\":\"DisruptionTarget\","
                + "\"status\":\"True\",\"reason\":\"DeletionByPodGC\","
                + "\"message\":\"PodGC: node no longer exists\"")
        .contains("\"observedGeneration\":3}]");
    assertThat(run).deletes(Pod.class, "a");
  }

  @Test
  @DisplayName("A patch that fails blocks the delete; both are counted")
  void keepsAPodThatCouldNotBeMarked() {
    cluster.put(TestPod.named("a").node("").deletedAt(START).build());
    cluster.put(TestPod.named("b").node("").phase("Failed").deletedAt(START).build());
    ApiError no = ApiError.of(ApiError.Kind.FORBIDDEN, 403, "no");
    ModelLoop<PodGcSnapshot> loop = loop(0);
    caches.catchUp();
    Rehearsal run =
        loop.run(PodGcController.PASS, FaultyServer.before(cluster).reject(Action.Patch.class, no));
    assertThat(deletedBy(run)).containsExactly("b");
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    run.tried(Action.Measure.class).forEach(PodGcMetrics.in(meters));
    assertThat(count(meters, PodGcMetrics.DELETIONS)).isEqualTo(2);
    assertThat(count(meters, PodGcMetrics.ERRORS)).isEqualTo(1);
  }

  @Test
  void aPodIsDeletedOnceWhateverReasonsThereAre() {
    cluster.put(TestPod.named("a").node("").phase("Failed").deletedAt(START).build());
    cluster.put(TestPod.named("b").phase("Failed").node("").deletedAt(START).build());
    Rehearsal run = pass(loop(1));
    assertThat(deletedBy(run)).containsExactlyInAnyOrder("a", "b");
  }

  private static double count(SimpleMeterRegistry meters, String name) {
    return meters.get(name).tags("namespace", "shop", "reason", "unscheduled").counter().count();
  }

  private Rehearsal pass(ModelLoop<PodGcSnapshot> loop) {
    caches.catchUp();
    return loop.run(PodGcController.PASS);
  }

  private static List<String> deletedBy(Rehearsal run) {
    return run.tried(Action.Delete.class).stream().map(d -> d.key().name()).toList();
  }

  private ModelLoop<PodGcSnapshot> loop(int threshold) {
    return wire(caches, threshold);
  }

  static ModelLoop<PodGcSnapshot> wire(ModelCaches caches, int threshold) {
    var pods = caches.informer(PodStates.TYPE);
    var nodes = caches.informer(Kinds.NODES);
    return ModelLoop.<PodGcSnapshot>over(caches)
        .reading(
            PodGcReader.of(
                new PodGcConfig(threshold),
                true,
                pods,
                nodes,
                caches.cluster().environment().ticker()))
        .deciding(new PodGcReconciler());
  }

  static Node node(String name) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(name)
        .withLabels(Map.of())
        .endMetadata()
        .withNewStatus()
        .addNewCondition()
        .withType("Ready")
        .withStatus("True")
        .endCondition()
        .endStatus()
        .build();
  }
}
