package dev.kcm.controllers.node.devicetainteviction;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodResourceClaim;
import java.util.List;

/**
 * All inputs of one decision.
 *
 * @param pod the pod
 * @param claims those it names that are there and allocated
 */
record DeviceTaintEvictionSnapshot(Pod pod, List<UsedClaim> claims) {

  DeviceTaintEvictionSnapshot {
    claims = List.copyOf(claims);
  }

  static List<PodResourceClaim> claims(Pod pod) {
    return pod.getSpec() == null || pod.getSpec().getResourceClaims() == null
        ? List.of()
        : pod.getSpec().getResourceClaims();
  }
}
