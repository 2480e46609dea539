package dev.kcm.controllers.auth.bootstrapsigner;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;

/**
 * All inputs of one decision.
 *
 * @param clusterInfo what is signed
 * @param tokens all bootstrap tokens, valid or not, in any order
 */
record BootstrapSignerSnapshot(ConfigMap clusterInfo, List<Secret> tokens) {

  BootstrapSignerSnapshot {
    tokens = List.copyOf(tokens);
  }
}
