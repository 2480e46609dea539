package dev.kcm.controllers.auth.rootca;

/**
 * Tunables of the root CA publisher.
 *
 * @param certificates what is published, PEM; empty publishes an empty text
 */
public record RootCaConfig(String certificates) {

  /** As upstream runs without flags and without certificates in its kubeconfig. */
  public static RootCaConfig defaults() {
    return new RootCaConfig("");
  }
}
