package dev.kcm.controllers.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import dev.kcm.controllers.auth.csrsigning.CsrSigningConfig;
import dev.kcm.controllers.catalog.Catalog;
import dev.kcm.controllers.catalog.CatalogConfig;
import dev.kcm.controllers.node.nodeipam.ClusterRange;
import dev.kcm.controllers.node.nodeipam.NodeIpamConfig;
import dev.kcm.controllers.shared.bootstraptokens.TestToken;
import dev.kcm.controllers.shared.certificates.Signer;
import dev.kcm.controllers.shared.certificates.SigningRequests;
import dev.kcm.controllers.shared.certificates.TestCsr;
import dev.kcm.controllers.shared.pki.TestPki;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.core.manager.Manager;
import dev.kcm.testkit.cluster.TestCluster;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ReplicationControllerBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestConditionBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Objects that a server admits although they make no sense, before all controllers, on virtual
 * time: each is told of in a condition, an Event or the log, no worker crashes, and nothing is
 * tried again and again without pause.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class NonsenseTest {

  /** Far beyond what back-off lets through in the time looked at. */
  private static final int STORM = 200;

  @TempDir private Path directory;
  private final TestCluster cluster = TestCluster.builder().nodes(1).start();
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private Manager manager;

  @BeforeEach
  void startAll() {
    logged.start();
    logger().addAppender(logged);
    CatalogConfig config =
        CatalogConfig.builder()
            .nodeIpam(new NodeIpamConfig(List.of(new ClusterRange("10.0.0.0/28", 30)), List.of()))
            .csrSigning(
                new CsrSigningConfig(
                    Map.of(
                        Signer.KUBELET_CLIENT, TestPki.files(directory),
                        Signer.KUBELET_SERVING, TestPki.files(directory),
                        Signer.LEGACY_UNKNOWN, TestPki.files(directory)),
                    CsrSigningConfig.DEFAULT_LONGEST))
            .build();
    manager =
        cluster
            .manager(Catalog.of(config).specs().toArray(ControllerSpec[]::new))
            .create(cluster.environment());
    manager.start();
    cluster.advance(Duration.ofSeconds(5));
  }

  @AfterEach
  void noWorkerHasCrashedAndNothingStorms() {
    try {
      cluster.advance(Duration.ofMinutes(2));
      cluster.requests().clear();
      cluster.advance(Duration.ofMinutes(2));
      assertThat(cluster.requests().all()).hasSizeLessThan(STORM);
      assertThat(logged.list)
          .filteredOn(event -> event.getThrowableProxy() != null)
          .extracting(ILoggingEvent::getThrowableProxy)
          .extracting(IThrowableProxy::getClassName)
          .isEmpty();
      assertThat(cluster.environment().uncaughtErrors()).isZero();
      assertThat(manager.health().values()).allMatch(Optional::isEmpty);
    } finally {
      logger().detachAppender(logged);
      cluster.close();
    }
  }

  @Test
  void aSelectorThatMatchesNothingGivesEmptyEndpointsOnce() {
    cluster.create(
        new ServiceBuilder()
            .withNewMetadata()
            .withNamespace("default")
            .withName("nobody")
            .endMetadata()
            .withNewSpec()
            .addToSelector("app", "nobody")
            .addNewPort()
            .withPort(80)
            .endPort()
            .endSpec()
            .build());
    cluster.advance(Duration.ofMinutes(1));
    Endpoints endpoints = cluster.get(Endpoints.class, "default", "nobody");
    assertThat(endpoints.getSubsets()).isEmpty();
    cluster.requests().clear();
    cluster.advance(Duration.ofMinutes(1));
    assertThat(cluster.requests().writes())
        .noneMatch(request -> request.toString().contains("nobody"));
  }

  @Test
  void aRequestThatIsNoRequestInsideIsToldAndNotIssued() {
    String body =
        "-----BEGIN CERTIFICATE REQUEST-----\nbm9uc2Vuc2U=\n-----END CERTIFICATE REQUEST-----\n";
    CertificateSigningRequest request =
        bare(TestCsr.named("odd").signer(Signer.LEGACY_UNKNOWN.signerName()).build());
    request
        .getSpec()
        .setRequest(Base64.getEncoder().encodeToString(body.getBytes(StandardCharsets.UTF_8)));
    approve(request);
    cluster.advance(Duration.ofMinutes(1));
    assertThat(SigningRequests.isIssued(cluster.get(CertificateSigningRequest.class, "", "odd")))
        .isFalse();
    assertThat(logged.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .anyMatch(line -> line.contains("unable to parse csr \"odd\""));
  }

  @Test
  void aRequestForWrongUsagesFails() {
    approve(
        bare(
            TestCsr.named("odd")
                .usages("digital signature", "key encipherment", "code signing")
                .build()));
    cluster.advance(Duration.ofMinutes(1));
    CertificateSigningRequest failed = cluster.get(CertificateSigningRequest.class, "", "odd");
    assertThat(SigningRequests.isFailed(failed)).isTrue();
    assertThat(SigningRequests.isIssued(failed)).isFalse();
  }

  @Test
  void aTokenWhoseEndCannotBeReadIsCleared() {
    Secret odd = bare(TestToken.of("0dd000").data("expiration", "next summer").build());
    cluster.create(odd);
    cluster.advance(Duration.ofMinutes(1));
    assertThat(cluster.find(Secret.class, "kube-system", odd.getMetadata().getName())).isEmpty();
  }

  @Test
  void aRequestForThousandsOfNamesIsSignedOrRefused() {
    TestPki.Request many = TestPki.request("CN=many");
    for (int i = 0; i < 5000; i++) {
      many.dns("host-" + i + ".example.com");
    }
    approve(
        bare(
            TestCsr.named("many")
                .signer(Signer.LEGACY_UNKNOWN.signerName())
                .request(many.text())
                .build()));
    cluster.advance(Duration.ofMinutes(1));
    CertificateSigningRequest end = cluster.get(CertificateSigningRequest.class, "", "many");
    assertThat(SigningRequests.isIssued(end) || SigningRequests.isFailed(end)).isTrue();
  }

  @Test
  void rangesThatOverlapAreToldAndRangesThatAreExhaustedToo() {
    cluster.create(node("twin-1", "10.0.0.4/30"));
    cluster.create(node("twin-2", "10.0.0.4/30"));
    cluster.create(node("outside", "192.168.0.0/24"));
    cluster.create(node("unreadable", "fd00::/64"));
    for (int i = 0; i < 4; i++) {
      cluster.create(node("more-" + i, null));
    }
    cluster.advance(Duration.ofMinutes(1));
    assertThat(logged.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .anyMatch(line -> line.contains("10.0.0.4/30 is the range of 2 nodes: twin-1, twin-2"))
        .anyMatch(line -> line.contains("192.168.0.0/24") && line.contains("outside"));
    assertThat(cluster.list(Event.class))
        .anyMatch(event -> "CIDRNotAvailable".equals(event.getReason()));
    assertThat(cluster.list(Node.class).stream().map(n -> n.getSpec().getPodCIDR()))
        .filteredOn("10.0.0.4/30"::equals)
        .hasSize(2);
  }

  @Test
  void podsWithUnknownPhasesAndAddressesAreLeftOutOfEndpoints() {
    cluster.create(
        new ServiceBuilder()
            .withNewMetadata()
            .withNamespace("default")
            .withName("odd")
            .endMetadata()
            .withNewSpec()
            .addToSelector("app", "odd")
            .addNewPort()
            .withPort(80)
            .endPort()
            .endSpec()
            .build());
    status("strange-phase", "Meditating", "10.1.1.1");
    status("strange-address", "Running", "not-an-address");
    status("fine", "Running", "10.1.1.2");
    cluster.create(
        new ReplicationControllerBuilder()
            .withNewMetadata()
            .withNamespace("default")
            .withName("odd")
            .endMetadata()
            .withNewSpec()
            .withReplicas(3)
            .addToSelector("app", "odd")
            .withNewTemplate()
            .withNewMetadata()
            .addToLabels("app", "odd")
            .endMetadata()
            .withSpec(pod("template").getSpec())
            .endTemplate()
            .endSpec()
            .build());
    cluster.advance(Duration.ofMinutes(1));
    assertThat(cluster.get(Endpoints.class, "default", "odd").getSubsets())
        .flatExtracting(subset -> subset.getNotReadyAddresses())
        .extracting(address -> address.getIp())
        .contains("10.1.1.2")
        .doesNotContain("not-an-address");
  }

  @Test
  void endpointsWithBadAddressesAreMirroredWithoutThem() {
    cluster.create(
        new ServiceBuilder()
            .withNewMetadata()
            .withNamespace("default")
            .withName("manual")
            .endMetadata()
            .withNewSpec()
            .addNewPort()
            .withPort(80)
            .endPort()
            .endSpec()
            .build());
    cluster.create(
        new EndpointsBuilder()
            .withNewMetadata()
            .withNamespace("default")
            .withName("manual")
            .endMetadata()
            .addNewSubset()
            .addNewAddress()
            .withIp("10.300.0.1")
            .endAddress()
            .addNewAddress()
            .withIp("10.3.0.1")
            .endAddress()
            .addNewPort()
            .withPort(80)
            .endPort()
            .endSubset()
            .build());
    cluster.advance(Duration.ofMinutes(1));
    assertThat(cluster.list(Event.class))
        .anyMatch(event -> "InvalidIPAddress".equals(event.getReason()));
    assertThat(cluster.list(EndpointSlice.class))
        .flatExtracting(EndpointSlice::getEndpoints)
        .flatExtracting(endpoint -> endpoint.getAddresses())
        .containsExactly("10.3.0.1");
  }

  @Test
  void aTolerationForLongerThanClocksCountWaits() {
    Pod patient = pod("patient");
    patient
        .getSpec()
        .setTolerations(
            List.of(new Toleration("NoExecute", "odd", "Exists", Long.MAX_VALUE, null)));
    patient.getSpec().setNodeName("tainted");
    Node node = node("tainted", "10.0.0.8/30");
    node.getSpec().setTaints(List.of(new Taint("NoExecute", "odd", null, null)));
    cluster.create(node);
    cluster.create(patient);
    cluster.advance(Duration.ofMinutes(1));
    assertThat(cluster.get(Pod.class, "default", "patient").getMetadata().getDeletionTimestamp())
        .isNull();
  }

  private void status(String name, String phase, String ip) {
    Pod pod = cluster.create(pod(name));
    cluster.updateStatus(
        new PodBuilder(pod)
            .withNewStatus()
            .withPhase(phase)
            .withPodIP(ip)
            .addNewPodIP(ip)
            .endStatus()
            .build());
  }

  private void approve(CertificateSigningRequest request) {
    CertificateSigningRequest created = cluster.create(request);
    cluster.await(
        cluster
            .client()
            .update(
                SigningRequests.TYPE,
                SigningRequests.with(
                    created,
                    new CertificateSigningRequestConditionBuilder()
                        .withType("Approved")
                        .withStatus("True")
                        .withReason("Test")
                        .build()),
                "approval"));
  }

  private static Node node(String name, String cidr) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withPodCIDR(cidr)
        .withPodCIDRs(cidr == null ? List.of() : List.of(cidr))
        .endSpec()
        .build();
  }

  private static Pod pod(String name) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName(name)
        .addToLabels("app", "odd")
        .endMetadata()
        .withNewSpec()
        .withSchedulerName("nobody")
        .addNewContainer()
        .withName("c")
        .withImage("i")
        .endContainer()
        .endSpec()
        .build();
  }

  private static <T extends HasMetadata> T bare(T object) {
    object.getMetadata().setUid(null);
    object.getMetadata().setResourceVersion(null);
    object.getMetadata().setCreationTimestamp(null);
    return object;
  }

  private static Logger logger() {
    Logger logger = (Logger) LoggerFactory.getLogger("dev.kcm");
    logger.setLevel(Level.INFO);
    return logger;
  }
}
