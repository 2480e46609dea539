package dev.kcm.controllers.auth.csrcleaner;

import static dev.kcm.testkit.PlanAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.certificates.SigningRequests;
import dev.kcm.controllers.shared.certificates.TestCsr;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Verdict;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.FaultyServer;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.Rehearsal;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestList;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsrCleanerReconcilerTest {

  /** Holds from 2026-11-20 to 2027-11-20. */
  static final String CERTIFICATE = certificate();

  private static final Instant NOW = Instant.parse("2026-11-25T00:00:00Z");
  private static final Instant BEYOND = Instant.parse("2027-11-20T10:30:10Z");

  private final ModelCluster cluster = ModelCluster.of(VirtualEnvironment.seeded(1), List.of());
  private final ModelCaches caches = ModelCaches.of(cluster, 1);
  private final ModelLoop<CsrCleanerSnapshot> loop = wire(caches);

  @ParameterizedTest
  @CsvSource({
    "Approved, PT59M, PT59M, '', '', false",
    "Approved, PT61M, PT61M, '', '', false",
    "Approved, PT61M, PT61M, good, '', true",
    "Approved, PT60M, PT60M, good, '', false",
    "Denied, PT59M, PT59M, '', '', false",
    "Denied, PT61M, PT61M, '', '', true",
    "Failed, PT59M, PT59M, '', '', false",
    "Failed, PT61M, PT61M, '', '', true",
    "'', PT23H, '', '', '', false",
    "'', PT25H, '', '', '', true",
    "Approved, PT30M, PT30M, good, '', false",
    "Approved, PT30M, PT30M, good, expired, true",
    "Approved, PT61M, PT61M, broken, expired, true",
    "Approved, PT30M, PT30M, broken, expired, false",
    "Approved, PT30H, '', good, '', false",
    "Other, PT30H, PT30H, '', '', false",
  })
  @DisplayName("Approved, denied, failed, pending and issued; young and old; expired or unparsable")
  void deletesWhatIsOfNoMoreUse(
      String condition,
      Duration createdAgo,
      String updatedAgo,
      String certificate,
      String expired,
      boolean deleted) {
    Instant now = expired.isEmpty() ? NOW : BEYOND;
    TestCsr csr = TestCsr.named("csr").created(now.minus(createdAgo));
    if (!condition.isEmpty()) {
      csr.with(condition, updatedAgo.isEmpty() ? null : now.minus(Duration.parse(updatedAgo)));
    }
    if (!certificate.isEmpty()) {
      csr.issued(certificate.equals("good") ? CERTIFICATE : "eA==");
    }
    Plan plan =
        new CsrCleanerReconciler().decide(new CsrCleanerSnapshot(List.of(csr.build())), now);
    assertThat(plan)
        .deletes(deleted ? 1 : 0, CertificateSigningRequest.class)
        .looksAgainAfter(Duration.ofHours(1));
  }

  @Test
  void deletesTheIncarnationSeenAndAsOftenAsNeeded() {
    putPending();
    Rehearsal run = loop.run(CsrCleanerController.PASS);
    assertThat(run).deletes(CertificateSigningRequest.class, "a", "b");
    assertThat(run.tried(Action.Delete.class).get(0).uid()).isEqualTo("uid-of-a");
    caches.catchUp();
    assertThat(loop.run(CsrCleanerController.PASS)).hasNoActions();
  }

  @Test
  @DisplayName("A deletion that fails does not keep others, and is tried again")
  void oneFailureKeepsNoOther() {
    putPending();
    FaultyServer server =
        FaultyServer.before(cluster)
            .rejectOnly(Action.Delete.class, 1, ApiError.of(ApiError.Kind.SERVER_ERROR, 500, "no"));
    Rehearsal run = loop.run(CsrCleanerController.PASS, server);
    assertThat(run.tried(Action.Delete.class)).hasSize(2);
    assertThat(run.verdict()).isInstanceOf(Verdict.Retry.class);
  }

  private void putPending() {
    Instant old = cluster.environment().wallClock().now().minus(Duration.ofHours(25));
    cluster.put(TestCsr.named("b").created(old).build());
    cluster.put(TestCsr.named("a").created(old).build());
    caches.catchUp();
  }

  private static String certificate() {
    try (InputStream in =
        CsrCleanerReconcilerTest.class.getResourceAsStream(
            "/dev/kcm/controllers/shared/pki/issued.json")) {
      return SigningRequests.certificate(
          Serialization.unmarshal(in, CertificateSigningRequestList.class).getItems().get(0));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static ModelLoop<CsrCleanerSnapshot> wire(ModelCaches caches) {
    var requests = caches.informer(SigningRequests.TYPE);
    return ModelLoop.<CsrCleanerSnapshot>over(caches)
        .on(requests, Enqueue.<CertificateSigningRequest>to(request -> List.of()))
        .reading(new CsrCleanerReader(requests.lister()))
        .deciding(new CsrCleanerReconciler());
  }
}
