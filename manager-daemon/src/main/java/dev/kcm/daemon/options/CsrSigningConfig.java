package dev.kcm.daemon.options;

import java.time.Duration;

/**
 * Settings of the controller that issues certificates.
 *
 * @param all the pair for all four signers; empty files if there is none or each has its own
 * @param kubeletServing the pair for {@code kubernetes.io/kubelet-serving}
 * @param kubeletClient the pair for {@code kubernetes.io/kube-apiserver-client-kubelet}
 * @param apiServerClient the pair for {@code kubernetes.io/kube-apiserver-client}
 * @param legacyUnknown the pair for {@code kubernetes.io/legacy-unknown}
 * @param duration longest validity of a certificate
 */
public record CsrSigningConfig(
    Pair all,
    Pair kubeletServing,
    Pair kubeletClient,
    Pair apiServerClient,
    Pair legacyUnknown,
    Duration duration) {

  /**
   * A certificate with its key.
   *
   * @param certFile file with the CA certificate, or empty
   * @param keyFile file with its key, or empty
   */
  public record Pair(String certFile, String keyFile) {

    /** Tells whether both files are given. */
    public boolean isComplete() {
      return !certFile.isEmpty() && !keyFile.isEmpty();
    }

    /** Tells whether neither file is given. */
    public boolean isEmpty() {
      return certFile.isEmpty() && keyFile.isEmpty();
    }
  }
}
