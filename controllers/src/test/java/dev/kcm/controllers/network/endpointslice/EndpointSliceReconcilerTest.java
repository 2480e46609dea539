package dev.kcm.controllers.network.endpointslice;

import static dev.kcm.controllers.network.endpointslice.SliceWorld.WEB;
import static dev.kcm.testkit.PlanAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.controllers.shared.pods.TestPod;
import dev.kcm.controllers.shared.services.TestService;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Verdict;
import dev.kcm.testkit.FaultyServer;
import dev.kcm.testkit.Rehearsal;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointSliceReconcilerTest {

  @Test
  @DisplayName("Service without pods: exactly one placeholder per address type")
  void aServiceWithoutPodsHasAnEmptySliceForEachFamily() {
    SliceWorld world = SliceWorld.of(web().families("IPv4", "IPv6"));
    Rehearsal run = world.run();
    assertThat(run).creates(2, EndpointSlice.class).ends(Verdict.DONE);
    assertThat(world.slices())
        .extracting(EndpointSlice::getAddressType)
        .containsExactlyInAnyOrder("IPv4", "IPv6");
    assertThat(world.endpoints()).isEmpty();
  }

  @Test
  @DisplayName("Identical placeholder: no action; different labels: 1 update")
  void keepsThePlaceholder() {
    SliceWorld world = SliceWorld.of(web());
    assertWrites(world.run(), 1, 0, 0);
    assertWrites(world.run(), 0, 0, 0);
    world.service(web().labels(Map.of("l", "v")));
    assertWrites(world.run(), 0, 1, 0);
    assertThat(world.slices().get(0).getMetadata().getLabels()).containsEntry("l", "v");
  }

  @Test
  void writesEverythingKnownOfAPod() {
    SliceWorld world = SliceWorld.of(web());
    world.cluster.put(SliceWorld.ready(7).host("h", "web").build());
    world.run();
    EndpointSlice slice = world.slices().get(0);
    assertThat(slice.getMetadata().getGenerateName()).isEqualTo("web-");
    assertThat(slice.getMetadata().getLabels())
        .isEqualTo(
            Map.of(
                "kubernetes.io/service-name",
                "web",
                "endpointslice.kubernetes.io/managed-by",
                "endpointslice-controller.k8s.io"));
    assertThat(slice.getMetadata().getAnnotations())
        .containsEntry("endpoints.kubernetes.io/last-change-trigger-time", "2025-12-31T00:00:00Z");
    assertThat(slice.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(
            owner -> {
              assertThat(owner.getApiVersion()).isEqualTo("v1");
              assertThat(owner.getKind()).isEqualTo("Service");
              assertThat(owner.getUid()).isEqualTo("uid-of-web");
              assertThat(owner.getController()).isTrue();
              assertThat(owner.getBlockOwnerDeletion()).isTrue();
            });
    assertThat(slice.getPorts())
        .singleElement()
        .satisfies(
            port -> {
              assertThat(port.getName()).isEqualTo("http");
              assertThat(port.getPort()).isEqualTo(8080);
              assertThat(port.getProtocol()).isEqualTo("TCP");
            });
    Endpoint endpoint = slice.getEndpoints().get(0);
    assertThat(endpoint.getAddresses()).containsExactly("10.0.0.7");
    assertThat(endpoint.getHostname()).isEqualTo("h");
    assertThat(endpoint.getNodeName()).isEqualTo("node-1");
    assertThat(endpoint.getZone()).isEqualTo("zone-1");
    assertThat(endpoint.getTargetRef().getName()).isEqualTo("pod-0007");
    assertThat(endpoint.getHints()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "Running, true, false, false, true, true, false",
    "Running, false, false, false, false, false, false",
    "Running, true, true, false, false, true, true",
    "Running, false, true, true, true, false, true",
    "Running, true, true, true, true, true, true",
  })
  @DisplayName("Conditions: ready, serving, terminating, always given")
  void conditionsSayHowAPodIs(
      String phase,
      boolean podReady,
      boolean deleting,
      boolean published,
      boolean ready,
      boolean serving,
      boolean terminating) {
    SliceWorld world = SliceWorld.of(published ? web().publishingNotReady() : web());
    TestPod pod = podReady ? SliceWorld.ready(1) : SliceWorld.pod(1);
    pod.phase(phase);
    if (deleting) {
      pod.deletedAt(Instant.parse("2026-01-01T00:00:00Z"));
    }
    world.cluster.put(pod.build());
    world.run();
    assertThat(world.endpoints())
        .singleElement()
        .satisfies(
            e -> {
              assertThat(e.getConditions().getReady()).isEqualTo(ready);
              assertThat(e.getConditions().getServing()).isEqualTo(serving);
              assertThat(e.getConditions().getTerminating()).isEqualTo(terminating);
            });
  }

  @Test
  @DisplayName("Two pods with one IP: two endpoints; a completed one with the same IP: left out")
  void podsAreToldApartByNameAndNotByAddress() {
    SliceWorld world = SliceWorld.of(web());
    world.cluster.put(SliceWorld.ready(1).build());
    world.cluster.put(TestPod.named("twin").labels(Map.of("app", "web")).ip("10.0.0.1").build());
    world.cluster.put(
        TestPod.named("done")
            .labels(Map.of("app", "web"))
            .ip("10.0.0.1")
            .phase("Succeeded")
            .build());
    world.run();
    assertThat(world.endpoints())
        .extracting(e -> e.getTargetRef().getName())
        .containsExactlyInAnyOrder("pod-0001", "twin");
  }

  @ParameterizedTest
  @CsvSource({
    "50, '50,50,50,50,50'",
    "80, '80,80,80,10'",
    "100, '100,100,50'",
    "150, '150,100'",
    "250, 250",
    "500, 250"
  })
  @DisplayName("250 pods with different maxima")
  void distributesOverSlices(int most, String sizes) {
    SliceWorld world = SliceWorld.of(web(), most);
    world.pods(250);
    world.run();
    assertThat(world.sizes().stream().map(String::valueOf).collect(Collectors.joining(",")))
        .isEqualTo(sizes);
    assertWrites(world.run(), 0, 0, 0);
  }

  @Test
  @DisplayName("Existing 62 + 61 of 250: create 100, update 62 to 89")
  void fillsOneOldSliceAndNewOnes() {
    SliceWorld world = SliceWorld.of(web());
    existing(world, 62, 61);
    world.pods(123, 250);
    assertWrites(world.run(), 1, 1, 0);
    assertThat(world.sizes()).containsExactly(100, 89, 61);
  }

  @Test
  @DisplayName("Existing 74 + 74 of 300: creates 100 and 52, none updated")
  void leavesOldSlicesAloneWhereTheyDoNotFit() {
    SliceWorld world = SliceWorld.of(web());
    existing(world, 74, 74);
    world.pods(148, 300);
    assertWrites(world.run(), 2, 0, 0);
    assertThat(world.sizes()).containsExactly(100, 74, 74, 52);
  }

  @Test
  @DisplayName("Port change on 250 pods: 3 updates, no create, no delete")
  void aPortChangeRecyclesSlices() {
    SliceWorld world = SliceWorld.of(web());
    world.pods(250);
    world.run();
    Set<String> names = names(world);
    world.service(TestService.web().port("http", 80, 9090));
    assertWrites(world.run(), 0, 3, 0);
    assertThat(names(world)).isEqualTo(names);
    assertThat(world.slices())
        .allSatisfy(s -> assertThat(s.getPorts().get(0).getPort()).isEqualTo(9090));
  }

  @Test
  @DisplayName("10 slices of 30: no-op; after a port change 3 updates and 7 deletes: 100, 100, 100")
  void neverRebalancesButPacksAnewWhatIsWrittenAnyway() {
    SliceWorld world = SliceWorld.of(web());
    existing(world, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30);
    assertWrites(world.run(), 0, 0, 0);
    world.service(TestService.web().port("http", 80, 9090));
    assertWrites(world.run(), 0, 3, 7);
    assertThat(world.sizes()).containsExactly(100, 100, 100);
  }

  @Test
  @DisplayName("80 + 20 with readiness changes plus 15 new: both updated, 95 and 20")
  void fillsWhatIsWrittenAnywayFullestFirst() {
    SliceWorld world = SliceWorld.of(web());
    existing(world, 80, 20);
    unready(world, 1);
    unready(world, 81);
    world.pods(100, 115);
    assertWrites(world.run(), 0, 2, 0);
    assertThat(world.sizes()).containsExactly(95, 20);
  }

  @Test
  @DisplayName("Slices of the legacy type IP: both deleted, content created as IPv4 100 + 30")
  void replacesSlicesOfOtherTypes() {
    SliceWorld world = SliceWorld.of(web());
    for (String name : List.of("old-1", "old-2")) {
      world.cluster.put(slice(name).withAddressType("IP").build());
    }
    world.pods(130);
    assertWrites(world.run(), 2, 0, 2);
    assertThat(world.sizes()).containsExactly(100, 30);
  }

  @Test
  @DisplayName("Foreign owner UID: create new, then delete old")
  void doesNotRecycleWhatBelongsToAnotherIncarnation() {
    SliceWorld world = SliceWorld.of(web());
    world.cluster.put(
        slice("old").editMetadata().withOwnerReferences(List.of()).endMetadata().build());
    world.pods(1);
    Rehearsal run = world.run();
    assertWrites(run, 1, 0, 1);
    assertThat(run.actions().get(0)).isInstanceOf(Action.Create.class);
  }

  @Test
  @DisplayName("Named port with 5 different numbers over 300 pods: 5 slices of 60")
  void podsWithDifferentNumbersAreInDifferentSlices() {
    SliceWorld world =
        SliceWorld.of(TestService.web().port("http", 80, new IntOrString("p"), "TCP"));
    for (int i = 0; i < 300; i++) {
      world.cluster.put(SliceWorld.ready(i).containerPort("p", 8080 + i % 5, "TCP").build());
    }
    world.run();
    assertThat(world.sizes()).containsExactly(60, 60, 60, 60, 60);
  }

  @Test
  @DisplayName("Label changes on the Service: update all slices; reserved labels change nothing")
  void followsLabelsOfTheService() {
    SliceWorld world = SliceWorld.of(web());
    world.pods(150);
    world.run();
    world.service(
        web()
            .labels(
                Map.of(
                    "kubernetes.io/service-name", "other",
                    "endpointslice.kubernetes.io/managed-by", "me",
                    "service.kubernetes.io/headless", "x")));
    assertWrites(world.run(), 0, 0, 0);
    world.service(web().labels(Map.of("l", "v")));
    assertWrites(world.run(), 0, 2, 0);
    assertThat(world.slices())
        .allSatisfy(s -> assertThat(s.getMetadata().getLabels()).containsEntry("l", "v"));
  }

  @Test
  void headlessServicesSaySo() {
    SliceWorld world = SliceWorld.of(web().clusterIp("None"));
    world.run();
    assertThat(world.slices().get(0).getMetadata().getLabels())
        .containsEntry("service.kubernetes.io/headless", "");
  }

  @Test
  @DisplayName("Service being deleted: no create; update and delete proceed; recycling allowed")
  void aServiceOnItsWayOutGetsNoNewSlices() {
    SliceWorld world = SliceWorld.of(web());
    existing(world, 60);
    world.service(web().deletedAt("2026-01-01T00:00:00Z"));
    world.pods(60, 300);
    assertWrites(world.run(), 0, 1, 0);
    world.service(TestService.web().port("http", 80, 9090).deletedAt("2026-01-01T00:00:00Z"));
    assertWrites(world.run(), 0, 1, 0);
  }

  @Test
  @DisplayName("Missing node: written without the pod, and an error")
  void aPodOnAnUnknownNodeIsLeftOutForNow() {
    SliceWorld world = SliceWorld.of(web());
    world.pods(1);
    world.cluster.put(SliceWorld.on(2, "node-x"));
    Rehearsal run = world.run();
    assertWrites(run, 1, 0, 0);
    assertThat(world.endpoints()).hasSize(1);
    assertThat(run)
        .retriesBecause("skipping Pod pod-0002 for Service shop/web: Node node-x Not Found")
        .emits(1, "FailedToUpdateEndpointSlices");
    assertThat(results(run)).containsExactly("error");
  }

  @Test
  @DisplayName("Missing node with publishNotReadyAddresses: kept, without zone, no error")
  void aPodOnAnUnknownNodeMayBePublished() {
    SliceWorld world = SliceWorld.of(web().publishingNotReady());
    world.cluster.put(SliceWorld.on(2, "node-x"));
    assertThat(world.run()).ends(Verdict.DONE);
    assertThat(world.endpoints()).singleElement().satisfies(e -> assertThat(e.getZone()).isNull());
  }

  @Test
  @DisplayName("All nodes missing: recycled to a placeholder, and an error")
  void withoutAnyNodeNothingIsListed() {
    SliceWorld world = SliceWorld.of(web());
    world.pods(2);
    world.run();
    world.cluster.remove(SliceWorld.node("node-1", "", "1"));
    Rehearsal run = world.run();
    assertWrites(run, 0, 1, 0);
    assertThat(run).retriesBecause("Not Found");
    assertThat(world.endpoints()).isEmpty();
  }

  @Test
  @DisplayName("Slices of other managers, or of none, or being deleted, are ignored")
  void leavesSlicesOfOthersAlone() {
    SliceWorld world = SliceWorld.of(web());
    world.cluster.put(
        slice("theirs")
            .editMetadata()
            .addToLabels("endpointslice.kubernetes.io/managed-by", "me")
            .endMetadata()
            .build());
    world.cluster.put(
        slice("nobodys")
            .editMetadata()
            .removeFromLabels("endpointslice.kubernetes.io/managed-by")
            .endMetadata()
            .build());
    world.cluster.put(
        slice("going")
            .editMetadata()
            .withDeletionTimestamp("2026-01-01T00:00:00Z")
            .withFinalizers("x.dev/y")
            .endMetadata()
            .build());
    world.pods(1);
    assertWrites(world.run(), 1, 0, 0);
  }

  @Test
  @DisplayName("A cache that has not seen own writes yet: no writes")
  void waitsForItsOwnCreationsAndDeletions() {
    SliceWorld world = SliceWorld.of(web());
    world.pods(1);
    world.run();
    Rehearsal stale = world.loop.run(WEB);
    assertWrites(stale, 0, 0, 0);
    assertThat(results(stale)).containsExactly("stale");
    assertWrites(world.run(), 0, 0, 0);
    assertThat(results(world.run())).containsExactly("success");
  }

  @Test
  void anOldVersionIsNeverWrittenOver() {
    SliceWorld world = SliceWorld.of(web());
    world.pods(1);
    world.run();
    world.caches.catchUp();
    EndpointSlice slice = world.slices().get(0);
    world.cluster.put(SliceWorld.ready(2).build());
    world.caches.catchUp();
    world.cluster.put(slice);
    assertThat(world.loop.run(WEB))
        .retriesBecause("failed to update " + slice.getMetadata().getName());
  }

  @Test
  @DisplayName("ExternalName and no selector: nothing, slices stay")
  void servicesThatLeadToNoPodsAreLeftAlone() {
    SliceWorld world = SliceWorld.of(web());
    world.run();
    world.service(web().type("ExternalName"));
    assertThat(world.run().actions()).isEmpty();
    world.service(web().selecting(Map.of()));
    assertThat(world.run().actions()).isEmpty();
    assertThat(world.slices()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "IPv6, fd01::1, IPv6",
    "'', 10.96.0.1, IPv4",
    "'', fd01::1, IPv6",
    "'', None, IPv4|IPv6",
    "'', '', IPv4|IPv6",
  })
  void familiesAreGivenOrInferred(String families, String clusterIp, String expected) {
    TestService service = web().clusterIp(clusterIp);
    SliceWorld world =
        SliceWorld.of(families.isEmpty() ? service.families() : service.families(families));
    world.pods(1);
    world.run();
    assertThat(world.slices().stream().map(EndpointSlice::getAddressType).sorted())
        .isEqualTo(List.of(expected.split("\\|", -1)));
  }

  @Test
  @DisplayName("Two address types of one Service fail independently; all errors are told")
  void typesFailIndependently() {
    SliceWorld world = SliceWorld.of(web().families("IPv4", "IPv6"));
    world.pods(1);
    world.caches.catchUp();
    FaultyServer server =
        FaultyServer.before(world.cluster)
            .rejectOnly(Action.Create.class, 1, ApiError.of(ApiError.Kind.FORBIDDEN, 403, "no"));
    Rehearsal run = world.loop.run(WEB, server);
    assertThat(world.slices()).hasSize(1);
    assertThat(run)
        .emits(
            Action.Severity.WARNING,
            "FailedToUpdateEndpointSlices",
            "Error updating Endpoint Slices for Service shop/web:"
                + " failed to create EndpointSlice for Service shop/web: no")
        .retriesBecause("no");
    assertThat(world.run()).ends(Verdict.DONE);
    assertThat(world.slices()).hasSize(2);
  }

  @Test
  @DisplayName("Create error NamespaceTerminating: success at once")
  void aTerminatingNamespaceIsNoFailure() {
    SliceWorld world = SliceWorld.of(web());
    world.cluster.terminateNamespace("shop");
    assertThat(world.run()).emits(0, "FailedToUpdateEndpointSlices").ends(Verdict.DONE);
  }

  @Test
  void theTriggerTimeIsThatOfThePodThatMoved() {
    SliceWorld world = SliceWorld.of(web());
    world.pods(1);
    world.run();
    world.cluster.put(SliceWorld.pod(2).readySince(Instant.parse("2026-01-02T00:00:00Z")).build());
    world.run();
    assertThat(trigger(world)).isEqualTo("2026-01-02T00:00:00Z");
    world.service(web().labels(Map.of("l", "v")));
    world.run();
    assertThat(trigger(world)).isNull();
  }

  @Test
  void aPodThatGoesLeavesItsSlice() {
    SliceWorld world = SliceWorld.of(web());
    world.pods(3);
    world.run();
    world.cluster.remove(SliceWorld.ready(1).build());
    assertWrites(world.run(), 0, 1, 0);
    assertThat(world.sizes()).containsExactly(2);
  }

  @Test
  void nodesWakeServicesOnlyWhereZonesCount() {
    SliceWorld world = SliceWorld.of(web());
    world.caches.catchUp();
    List<ObjectKey> first = world.loop.takeQueued();
    world.cluster.put(SliceWorld.node("node-2", "zone-2", "1"));
    world.caches.catchUp();
    assertThat(first).containsExactly(WEB);
    assertThat(world.loop.takeQueued()).isEmpty();
    world.service(web().annotation("service.kubernetes.io/topology-mode", "Auto"));
    world.caches.catchUp();
    List<ObjectKey> second = world.loop.takeQueued();
    assertThat(second).containsExactly(WEB);
    world.cluster.change(
        Node.class,
        new ObjectKey("", "node-2"),
        n -> new NodeBuilder(n).editMetadata().addToLabels("x", "y").endMetadata().build());
    world.caches.catchUp();
    assertThat(world.loop.takeQueued()).isEmpty();
    world.cluster.change(
        Node.class,
        new ObjectKey("", "node-2"),
        n ->
            new NodeBuilder(n)
                .editMetadata()
                .addToLabels("topology.kubernetes.io/zone", "zone-3")
                .endMetadata()
                .build());
    world.caches.catchUp();
    assertThat(world.loop.takeQueued()).containsExactly(WEB);
  }

  @ParameterizedTest
  @CsvSource({
    "True, zone-1, False, zone-1, true",
    "Unknown, zone-1, True, zone-1, true",
    "False, zone-1, Unknown, zone-1, false",
    "True, zone-1, True, zone-1, false",
    "True, '', True, zone-1, true",
    "True, zone-1, True, zone-2, true",
    "True, zone-1, True, '', true",
    "False, zone-1, True, zone-2, true",
  })
  @DisplayName("Node update matrix: ready flips; zone appears, changes, is removed; neither")
  void nodesWakeServicesWhenCapacityMayHaveMoved(
      String ready, String zone, String readyNow, String zoneNow, boolean wakes) {
    SliceWorld world =
        SliceWorld.of(web().annotation("service.kubernetes.io/topology-mode", "Auto"));
    world.cluster.put(node(ready, zone));
    world.caches.catchUp();
    assertThat(world.loop.takeQueued()).containsExactly(WEB);
    world.cluster.put(node(readyNow, zoneNow));
    world.caches.catchUp();
    assertThat(world.loop.takeQueued().equals(List.of(WEB))).isEqualTo(wakes);
  }

  @Test
  @DisplayName("What others wrote to a slice since is no reason to wait")
  void aCacheThatIsAheadOfOwnWritesIsFine() {
    SliceWorld world = SliceWorld.of(web());
    world.pods(1);
    world.run();
    world.caches.catchUp();
    world.cluster.put(
        new EndpointSliceBuilder(world.slices().get(0)).withEndpoints(List.of()).build());
    Rehearsal run = world.run();
    assertWrites(run, 0, 1, 0);
    assertThat(results(run)).containsExactly("success");
    assertThat(world.endpoints()).hasSize(1);
  }

  @Test
  @DisplayName("Objects of caches are never changed, whatever is decided from them")
  void whatIsReadStaysAsItIs() {
    SliceWorld world = SliceWorld.of(web());
    world.pods(150);
    world.run();
    List<TestService> changes =
        List.of(
            web().distributing("PreferClose"),
            web().distributing("PreferSameNode"),
            web().annotation("service.kubernetes.io/topology-mode", "Auto"),
            web().labels(Map.of("l", "v")),
            TestService.web().port("http", 80, 9090));
    for (TestService change : changes) {
      world.service(change);
      world.caches.catchUp();
      String before = Serialization.asYaml(world.cached());
      assertThat(world.loop.run(WEB).tried(Action.Update.class)).isNotEmpty();
      assertThat(Serialization.asYaml(world.cached())).isEqualTo(before);
    }
  }

  private static Node node(String ready, String zone) {
    Node node = SliceWorld.node("node-2", zone, "1");
    node.getStatus().getConditions().get(0).setStatus(ready);
    return node;
  }

  private static TestService web() {
    return TestService.web().port("http", 80, 8080);
  }

  /** Slices as an earlier version might have left them, with pods from 0 on. */
  private static void existing(SliceWorld world, int... sizes) {
    int total = IntStream.of(sizes).sum();
    world.pods(total);
    SliceWorld model = SliceWorld.of(web(), 1000);
    model.pods(total);
    model.run();
    List<Endpoint> all = model.endpoints();
    EndpointSlice whole = model.slices().get(0);
    int from = 0;
    for (int i = 0; i < sizes.length; i++) {
      world.cluster.put(
          new EndpointSliceBuilder(whole)
              .editMetadata()
              .withName("existing-" + i)
              .withUid("uid-existing-" + i)
              .endMetadata()
              .withEndpoints(all.subList(from, from + sizes[i]))
              .build());
      from += sizes[i];
    }
  }

  private static EndpointSliceBuilder slice(String name) {
    SliceWorld model = SliceWorld.of(web());
    model.run();
    return new EndpointSliceBuilder(model.slices().get(0))
        .editMetadata()
        .withName(name)
        .withUid("uid-of-" + name)
        .endMetadata();
  }

  private static void unready(SliceWorld world, int number) {
    ObjectKey key = new ObjectKey("shop", "pod-%04d".formatted(number));
    world.cluster.change(
        Pod.class,
        key,
        pod -> new PodBuilder(pod).editStatus().withConditions(List.of()).endStatus().build());
    assertThat(world.cluster.get(Pod.class, key).filter(PodStates::isReady)).isEmpty();
  }

  private static void assertWrites(Rehearsal run, int creates, int updates, int deletes) {
    assertThat(run.tried(Action.Create.class)).as("creations").hasSize(creates);
    assertThat(run.tried(Action.Update.class)).as("updates").hasSize(updates);
    assertThat(run.tried(Action.Delete.class)).as("deletions").hasSize(deletes);
  }

  private static Set<String> names(SliceWorld world) {
    return world.slices().stream().map(s -> s.getMetadata().getName()).collect(Collectors.toSet());
  }

  private static List<String> results(Rehearsal run) {
    return run.tried(Action.Measure.class).stream()
        .filter(m -> m.meter().equals("endpoint_slice_controller_syncs"))
        .map(m -> m.labels().get("result"))
        .toList();
  }

  private static String trigger(SliceWorld world) {
    return world
        .slices()
        .get(0)
        .getMetadata()
        .getAnnotations()
        .get("endpoints.kubernetes.io/last-change-trigger-time");
  }
}
