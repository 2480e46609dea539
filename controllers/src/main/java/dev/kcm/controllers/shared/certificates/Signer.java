package dev.kcm.controllers.shared.certificates;

import dev.kcm.controllers.shared.pki.CertificateRequest;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The signers of Kubernetes, and what each lets pass. */
public enum Signer {
  /** Serving certificates of kubelets. */
  KUBELET_SERVING("kubernetes.io/kubelet-serving") {
    @Override
    public Optional<String> problem(CertificateRequest request, Collection<String> usages) {
      return KubeletRules.servingProblem(request, usages);
    }
  },
  /** Client certificates of kubelets. */
  KUBELET_CLIENT("kubernetes.io/kube-apiserver-client-kubelet") {
    @Override
    public Optional<String> problem(CertificateRequest request, Collection<String> usages) {
      return KubeletRules.clientProblem(request, usages);
    }
  },
  /** Client certificates of anybody. */
  API_CLIENT("kubernetes.io/kube-apiserver-client") {
    @Override
    public Optional<String> problem(CertificateRequest request, Collection<String> usages) {
      return clientUsageProblem(usages);
    }
  },
  /** Certificates nobody vouches for. */
  LEGACY_UNKNOWN("kubernetes.io/legacy-unknown") {
    @Override
    public Optional<String> problem(CertificateRequest request, Collection<String> usages) {
      return Optional.empty();
    }
  };

  private static final String CLIENT_AUTH = "client auth";
  private static final Set<String> CLIENT_USAGES =
      Set.of(CLIENT_AUTH, "digital signature", "key encipherment");

  private final String signerName;

  Signer(String signerName) {
    this.signerName = signerName;
  }

  /** Its name in requests. */
  public String signerName() {
    return signerName;
  }

  /** The names of all of them. */
  public static List<String> names() {
    return Stream.of(values()).map(Signer::signerName).toList();
  }

  /** The signer of a name; empty for others than those of Kubernetes. */
  public static Optional<Signer> named(String signerName) {
    return List.of(values()).stream()
        .filter(signer -> signer.signerName.equals(signerName))
        .findFirst();
  }

  /**
   * The first thing that keeps it from signing a request, as it stands in the condition.
   *
   * @param usages of the request, in any order
   */
  public abstract Optional<String> problem(CertificateRequest request, Collection<String> usages);

  private static Optional<String> clientUsageProblem(Collection<String> usages) {
    Set<String> others = new TreeSet<>(usages);
    others.removeAll(CLIENT_USAGES);
    if (!others.isEmpty()) {
      return Optional.of("invalid usage for client certificate: " + others.iterator().next());
    }
    return new HashSet<>(usages).contains(CLIENT_AUTH)
        ? Optional.empty()
        : Optional.of("missing required usage for client certificate: " + CLIENT_AUTH);
  }
}
