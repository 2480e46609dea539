package dev.kcm.controllers.auth.rootca;

import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All inputs of one decision.
 *
 * @param namespace its name
 * @param terminating whether the namespace is known to be on its way out
 * @param found the published ConfigMap; null when there is none
 * @param config tunables
 */
record RootCaSnapshot(
    String namespace, boolean terminating, @Nullable ConfigMap found, RootCaConfig config) {

  /** Name of the published ConfigMap. */
  static final String CONFIG_MAP = "kube-root-ca.crt";

  Optional<ConfigMap> published() {
    return Optional.ofNullable(found);
  }
}
