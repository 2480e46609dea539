package dev.kcm.daemon.options;

import java.time.Duration;
import java.util.List;

/**
 * What clients of the HTTPS server may read.
 *
 * @param kubeconfig file for access reviews, or empty
 * @param alwaysAllowPaths paths anyone may read; one that ends in {@code *} covers all that start
 *     so
 * @param authorizedTtl how long a permission counts
 * @param unauthorizedTtl how long a refusal counts
 */
public record AuthorizationConfig(
    String kubeconfig,
    List<String> alwaysAllowPaths,
    Duration authorizedTtl,
    Duration unauthorizedTtl) {

  /** Copies the paths. */
  public AuthorizationConfig {
    alwaysAllowPaths = List.copyOf(alwaysAllowPaths);
  }
}
