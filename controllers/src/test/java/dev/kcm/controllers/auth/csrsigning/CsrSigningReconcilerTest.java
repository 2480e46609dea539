package dev.kcm.controllers.auth.csrsigning;

import static dev.kcm.testkit.PlanAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.controllers.shared.certificates.Signer;
import dev.kcm.controllers.shared.certificates.SigningRequests;
import dev.kcm.controllers.shared.certificates.TestCsr;
import dev.kcm.controllers.shared.pki.AuthorityFiles;
import dev.kcm.controllers.shared.pki.TestPki;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.Rehearsal;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestCondition;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsrSigningReconcilerTest {

  private static final ObjectKey KEY = new ObjectKey("", "csr");
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir private Path directory;
  private final VirtualEnvironment environment = VirtualEnvironment.seeded(1);
  private final ModelCluster cluster = ModelCluster.of(environment, List.of());
  private final ModelCaches caches = ModelCaches.of(cluster, 1);
  private AuthorityFiles files;

  @BeforeEach
  void read() {
    files = TestPki.files(directory);
  }

  @ParameterizedTest
  @CsvSource({
    "kubernetes.io/kubelet-serving, 'digital signature,key encipherment,server auth'",
    "kubernetes.io/kubelet-serving, 'digital signature,server auth'",
    "kubernetes.io/kube-apiserver-client-kubelet,"
        + " 'digital signature,key encipherment,client auth'",
    "kubernetes.io/kube-apiserver-client-kubelet, 'digital signature,client auth'",
    "kubernetes.io/kube-apiserver-client, 'digital signature,key encipherment,client auth'",
    "kubernetes.io/kube-apiserver-client, 'digital signature,client auth'",
    "kubernetes.io/legacy-unknown, 'digital signature,key encipherment,any'",
  })
  @DisplayName("Handle table: each signer signs a fitting approved request with one status write")
  void signsWhatFits(String signer, String usages) throws CertificateException {
    Rehearsal run =
        run(
            TestCsr.named("csr")
                .signer(signer)
                .request(signer.endsWith("serving") ? TestCsr.SERVING : TestCsr.NODE)
                .usages(usages.split(","))
                .with("Approved"));
    assertThat(run).updatesStatus(1, CertificateSigningRequest.class);
    assertThat(run.actions()).hasSize(1);
    X509Certificate issued = issued();
    assertThat(issued.getSubjectX500Principal().getName())
        .isEqualTo("CN=system:node:n,O=system:nodes");
    assertThat(issued.getSerialNumber()).isEqualTo(BigInteger.valueOf(42));
    assertThat(issued.getKeyUsage()[2]).isEqualTo(usages.contains("encipherment"));
    assertThat(issued.getBasicConstraints()).isEqualTo(-1);
  }

  @Test
  @DisplayName("Handle table: API client with an unexpected usage gets Failed and no certificate")
  void refusesWhatDoesNotFit() {
    Rehearsal run =
        run(
            TestCsr.named("csr")
                .signer("kubernetes.io/kube-apiserver-client")
                .usages("client auth", "server auth")
                .with("Approved"));
    assertThat(run).updatesStatus(1, CertificateSigningRequest.class);
    CertificateSigningRequest failed = stored();
    assertThat(failed.getStatus().getCertificate()).isNull();
    assertThat(failed.getStatus().getConditions())
        .extracting(CertificateSigningRequestCondition::getType)
        .containsExactly("Approved", "Failed");
    CertificateSigningRequestCondition condition = failed.getStatus().getConditions().get(1);
    assertThat(condition.getStatus()).isEqualTo("True");
    assertThat(condition.getReason()).isEqualTo("SignerValidationFailure");
    assertThat(condition.getMessage())
        .isEqualTo("invalid usage for client certificate: server auth");
    assertThat(condition.getLastUpdateTime()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(condition.getLastTransitionTime()).isNull();
    assertThat(again()).hasNoActions();
  }

  @ParameterizedTest
  @CsvSource({
    "'', True, true",
    "Approved:Denied, True, true",
    "Approved:Failed, True, true",
    "Approved:Failed, '', true",
    "Approved:Failed, False, false",
    "Denied, True, true",
  })
  @DisplayName("Handle table: not approved, denied or failed: nothing")
  void looksAtConditions(String conditions, String status, boolean nothing) {
    TestCsr csr = TestCsr.named("csr");
    Arrays.stream(conditions.split(":"))
        .filter(type -> !type.isEmpty())
        .forEach(type -> csr.with(type, status, null));
    assertThat(run(csr).actions().isEmpty()).isEqualTo(nothing);
  }

  @Test
  void leavesAloneWhatIsIssuedOrForOthers() {
    assertThat(run(TestCsr.named("csr").with("Approved").issued("eA=="))).hasNoActions();
    assertThat(run(TestCsr.named("csr").with("Approved").signer("example.com/own"))).hasNoActions();
    ModelLoop<CsrSigningSnapshot> loop =
        wire(caches, new CsrSigningConfig(Map.of(Signer.LEGACY_UNKNOWN, files), HOUR));
    cluster.put(TestCsr.named("csr").with("Approved").build());
    caches.catchUp();
    assertThat(loop.run(KEY)).hasNoActions();
  }

  @ParameterizedTest
  @CsvSource({
    "1800, PT30M",
    "10800, PT1H",
    "-60, PT10M",
    "599, PT10M",
    "600, PT10M",
    "3600, PT1H",
    ", PT1H",
  })
  @DisplayName("Duration table with D = 1 h; notBefore is 5 min ago")
  void livesAsLongAsAskedForWithinBounds(Integer asked, Duration lifetime)
      throws CertificateException {
    run(TestCsr.named("csr").with("Approved").expiringAfter(asked));
    Instant now = environment.wallClock().now();
    assertThat(issued().getNotBefore().toInstant()).isEqualTo(now.minusSeconds(300));
    assertThat(issued().getNotAfter().toInstant()).isEqualTo(now.plus(lifetime));
  }

  @Test
  void aLongestLifeBelowTenMinutesHolds() {
    assertThat(CsrSigningReconciler.lifetime(600, Duration.ofMinutes(5)))
        .isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  @DisplayName("A CA that has ended signs nothing, and the request is tried again")
  void anEndedAuthorityIsTriedAgain() {
    files = TestPki.files(directory, environment.wallClock().now());
    assertThat(run(TestCsr.named("csr").with("Approved")))
        .hasNoActions()
        .retriesBecause(
            "error auto signing csr: refusing to sign a certificate that expired in the past:"
                + " NotAfter=2026-01-01T00:00:00Z");
  }

  @Test
  @DisplayName("Usage table: unknown is an error")
  void unknownUsagesAreTriedAgain() {
    assertThat(
            run(
                TestCsr.named("csr")
                    .signer("kubernetes.io/legacy-unknown")
                    .usages("x")
                    .with("Approved")))
        .hasNoActions()
        .retriesBecause("error auto signing csr: unrecognized usage values: [\"x\"]");
  }

  @Test
  void whatIsNoRequestIsTriedAgain() {
    assertThat(run(TestCsr.named("csr").request("").with("Approved")))
        .hasNoActions()
        .retriesBecause("unable to parse csr \"csr\": PEM block type must be CERTIFICATE REQUEST");
  }

  @Test
  void everyEventLeadsToTheRequest() {
    ModelLoop<CsrSigningSnapshot> loop = wire(caches, config());
    CertificateSigningRequest csr = TestCsr.named("csr").build();
    cluster.put(csr);
    caches.catchUp();
    assertThat(loop.takeQueued()).containsExactly(KEY);
    cluster.remove(csr);
    caches.catchUp();
    assertThat(loop.takeQueued()).containsExactly(KEY);
    assertThat(loop.run(KEY)).hasNoActions();
  }

  @Test
  void theLongestLifeMustBeOne() {
    assertThatThrownBy(() -> new CsrSigningConfig(Map.of(), Duration.ZERO))
        .hasMessage("cluster-signing-duration is PT0S, allowed: more than zero");
  }

  private Rehearsal run(TestCsr csr) {
    cluster.put(csr.build());
    return again();
  }

  private Rehearsal again() {
    ModelLoop<CsrSigningSnapshot> loop = wire(caches, config());
    caches.catchUp();
    return loop.run(KEY);
  }

  private CsrSigningConfig config() {
    return new CsrSigningConfig(all(files), HOUR);
  }

  static Map<Signer, AuthorityFiles> all(AuthorityFiles files) {
    return Arrays.stream(Signer.values())
        .collect(Collectors.toMap(Function.identity(), s -> files));
  }

  private CertificateSigningRequest stored() {
    return cluster.get(CertificateSigningRequest.class, KEY).orElseThrow();
  }

  private X509Certificate issued() throws CertificateException {
    byte[] pem = Base64.getDecoder().decode(stored().getStatus().getCertificate());
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
  }

  static ModelLoop<CsrSigningSnapshot> wire(ModelCaches caches, CsrSigningConfig config) {
    var requests = caches.informer(SigningRequests.TYPE);
    return ModelLoop.<CsrSigningSnapshot>over(caches)
        .on(requests, Enqueue.self())
        .reading(new CsrSigningReader(config, requests.lister(), () -> BigInteger.valueOf(42)))
        .deciding(new CsrSigningReconciler());
  }
}
