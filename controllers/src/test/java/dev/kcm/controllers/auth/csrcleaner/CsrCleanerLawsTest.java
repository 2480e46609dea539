package dev.kcm.controllers.auth.csrcleaner;

import dev.kcm.controllers.shared.certificates.SigningRequests;
import dev.kcm.controllers.shared.certificates.TestCsr;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.testkit.Gen;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.ReconcilerLaws;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

class CsrCleanerLawsTest extends ReconcilerLaws<CsrCleanerSnapshot> {

  private static final Gen<String> CONDITION =
      Gen.pick(List.of("", "Approved", "Denied", "Failed"));
  private static final int LONGEST_AGE_SECONDS = 48 * 3600;

  @Override
  protected ResourceType<?> primary() {
    return SigningRequests.TYPE;
  }

  @Override
  protected List<ObjectKey> keys(ModelCluster cluster) {
    return List.of(CsrCleanerController.PASS);
  }

  @Override
  protected boolean sweeps() {
    return true;
  }

  @Override
  protected Gen<List<HasMetadata>> worlds() {
    return random -> {
      List<HasMetadata> world = new ArrayList<>();
      for (int i = Gen.ints(0, 6).next(random); i > 0; i--) {
        world.add(csr("csr-" + i, random));
      }
      return world;
    };
  }

  private static CertificateSigningRequest csr(String name, RandomGenerator random) {
    Instant created = start().minusSeconds(random.nextInt(LONGEST_AGE_SECONDS));
    TestCsr csr = TestCsr.named(name).created(created);
    String condition = CONDITION.next(random);
    if (!condition.isEmpty()) {
      csr.with(condition, created);
    }
    if (random.nextBoolean()) {
      csr.issued(CsrCleanerReconcilerTest.CERTIFICATE);
    }
    return csr.build();
  }

  @Override
  protected ModelLoop<CsrCleanerSnapshot> wire(ModelCaches caches) {
    return CsrCleanerReconcilerTest.wire(caches);
  }

  /** An approved request that waits for its certificate is never deleted. */
  @Override
  protected void checkBounds(List<HasMetadata> start, ModelCluster cluster) {
    for (HasMetadata object : start) {
      CertificateSigningRequest csr = (CertificateSigningRequest) object;
      boolean waits = SigningRequests.isApproved(csr) && !SigningRequests.isIssued(csr);
      boolean gone =
          cluster
              .get(CertificateSigningRequest.class, ObjectKey.of(csr))
              .filter(found -> found.getMetadata().getDeletionTimestamp() == null)
              .isEmpty();
      if (waits && gone) {
        throw new AssertionError("deleted: " + csr);
      }
    }
  }
}
