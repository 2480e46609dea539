package dev.kcm.controllers.auth.csrapproving;

import dev.kcm.controllers.shared.certificates.Signer;
import dev.kcm.controllers.shared.certificates.SigningRequests;
import dev.kcm.controllers.shared.certificates.TestCsr;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.testkit.Gen;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.ReconcilerLaws;
import dev.kcm.testkit.Responder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

class CsrApprovingLawsTest extends ReconcilerLaws<CsrApprovingSnapshot> {

  private static final Gen<String> REQUEST = Gen.pick(List.of(TestCsr.NODE, TestCsr.SERVING));
  private static final Gen<String> USER = Gen.pick(List.of("system:node:n", "other"));
  private static final Gen<Signer> SIGNER =
      Gen.pick(List.of(Signer.KUBELET_CLIENT, Signer.KUBELET_CLIENT, Signer.KUBELET_SERVING));

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
            .by(USER.next(random));
    if (random.nextInt(4) == 0) {
      csr.with(random.nextBoolean() ? "Approved" : "Denied");
    }
    return csr.build();
  }

  /** Any node's permission is everybody's here; the own one is nobody's. */
  @Override
  protected Responder server(ModelCluster cluster) {
    return CsrApprovingReconcilerTest.server(
        cluster, spec -> spec.getResourceAttributes().getSubresource().equals("nodeclient"));
  }

  @Override
  protected ModelLoop<CsrApprovingSnapshot> wire(ModelCaches caches) {
    return CsrApprovingReconcilerTest.wire(caches);
  }

  /** A serving certificate, and one that was denied, are never approved. */
  @Override
  protected void checkBounds(List<HasMetadata> start, ModelCluster cluster) {
    for (HasMetadata object : start) {
      CertificateSigningRequest before = (CertificateSigningRequest) object;
      CertificateSigningRequest after =
          cluster.get(CertificateSigningRequest.class, ObjectKey.of(before)).orElseThrow();
      boolean approved =
          SigningRequests.has(after, "Approved") && !SigningRequests.has(before, "Approved");
      boolean serving =
          before.getSpec().getSignerName().equals(Signer.KUBELET_SERVING.signerName());
      if (approved && (serving || SigningRequests.has(before, "Denied"))) {
        throw new AssertionError("approved: " + after);
      }
    }
  }
}
