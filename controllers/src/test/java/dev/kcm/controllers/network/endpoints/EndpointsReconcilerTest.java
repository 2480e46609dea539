package dev.kcm.controllers.network.endpoints;

import static dev.kcm.testkit.PlanAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.pods.TestPod;
import dev.kcm.controllers.shared.services.TestService;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Action.Severity;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Report;
import dev.kcm.core.plan.Verdict;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.FaultyServer;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.Rehearsal;
import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointPort;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.EndpointSubsetBuilder;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointsReconcilerTest {

  private static final Instant NOW = VirtualEnvironment.seeded(0).wallClock().now();
  private static final Map<String, String> WEB = Map.of("app", "web");

  @Test
  @DisplayName("Service without selector: no request even if Endpoints differ")
  void leavesServicesWithoutSelectorAlone() {
    Service service = web().selecting(Map.of()).build();
    assertThat(decide(service, endpoints().build(), ready("a", "10.0.0.1"))).doesNothing();
  }

  @Test
  @DisplayName("ExternalName: no request in all four selector and port combinations")
  void leavesExternalNamesAlone() {
    for (Map<String, String> selector : List.of(WEB, Map.<String, String>of())) {
      TestService service = TestService.web().type("ExternalName").selecting(selector);
      assertThat(decide(service.build(), null)).doesNothing();
      assertThat(decide(service.port("", 80, 80).build(), null)).doesNothing();
    }
  }

  @Test
  @DisplayName("Existing object without subsets, no pods, managed-by label: no request")
  void emptyEndpointsOfAServiceWithoutPodsAreRight() {
    assertThat(decide(web().build(), endpoints().build())).doesNothing();
  }

  @Test
  @DisplayName("The same without managed-by label: 1 PUT")
  void addsTheLabelThatSaysWhoWrites() {
    Endpoints old = endpoints().editMetadata().withLabels(Map.of()).endMetadata().build();
    Endpoints next = updated(decide(web().build(), old));
    assertThat(next.getMetadata().getLabels())
        .isEqualTo(Map.of("endpoints.kubernetes.io/managed-by", "endpoint-controller"));
  }

  @Test
  @DisplayName("New Service without pods: 1 POST with empty subsets")
  void createsEmptyEndpoints() {
    Endpoints next = created(decide(web().labels(Map.of("l", "v")).build(), null));
    assertThat(next.getSubsets()).isEmpty();
    assertThat(ObjectKey.of(next)).isEqualTo(new ObjectKey("shop", "web"));
    assertThat(next.getMetadata().getLabels())
        .containsEntry("l", "v")
        .containsEntry("endpoints.kubernetes.io/managed-by", "endpoint-controller")
        .doesNotContainKey("service.kubernetes.io/headless");
  }

  @Test
  void listsAReadyPodWithEverythingKnownOfIt() {
    Pod pod = pod("a", "10.0.0.1").readySince(NOW).host("h", "web").build();
    EndpointSubset subset = onlySubset(created(decide(web().build(), null, pod)));
    assertThat(subset.getNotReadyAddresses()).isEmpty();
    assertThat(subset.getPorts())
        .singleElement()
        .satisfies(p -> assertThat(p.getPort()).isEqualTo(8080));
    EndpointAddress address = subset.getAddresses().get(0);
    assertThat(address.getIp()).isEqualTo("10.0.0.1");
    assertThat(address.getNodeName()).isEqualTo("node-1");
    assertThat(address.getHostname()).isEqualTo("h");
    assertThat(address.getTargetRef().getKind()).isEqualTo("Pod");
    assertThat(address.getTargetRef().getUid()).isEqualTo("uid-of-a");
    assertThat(address.getTargetRef().getNamespace()).isEqualTo("shop");
    assertThat(address.getTargetRef().getResourceVersion()).isNull();
  }

  @Test
  void aHostnameUnderAnotherSubdomainIsNotListed() {
    Pod pod = pod("a", "10.0.0.1").host("h", "other").build();
    EndpointSubset subset = onlySubset(created(decide(web().build(), null, pod)));
    assertThat(subset.getNotReadyAddresses().get(0).getHostname()).isNull();
  }

  @Test
  @DisplayName("Pre-existing identical, trigger annotation kept: no request")
  void leavesWhatIsRightAlone() {
    Pod[] pods = {ready("a", "10.0.0.1"), pod("b", "10.0.0.2").build()};
    Endpoints stored = stored(web().build(), pods);
    assertThat(decide(web().build(), stored, pods)).doesNothing();
  }

  @Test
  @DisplayName("Pods differing only in resourceVersion of targetRef: no request")
  void versionsOfTargetReferencesDoNotCount() {
    Endpoints stored = stored(web().build(), ready("a", "10.0.0.1"));
    stored.getSubsets().get(0).getAddresses().get(0).getTargetRef().setResourceVersion("77");
    assertThat(decide(web().build(), stored, ready("a", "10.0.0.1"))).doesNothing();
  }

  @Test
  void theOrderOfWhatIsStoredDoesNotCount() {
    Service service = web().port("https", 443, 8443).build();
    Endpoints stored = stored(service, ready("a", "10.0.0.1"), ready("b", "10.0.0.2"));
    EndpointSubset subset = stored.getSubsets().get(0);
    EndpointSubset cut =
        new EndpointSubsetBuilder(subset).withPorts(subset.getPorts().get(1)).build();
    EndpointSubset rest =
        new EndpointSubsetBuilder(subset).withPorts(subset.getPorts().get(0)).build();
    stored.setSubsets(List.of(cut, rest));
    assertThat(decide(service, stored, ready("b", "10.0.0.2"), ready("a", "10.0.0.1")))
        .doesNothing();
  }

  @Test
  @DisplayName("TCP, UDP and SCTP on one number; two ports: one subset with all ports")
  void portsWithTheSameAddressesShareASubset() {
    Service service =
        TestService.web()
            .port("t", 80, new IntOrString(80), "TCP")
            .port("u", 80, new IntOrString(80), "UDP")
            .port("s", 80, new IntOrString(80), "SCTP")
            .port("x", 81, new IntOrString(81), "TCP")
            .build();
    EndpointSubset subset = onlySubset(created(decide(service, null, ready("a", "10.0.0.1"))));
    assertThat(subset.getPorts())
        .extracting(EndpointPort::getName, EndpointPort::getProtocol, EndpointPort::getPort)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("s", "SCTP", 80),
            org.assertj.core.groups.Tuple.tuple("t", "TCP", 80),
            org.assertj.core.groups.Tuple.tuple("u", "UDP", 80),
            org.assertj.core.groups.Tuple.tuple("x", "TCP", 81));
  }

  @Test
  @DisplayName("Named ports: by name and protocol, of sidecars too; not found: that pod is skipped")
  void namedPortsMayDifferFromPodToPod() {
    Service service = TestService.web().port("p", 80, new IntOrString("http"), "TCP").build();
    Endpoints next =
        created(
            decide(
                service,
                null,
                pod("a", "10.0.0.1").containerPort("http", 1, "UDP").build(),
                pod("b", "10.0.0.2").containerPort("http", 2, "TCP").build(),
                pod("c", "10.0.0.3").sidecarPort("http", 3).build(),
                pod("d", "10.0.0.4").containerPort("http", 2, "TCP").build()));
    assertThat(next.getSubsets())
        .extracting(s -> s.getPorts().get(0).getPort(), s -> s.getNotReadyAddresses().size())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(2, 2), org.assertj.core.groups.Tuple.tuple(3, 1));
  }

  @Test
  @DisplayName("Ready, not ready and mixed: one subset")
  void readyAndNotReadyStandInOneSubset() {
    Pod[] pods = {
      ready("a", "10.0.0.1"), pod("b", "10.0.0.2").build(), ready("c", "10.0.0.3"),
    };
    EndpointSubset mixed = onlySubset(created(decide(web().build(), null, pods)));
    assertThat(mixed.getAddresses())
        .extracting(EndpointAddress::getIp)
        .containsExactly("10.0.0.1", "10.0.0.3");
    assertThat(mixed.getNotReadyAddresses())
        .extracting(EndpointAddress::getIp)
        .containsExactly("10.0.0.2");
    assertThat(onlySubset(created(decide(web().build(), null, pods[1]))).getAddresses()).isEmpty();
    assertThat(onlySubset(created(decide(web().build(), null, pods[0]))).getNotReadyAddresses())
        .isEmpty();
  }

  @Test
  @DisplayName("Label change only: PUT; other annotations survive")
  void followsLabelsOfTheService() {
    Endpoints stored = stored(web().build(), ready("a", "10.0.0.1"));
    stored.getMetadata().getAnnotations().put("mine", "x");
    Endpoints next =
        updated(decide(web().labels(Map.of("l", "v")).build(), stored, ready("a", "10.0.0.1")));
    assertThat(next.getMetadata().getLabels()).containsEntry("l", "v");
    assertThat(next.getMetadata().getAnnotations()).containsEntry("mine", "x");
    assertThat(next.getMetadata().getResourceVersion()).isEqualTo("1");
  }

  @ParameterizedTest
  @CsvSource({"None, true", "'', true", "10.96.0.7, false"})
  @DisplayName("Headless label: present for None and empty, removed when an IP appears")
  void theHeadlessLabelFollowsTheClusterIp(String clusterIp, boolean headless) {
    Endpoints stored =
        endpoints()
            .editMetadata()
            .addToLabels("service.kubernetes.io/headless", "")
            .addToLabels("old", "x")
            .endMetadata()
            .build();
    Endpoints next = updated(decide(web().clusterIp(clusterIp).build(), stored));
    assertThat(next.getMetadata().getLabels().containsKey("service.kubernetes.io/headless"))
        .isEqualTo(headless);
  }

  @Test
  void theHeadlessLabelAloneIsNoReasonToWrite() {
    assertThat(decide(web().clusterIp("None").build(), endpoints().build())).doesNothing();
  }

  @Test
  void labelsThatOnlyEndpointsMayHaveAreNotTakenFromTheService() {
    Service service = web().labels(Map.of("endpoints.kubernetes.io/managed-by", "me")).build();
    Endpoints next = created(decide(service, null));
    assertThat(next.getMetadata().getLabels())
        .containsEntry("endpoints.kubernetes.io/managed-by", "endpoint-controller");
    next.getMetadata().setResourceVersion("1");
    assertThat(decide(service, next)).doesNothing();
  }

  @Test
  @DisplayName("Headless without ports: subset with addresses and no ports; with an IP: none")
  void onlyHeadlessServicesMayHaveNoPorts() {
    EndpointSubset subset =
        onlySubset(
            created(
                decide(TestService.web().clusterIp("None").build(), null, ready("a", "10.0.0.1"))));
    assertThat(subset.getPorts()).isEmpty();
    assertThat(subset.getAddresses()).hasSize(1);
    assertThat(
            created(decide(TestService.web().build(), null, ready("a", "10.0.0.1"))).getSubsets())
        .isEmpty();
  }

  /** Where a pod is listed: r ready, n not ready, - nowhere. */
  @ParameterizedTest
  @CsvSource({
    "Running, false, r, n, r, r",
    "Unknown, false, r, n, r, r",
    "Pending, false, r, n, r, r",
    "Running, true, -, -, r, r",
    "Unknown, true, -, -, r, r",
    "Pending, true, -, -, r, r",
    "Failed, false, -, -, -, -",
    "Succeeded, false, -, -, -, -",
    "Failed, true, -, -, -, -",
    "Succeeded, true, -, -, -, -",
  })
  @DisplayName("Phase table, without and with publishNotReadyAddresses")
  void listsByPhaseReadinessAndDeletion(
      String phase,
      boolean deleting,
      String ready,
      String notReady,
      String readyPublished,
      String notReadyPublished) {
    assertThat(listed(web(), phase, deleting, true)).isEqualTo(ready);
    assertThat(listed(web(), phase, deleting, false)).isEqualTo(notReady);
    assertThat(listed(web().publishingNotReady(), phase, deleting, true)).isEqualTo(readyPublished);
    assertThat(listed(web().publishingNotReady(), phase, deleting, false))
        .isEqualTo(notReadyPublished);
  }

  @ParameterizedTest
  @CsvSource({
    "IPv4, 10.96.0.1, 10.0.0.1|fd00::1, 10.0.0.1",
    "IPv6, fd01::1, 10.0.0.1|fd00::1, fd00::1",
    "IPv6|IPv4, fd01::1, 10.0.0.1|fd00::1, fd00::1",
    "IPv6, fd01::1, 10.0.0.1, -",
    "IPv6, None, fd00:0::1, fd00::1",
    "'', 10.96.0.1, 10.0.0.1|fd00::1, 10.0.0.1",
    "'', fd01::1, 10.0.0.1|fd00::1, fd00::1",
    "'', None, fd00::1|10.0.0.1, fd00::1",
    "'', None, 10.0.0.1|fd00::1, 10.0.0.1",
    "'', '', 010.0.0.01|fd00::1, 10.0.0.1",
  })
  @DisplayName("Families: given, or inferred from cluster IP, or from the pod")
  void listsTheAddressOfTheFamily(
      String families, String clusterIp, String podIps, String expected) {
    TestService service = web().clusterIp(clusterIp);
    service = families.isEmpty() ? service.families() : service.families(families.split("\\|", -1));
    Endpoints next = created(decide(service.build(), null, ready("a", podIps.split("\\|", -1))));
    List<String> ips =
        next.getSubsets().stream()
            .flatMap(s -> s.getAddresses().stream().map(EndpointAddress::getIp))
            .toList();
    assertThat(ips).isEqualTo(expected.equals("-") ? List.of() : List.of(expected));
  }

  @Test
  @DisplayName("Trigger annotation: created: creation of the Service")
  void theFirstWriteIsTriggeredByTheService() {
    assertThat(trigger(created(decide(web().build(), null, ready("a", "10.0.0.1")))))
        .isEqualTo("2025-12-31T00:00:00Z");
  }

  @Test
  @DisplayName("Trigger annotation: the earliest transition among the pods that moved")
  void laterWritesAreTriggeredByPods() {
    Endpoints stored = stored(web().build(), ready("a", "10.0.0.1"));
    Pod second = pod("b", "10.0.0.2").readySince(Instant.parse("2026-01-01T10:00:00Z")).build();
    Pod third = pod("c", "10.0.0.3").notReadySince(Instant.parse("2026-01-01T09:00:00Z")).build();
    assertThat(
            trigger(updated(decide(web().build(), stored, ready("a", "10.0.0.1"), second, third))))
        .isEqualTo("2026-01-01T09:00:00Z");
  }

  @Test
  @DisplayName("Trigger annotation: cleared when nothing moved")
  void aChangeOfTheServiceClearsTheTrigger() {
    Service service = web().port("more", 81, 81).build();
    Endpoints next =
        updated(
            decide(service, stored(web().build(), ready("a", "10.0.0.1")), ready("a", "10.0.0.1")));
    assertThat(trigger(next)).isNull();
    assertThat(onlySubset(next).getPorts()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "997, 4, 997, 3, truncated",
    "1000, 10, 1000, 0, truncated",
    "999, 0, 999, 0, ",
    "1000, 0, 1000, 0, ",
    "1200, 7, 1000, 0, truncated",
  })
  @DisplayName("Capacity: ready first, not more than 1000, annotation tells")
  void listsAtMostAThousand(int ready, int notReady, int keptReady, int kept, String annotation) {
    List<Pod> pods = new ArrayList<>();
    IntStream.range(0, ready).forEach(i -> pods.add(ready("r" + i, ip(1, i))));
    IntStream.range(0, notReady).forEach(i -> pods.add(pod("n" + i, ip(2, i)).build()));
    Endpoints stored = over("warning");
    Endpoints next = updated(decide(web().build(), stored, pods.toArray(Pod[]::new)));
    EndpointSubset subset = onlySubset(next);
    assertThat(subset.getAddresses()).hasSize(keptReady);
    assertThat(subset.getNotReadyAddresses()).hasSize(kept);
    assertThat(next.getMetadata().getAnnotations().get("endpoints.kubernetes.io/over-capacity"))
        .isEqualTo(annotation);
    assertThat(decide(web().build(), next, pods.toArray(Pod[]::new))).doesNothing();
  }

  @ParameterizedTest
  @ValueSource(strings = {"warning", "invalid", "truncated"})
  void anAnnotationThatIsNotTrueIsRemoved(String value) {
    Endpoints next = updated(decide(web().build(), over(value)));
    assertThat(next.getMetadata().getAnnotations())
        .doesNotContainKey("endpoints.kubernetes.io/over-capacity");
  }

  @Test
  @DisplayName("Distribution of the capacity over subsets")
  void subsetsKeepTheirShare() {
    List<EndpointSubset> few =
        subsets(new int[] {90, 110, 50, 10, 20}, new int[] {101, 200, 200, 201, 298});
    assertThat(sizes(Capacity.truncated(few), EndpointSubset::getAddresses))
        .containsExactly(90, 110, 50, 10, 20);
    assertThat(sizes(Capacity.truncated(few), EndpointSubset::getNotReadyAddresses))
        .containsExactly(73, 144, 144, 145, 214);
    List<EndpointSubset> many =
        subsets(new int[] {205, 400, 402, 400, 693}, new int[] {1, 1, 1, 1, 1});
    assertThat(sizes(Capacity.truncated(many), EndpointSubset::getAddresses))
        .containsExactly(98, 191, 192, 191, 328);
    assertThat(sizes(Capacity.truncated(many), EndpointSubset::getNotReadyAddresses))
        .containsExactly(0, 0, 0, 0, 0);
  }

  @Test
  @DisplayName("Service gone: DELETE, with the UID seen, once the server says so too")
  void removesWhatIsLeftOver() {
    Plan plan = decide(null, endpoints().build());
    Action look = plan.actions().get(0);
    assertThat(plan.actions()).containsExactly(look);
    assertThat(((Action.Fetch<?>) look).type()).isEqualTo(Kinds.SERVICES);
    ApiError gone = ApiError.of(ApiError.Kind.NOT_FOUND, 404, "no");
    Plan next = plan.then().apply(new Report(List.of(new Report.Rejected(look, gone))));
    assertThat(next).deletes(Endpoints.class, "web");
    assertThat(((Action.Delete<?>) next.actions().get(0)).uid()).isEqualTo("uid-of-endpoints");
  }

  @Test
  void endpointsThatTheCacheLearnsOfBeforeTheirServiceStay() {
    Plan plan = decide(null, endpoints().build());
    Action look = plan.actions().get(0);
    Report there = new Report(List.of(new Report.Applied(look, TestService.named("web").build())));
    assertThat(plan.then().apply(there)).isEqualTo(Plan.NOTHING);
  }

  @Test
  void anUnansweredQuestionForTheServiceIsAskedAgain() {
    Plan plan = decide(null, endpoints().build());
    ApiError error = ApiError.of(ApiError.Kind.SERVER_ERROR, 500, "no");
    Report failed = new Report(List.of(new Report.Rejected(plan.actions().get(0), error)));
    assertThat(plan.then().apply(failed).verdict()).isEqualTo(Verdict.retry(error));
  }

  @Test
  @DisplayName("Creating, 403 with cause NamespaceTerminating: success, no event")
  void aTerminatingNamespaceIsNoFailure() {
    ModelCluster cluster = ModelCluster.of(VirtualEnvironment.seeded(1), List.of());
    cluster.terminateNamespace("shop");
    assertThat(Rehearsal.of(decide(web().build(), null), cluster))
        .emits(0, "FailedToCreateEndpoint")
        .ends(Verdict.DONE);
  }

  @Test
  void tellsThatAWriteFailed() {
    ApiError no = ApiError.of(ApiError.Kind.FORBIDDEN, 403, "no");
    FaultyServer server =
        FaultyServer.before(ModelCluster.of(VirtualEnvironment.seeded(1), List.of()))
            .reject(Action.Create.class, no)
            .reject(Action.Update.class, no);
    assertThat(Rehearsal.of(decide(web().build(), null), server))
        .emits(
            Severity.WARNING,
            "FailedToCreateEndpoint",
            "Failed to create endpoint for service shop/web: no")
        .retriesBecause("no");
    assertThat(Rehearsal.of(decide(web().labels(WEB).build(), endpoints().build()), server))
        .emits(Severity.WARNING, "FailedToUpdateEndpoint", "Failed to update endpoint shop/web: no")
        .retriesBecause("no");
  }

  private static TestService web() {
    return TestService.web().port("http", 80, 8080);
  }

  private static TestPod pod(String name, String... ips) {
    return TestPod.named(name).labels(WEB).ip(ips);
  }

  private static Pod ready(String name, String... ips) {
    return pod(name, ips).readySince(Instant.parse("2026-01-01T00:00:00Z")).build();
  }

  private static String ip(int net, int host) {
    return "10." + net + "." + host / 256 + "." + host % 256;
  }

  private static String listed(TestService service, String phase, boolean deleting, boolean ready) {
    TestPod pod = pod("a", "10.0.0.1").phase(phase);
    if (deleting) {
      pod.deletedAt(NOW);
    }
    if (ready) {
      pod.readySince(NOW);
    }
    Endpoints next = created(decide(service.build(), null, pod.build()));
    if (next.getSubsets().isEmpty()) {
      return "-";
    }
    return onlySubset(next).getAddresses().isEmpty() ? "n" : "r";
  }

  private static Plan decide(Service service, Endpoints stored, Pod... pods) {
    return new EndpointsReconciler()
        .decide(
            new EndpointsSnapshot(new ObjectKey("shop", "web"), service, stored, List.of(pods)),
            NOW);
  }

  private static Endpoints created(Plan plan) {
    assertThat(plan).creates(1, Endpoints.class);
    return (Endpoints) ((Action.Create<?>) plan.actions().get(0)).object();
  }

  private static Endpoints updated(Plan plan) {
    assertThat(plan.actions()).singleElement().isInstanceOf(Action.Update.class);
    return (Endpoints) ((Action.Update<?>) plan.actions().get(0)).object();
  }

  private static EndpointSubset onlySubset(Endpoints endpoints) {
    assertThat(endpoints.getSubsets()).hasSize(1);
    return endpoints.getSubsets().get(0);
  }

  private static String trigger(Endpoints endpoints) {
    return endpoints
        .getMetadata()
        .getAnnotations()
        .get("endpoints.kubernetes.io/last-change-trigger-time");
  }

  /** What the controller itself would have written. */
  private static Endpoints stored(Service service, Pod... pods) {
    Endpoints endpoints = created(decide(service, null, pods));
    return new EndpointsBuilder(endpoints)
        .editMetadata()
        .withUid("uid-of-endpoints")
        .withResourceVersion("1")
        .endMetadata()
        .build();
  }

  private static EndpointsBuilder endpoints() {
    return new EndpointsBuilder(stored(TestService.web().build()));
  }

  private static Endpoints over(String value) {
    return endpoints()
        .editMetadata()
        .addToAnnotations("endpoints.kubernetes.io/over-capacity", value)
        .endMetadata()
        .build();
  }

  private static List<EndpointSubset> subsets(int[] ready, int[] notReady) {
    List<EndpointSubset> subsets = new ArrayList<>();
    for (int i = 0; i < ready.length; i++) {
      subsets.add(
          new EndpointSubsetBuilder()
              .withAddresses(addresses(ready[i]))
              .withNotReadyAddresses(addresses(notReady[i]))
              .build());
    }
    return subsets;
  }

  private static List<EndpointAddress> addresses(int count) {
    return IntStream.range(0, count).mapToObj(i -> new EndpointAddress()).toList();
  }

  private static List<Integer> sizes(
      List<EndpointSubset> subsets, Function<EndpointSubset, List<EndpointAddress>> part) {
    return subsets.stream().map(s -> part.apply(s).size()).toList();
  }
}
