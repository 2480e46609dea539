package dev.kcm.controllers.auth.csrsigning;

import dev.kcm.controllers.shared.certificates.Signer;
import dev.kcm.controllers.shared.certificates.SigningRequests;
import dev.kcm.controllers.shared.certificates.TestCsr;
import dev.kcm.controllers.shared.pki.AuthorityFiles;
import dev.kcm.controllers.shared.pki.TestPki;
import dev.kcm.core.object.ResourceType;
import dev.kcm.testkit.Gen;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.ReconcilerLaws;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class CsrSigningLawsTest extends ReconcilerLaws<CsrSigningSnapshot> {

  private static final Gen<Signer> SIGNER = Gen.pick(List.of(Signer.values()));
  private static final Gen<String> REQUEST = Gen.pick(List.of(TestCsr.NODE, TestCsr.SERVING));
  private static final Gen<String> AUTH = Gen.pick(List.of("client auth", "server auth"));

  @TempDir private static Path directory;
  private static AuthorityFiles files;

  @BeforeAll
  static void read() {
    files = TestPki.files(directory);
  }

  @Override
  protected ResourceType<?> primary() {
    return SigningRequests.TYPE;
  }

  @Override
  protected Gen<List<HasMetadata>> worlds() {
    return random -> {
      List<HasMetadata> world = new ArrayList<>();
      for (int i = Gen.ints(1, 3).next(random); i > 0; i--) {
        world.add(csr("csr-" + i, random));
      }
      return world;
    };
  }

  private static CertificateSigningRequest csr(String name, RandomGenerator random) {
    TestCsr csr =
        TestCsr.named(name)
            .signer(SIGNER.next(random).signerName())
            .request(REQUEST.next(random))
            .usages("digital signature", AUTH.next(random));
    for (String condition : List.of("Approved", "Approved", "Denied", "Failed")) {
      if (random.nextInt(condition.equals("Approved") ? 2 : 5) == 0) {
        csr.with(condition);
      }
    }
    return csr.build();
  }

  @Override
  protected ModelLoop<CsrSigningSnapshot> wire(ModelCaches caches) {
    return CsrSigningReconcilerTest.wire(
        caches,
        new CsrSigningConfig(
            CsrSigningReconcilerTest.all(files), CsrSigningConfig.DEFAULT_LONGEST));
  }

  /** Only what is approved and not denied is signed, and nothing both signed and refused. */
  @Override
  protected void checkBounds(List<HasMetadata> start, ModelCluster cluster) {
    for (CertificateSigningRequest csr : cluster.list(CertificateSigningRequest.class)) {
      boolean signable = SigningRequests.isApproved(csr) && !SigningRequests.isFailed(csr);
      if (SigningRequests.isIssued(csr) && !signable) {
        throw new AssertionError("signed: " + csr);
      }
    }
  }
}
