package dev.kcm.controllers.network.endpointslicemirroring;

import static dev.kcm.testkit.PlanAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.services.TestService;
import dev.kcm.controllers.shared.slices.ManagedSlices;
import dev.kcm.controllers.shared.slices.SliceMapper;
import dev.kcm.controllers.shared.slices.SliceMetrics;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Action.Severity;
import dev.kcm.core.plan.Verdict;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.FaultyServer;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.Rehearsal;
import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointAddressBuilder;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.EndpointSubsetBuilder;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MirroringReconcilerTest {

  private static final ObjectKey WEB = new ObjectKey("shop", "web");

  private final ModelCluster cluster =
      ModelCluster.of(
          VirtualEnvironment.seeded(1), List.of(TestService.web().selecting(Map.of()).build()));
  private final ModelCaches caches = ModelCaches.of(cluster, 1);
  private final ModelLoop<MirroringSnapshot> loop = wire(caches, 1000);

  @Test
  @DisplayName("1 subset, 1 port, 1 address: 1 create")
  void mirrorsAnAddress() {
    EndpointAddress address =
        new EndpointAddressBuilder()
            .withIp("10.0.0.1")
            .withHostname("h")
            .withNodeName("n")
            .withNewTargetRef()
            .withKind("Pod")
            .withName("p")
            .endTargetRef()
            .build();
    put(endpoints(new EndpointSubsetBuilder(subset(80)).withAddresses(address).build()));
    assertWrites(run(), 1, 0, 0);
    EndpointSlice slice = slices().get(0);
    assertThat(slice.getAddressType()).isEqualTo("IPv4");
    assertThat(slice.getMetadata().getGenerateName()).isEqualTo("web-");
    assertThat(slice.getMetadata().getLabels())
        .isEqualTo(
            Map.of(
                "kubernetes.io/service-name", "web",
                "endpointslice.kubernetes.io/managed-by",
                    "endpointslicemirroring-controller.k8s.io"));
    assertThat(slice.getMetadata().getOwnerReferences().get(0).getKind()).isEqualTo("Endpoints");
    assertThat(slice.getPorts().get(0).getName()).isEmpty();
    assertThat(slice.getPorts().get(0).getProtocol()).isEqualTo("TCP");
    var endpoint = slice.getEndpoints().get(0);
    assertThat(endpoint.getAddresses()).containsExactly("10.0.0.1");
    assertThat(endpoint.getConditions().getReady()).isTrue();
    assertThat(endpoint.getConditions().getServing()).isNull();
    assertThat(endpoint.getHostname()).isEqualTo("h");
    assertThat(endpoint.getNodeName()).isEqualTo("n");
    assertThat(endpoint.getTargetRef().getName()).isEqualTo("p");
    assertThat(endpoint.getZone()).isNull();
    assertWrites(run(), 0, 0, 0);
  }

  @Test
  @DisplayName(
      "No subsets, no addresses: nothing; existing slice of ours deleted, others untouched")
  void nothingToMirrorMeansNoSlices() {
    put(endpoints());
    assertWrites(run(), 0, 0, 0);
    mirrored(subset(80, "10.0.0.1"));
    cluster.put(
        new EndpointSliceBuilder(slices().get(0))
            .editMetadata()
            .withName("theirs")
            .addToLabels("endpointslice.kubernetes.io/managed-by", "me")
            .endMetadata()
            .build());
    put(endpoints(subset(80)));
    assertWrites(run(), 0, 0, 1);
    assertThat(slices()).extracting(s -> s.getMetadata().getName()).containsExactly("theirs");
  }

  @ParameterizedTest
  @CsvSource({"true, 0", "false, 1", "invalid, 1"})
  @DisplayName("skip-mirror true: nothing; false or invalid: mirrored")
  void heedsTheLabelThatSaysNo(String value, int creations) {
    put(
        new EndpointsBuilder(endpoints(subset(80, "10.0.0.1")))
            .editMetadata()
            .addToLabels("endpointslice.kubernetes.io/skip-mirror", value)
            .endMetadata()
            .build());
    assertWrites(run(), creations, 0, 0);
  }

  @Test
  void electionLocksAreNotMirrored() {
    put(
        new EndpointsBuilder(endpoints(subset(80, "10.0.0.1")))
            .editMetadata()
            .addToAnnotations("control-plane.alpha.kubernetes.io/leader", "{}")
            .endMetadata()
            .build());
    assertThat(loop.takeQueued()).doesNotContain(new ObjectKey("shop", "other"));
    assertWrites(run(), 0, 0, 0);
  }

  @Test
  @DisplayName("Missing Service, or Service with selector: nothing created")
  void mirrorsOnlyForServicesWithoutSelector() {
    put(endpoints(subset(80, "10.0.0.1")));
    cluster.put(TestService.web().build());
    assertWrites(run(), 0, 0, 0);
    cluster.remove(TestService.web().build());
    assertWrites(run(), 0, 0, 0);
  }

  @Test
  void aSelectorThatAppearsRemovesTheMirrors() {
    mirrored(subset(80, "10.0.0.1"), subset(81, "10.0.0.1", "fd00::1"));
    List<ObjectKey> before = loop.takeQueued();
    cluster.put(TestService.web().build());
    caches.catchUp();
    assertThat(before).contains(WEB);
    assertThat(loop.takeQueued()).containsExactly(WEB);
    assertWrites(run(), 0, 0, 3);
  }

  @Test
  void tellsWhatCouldNotBeDeleted() {
    mirrored(subset(80, "10.0.0.1"), subset(81, "10.0.0.1", "fd00::1"));
    cluster.remove(endpoints());
    caches.catchUp();
    FaultyServer server =
        FaultyServer.before(cluster)
            .rejectOnly(Action.Delete.class, 2, ApiError.of(ApiError.Kind.FORBIDDEN, 403, "no"));
    assertThat(loop.run(WEB, server))
        .retriesBecause(
            "error(s) deleting 1/3 EndpointSlices for shop/web Endpoints, including: no");
  }

  @Test
  @DisplayName("1000 addresses: 1 slice; 1001: 1 slice of 1000 and 1 event")
  void mirrorsAThousandAddresses() {
    put(endpoints(subset(80, ips(1000))));
    assertThat(run()).emits(0, "TooManyAddressesToMirror");
    put(endpoints(subset(80, ips(1001))));
    assertThat(run())
        .emits(
            Severity.WARNING,
            "TooManyAddressesToMirror",
            "A max of 1000 addresses can be mirrored to EndpointSlices per Endpoints subset."
                + " 1 addresses were skipped");
    assertThat(slices()).singleElement().satisfies(s -> assertThat(s.getEndpoints()).hasSize(1000));
  }

  @Test
  @DisplayName("Pending deletion of Endpoints: 0 creates")
  void endpointsOnTheirWayOutGetNoNewSlices() {
    put(
        new EndpointsBuilder(endpoints(subset(80, "10.0.0.1")))
            .editMetadata()
            .withDeletionTimestamp("2026-01-01T00:00:00Z")
            .withFinalizers("x.dev/y")
            .endMetadata()
            .build());
    assertWrites(run(), 0, 0, 0);
  }

  @Test
  @DisplayName("Different owner UID, extra annotation or missing label: 1 update")
  void rewritesASliceThatSaysSomethingElse() {
    mirrored(subset(80, "10.0.0.1"));
    put(new EndpointsBuilder(stored()).editMetadata().withUid("uid-2").endMetadata().build());
    assertWrites(run(), 0, 1, 0);
    EndpointSlice slice = slices().get(0);
    cluster.put(
        new EndpointSliceBuilder(slice)
            .editMetadata()
            .addToAnnotations("extra", "x")
            .endMetadata()
            .build());
    assertWrites(run(), 0, 1, 0);
    put(new EndpointsBuilder(stored()).editMetadata().addToLabels("l", "v").endMetadata().build());
    assertWrites(run(), 0, 1, 0);
    assertThat(slices().get(0).getMetadata().getLabels()).containsEntry("l", "v");
    assertWrites(run(), 0, 0, 0);
  }

  @Test
  @DisplayName("Different ports: 2 slices; same ports: 1 merged; same address: 1 with 2 ports")
  void subsetsAreMergedFirst() {
    put(endpoints(subset(80, "10.0.0.1"), subset(81, "10.0.0.2")));
    run();
    assertThat(slices()).hasSize(2);
    put(endpoints(subset(80, "10.0.0.1"), subset(80, "10.0.0.2")));
    run();
    assertThat(slices()).singleElement().satisfies(s -> assertThat(s.getEndpoints()).hasSize(2));
    put(endpoints(subset(80, "10.0.0.1"), subset(81, "10.0.0.1")));
    run();
    assertThat(slices()).singleElement().satisfies(s -> assertThat(s.getPorts()).hasSize(2));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1|fd00::1, IPv4|IPv6, 0",
    "fd00::1, IPv6, 0",
    "::ffff:10.0.0.1, IPv4, 0",
    "10.0.0.1|10.0.0.300|nonsense, IPv4, 2",
    "nonsense|1.2.3, '', 2",
  })
  @DisplayName("Dual stack: a slice for each family; unreadable addresses are told")
  void familiesAreInSlicesOfTheirOwn(String ips, String types, int invalid) {
    put(endpoints(subset(80, ips.split("\\|", -1))));
    Rehearsal run = run();
    assertThat(
            String.join(
                "|", slices().stream().map(EndpointSlice::getAddressType).sorted().toList()))
        .isEqualTo(types);
    if (invalid > 0) {
      assertThat(run)
          .emits(
              Severity.WARNING,
              "InvalidIPAddress",
              "Skipped 2 invalid IP addresses when mirroring to EndpointSlices");
    } else {
      assertThat(run).emits(0, "InvalidIPAddress");
    }
  }

  @Test
  @DisplayName("Limit exceeded in one of two subsets")
  void theLimitCountsForEachSubset() {
    ModelLoop<MirroringSnapshot> small = wire(caches, 2);
    put(endpoints(subset(80, ips(3)), subset(81, "10.1.0.1", "10.1.0.2")));
    caches.catchUp();
    assertThat(small.run(WEB)).emits(1, "TooManyAddressesToMirror");
    assertThat(slices()).extracting(s -> s.getEndpoints().size()).containsExactly(2, 2);
  }

  @Test
  void addressesThatAreNotReadyComeLast() {
    ModelLoop<MirroringSnapshot> small = wire(caches, 1);
    EndpointSubset both =
        new EndpointSubsetBuilder(subset(80, "10.0.0.9"))
            .addNewNotReadyAddress()
            .withIp("10.0.0.1")
            .endNotReadyAddress()
            .build();
    put(endpoints(both));
    caches.catchUp();
    small.run(WEB);
    assertThat(slices().get(0).getEndpoints())
        .singleElement()
        .satisfies(e -> assertThat(e.getAddresses()).containsExactly("10.0.0.9"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", ""})
  @DisplayName("last-applied is never mirrored; other annotations are")
  void mirrorsAnnotations(String applied) {
    put(
        new EndpointsBuilder(endpoints(subset(80, "10.0.0.1")))
            .editMetadata()
            .addToAnnotations("kubectl.kubernetes.io/last-applied-configuration", applied)
            .addToAnnotations("endpoints.kubernetes.io/last-change-trigger-time", "x")
            .addToAnnotations("mine", "y")
            .endMetadata()
            .build());
    run();
    assertThat(slices().get(0).getMetadata().getAnnotations()).isEqualTo(Map.of("mine", "y"));
    assertWrites(run(), 0, 0, 0);
  }

  @Test
  @DisplayName("Recycling: 1 to create and 1 to delete become 1 update; another family does not")
  void writesNewContentUnderOldNames() {
    mirrored(subset(80, "10.0.0.1"));
    put(endpoints(subset(81, "10.0.0.1")));
    assertWrites(run(), 0, 1, 0);
    put(endpoints(subset(82, "fd00::1")));
    assertWrites(run(), 1, 0, 1);
    put(endpoints(subset(83, "fd00::1"), subset(84, "fd00::2")));
    assertWrites(run(), 1, 1, 0);
    put(endpoints(subset(85, "fd00::1")));
    assertWrites(run(), 0, 1, 1);
  }

  @Test
  @DisplayName("Existing partial updated; existing identical kept and other created")
  void writesOnlyWhatDiffers() {
    mirrored(subset(80, "10.0.0.1"));
    put(endpoints(subset(80, "10.0.0.1"), subset(81, "10.0.0.2")));
    assertWrites(run(), 1, 0, 0);
    put(endpoints(subset(80, "10.0.0.1", "10.0.0.3"), subset(81, "10.0.0.2")));
    assertWrites(run(), 0, 1, 0);
  }

  @Test
  @DisplayName("Existing empty slice recycled into an update")
  void fillsAnEmptySlice() {
    mirrored(subset(80, "10.0.0.1"));
    EndpointSlice slice = slices().get(0);
    cluster.put(new EndpointSliceBuilder(slice).withEndpoints(List.of()).build());
    assertWrites(run(), 0, 1, 0);
    cluster.put(
        new EndpointSliceBuilder(slices().get(0))
            .withEndpoints(List.of())
            .withPorts(List.of())
            .build());
    assertWrites(run(), 0, 1, 0);
    assertThat(slices())
        .singleElement()
        .satisfies(
            filled -> {
              assertThat(filled.getMetadata().getName()).isEqualTo(slice.getMetadata().getName());
              assertThat(filled.getPorts()).isEqualTo(slice.getPorts());
              assertThat(filled.getEndpoints()).isEqualTo(slice.getEndpoints());
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", ""})
  @DisplayName("last-applied on the existing slice: removed")
  void removesWhatShouldNotHaveBeenMirrored(String applied) {
    mirrored(subset(80, "10.0.0.1"));
    cluster.put(
        new EndpointSliceBuilder(slices().get(0))
            .editMetadata()
            .addToAnnotations("kubectl.kubernetes.io/last-applied-configuration", applied)
            .endMetadata()
            .build());
    assertWrites(run(), 0, 1, 0);
    assertThat(slices().get(0).getMetadata().getAnnotations()).isNullOrEmpty();
    assertWrites(run(), 0, 0, 0);
  }

  @Test
  void waitsForItsOwnCreations() {
    put(endpoints(subset(80, "10.0.0.1")));
    run();
    assertThat(loop.run(WEB).whole()).doesNothing();
  }

  @Test
  @DisplayName("NamespaceTerminating: success at once; other errors: retry")
  void failuresLeadToARetry() {
    put(endpoints(subset(80, "10.0.0.1")));
    caches.catchUp();
    ApiError no = ApiError.of(ApiError.Kind.FORBIDDEN, 403, "no");
    assertThat(loop.run(WEB, FaultyServer.before(cluster).reject(Action.Create.class, no)))
        .retriesBecause("no");
    cluster.terminateNamespace("shop");
    assertThat(loop.run(WEB)).ends(Verdict.DONE);
  }

  @Test
  void feedsUpstreamsSeries() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    SliceMetrics metrics = SliceMetrics.in(meters, MirroringReconciler.PREFIX);
    put(endpoints(subset(80, "10.0.0.1", "10.0.0.2"), subset(81, "10.0.0.1", "nonsense")));
    run().tried(Action.Measure.class).forEach(metrics);
    String prefix = "endpoint_slice_mirroring_controller_";
    assertThat(meters.get(prefix + "endpoints_desired").gauge().value()).isEqualTo(3);
    assertThat(meters.get(prefix + "num_endpoint_slices").gauge().value()).isEqualTo(2);
    assertThat(meters.get(prefix + "desired_endpoint_slices").gauge().value()).isEqualTo(2);
    assertThat(meters.get(prefix + "changes").tag("operation", "create").counter().count())
        .isEqualTo(2);
    assertThat(meters.get(prefix + "endpoints_added_per_sync").summary().totalAmount())
        .isEqualTo(3);
    assertThat(meters.get(prefix + "addresses_skipped_per_sync").summary().totalAmount())
        .isEqualTo(1);
    metrics.forget(WEB);
    assertThat(meters.get(prefix + "endpoints_desired").gauge().value()).isZero();
  }

  private Rehearsal run() {
    caches.catchUp();
    return loop.run(WEB);
  }

  private void mirrored(EndpointSubset... subsets) {
    put(endpoints(subsets));
    run();
    caches.catchUp();
  }

  private void put(Endpoints endpoints) {
    cluster.put(endpoints);
    caches.catchUp();
  }

  private Endpoints stored() {
    return cluster.get(Endpoints.class, WEB).orElseThrow();
  }

  private List<EndpointSlice> slices() {
    return cluster.list(EndpointSlice.class).stream()
        .filter(slice -> slice.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  private static void assertWrites(Rehearsal run, int creates, int updates, int deletes) {
    assertThat(run.tried(Action.Create.class)).as("creations").hasSize(creates);
    assertThat(run.tried(Action.Update.class)).as("updates").hasSize(updates);
    assertThat(run.tried(Action.Delete.class)).as("deletions").hasSize(deletes);
  }

  static ModelLoop<MirroringSnapshot> wire(ModelCaches caches, int most) {
    var endpoints = caches.informer(Kinds.ENDPOINTS);
    var services = caches.informer(Kinds.SERVICES);
    var slices = caches.informer(Kinds.ENDPOINT_SLICES);
    return ModelLoop.<MirroringSnapshot>over(caches)
        .on(endpoints, new MirroredMapper(gone -> {}))
        .on(services, new SelectorMapper())
        .on(slices, new SliceMapper(MirroringController.MANAGER, Duration.ofSeconds(1)))
        .reading(
            new MirroringReader(
                most,
                endpoints.lister(),
                services.lister(),
                ManagedSlices.of(MirroringController.MANAGER, slices)))
        .deciding(new MirroringReconciler());
  }

  static Endpoints endpoints(EndpointSubset... subsets) {
    return new EndpointsBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withName("web")
        .withUid("uid-of-endpoints")
        .endMetadata()
        .withSubsets(subsets)
        .build();
  }

  static EndpointSubset subset(int port, String... ips) {
    List<EndpointAddress> addresses = new ArrayList<>();
    for (String ip : ips) {
      addresses.add(new EndpointAddressBuilder().withIp(ip).build());
    }
    return new EndpointSubsetBuilder()
        .withAddresses(addresses)
        .addNewPort()
        .withPort(port)
        .endPort()
        .build();
  }

  private static String[] ips(int count) {
    String[] ips = new String[count];
    for (int i = 0; i < count; i++) {
      ips[i] = "10.0." + i / 250 + "." + i % 250;
    }
    return ips;
  }
}
