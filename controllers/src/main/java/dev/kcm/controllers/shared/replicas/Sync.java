package dev.kcm.controllers.shared.replicas;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;

/**
 * One run of the engine, from the moment it knows its pods.
 *
 * @param snapshot the inputs
 * @param pods active pods the owner has after claiming
 * @param now time of the decision; all of the run uses the same
 */
record Sync(ReplicasSnapshot snapshot, List<Pod> pods, Instant now) {

  Sync {
    pods = List.copyOf(pods);
  }

  ReplicaOwner owner() {
    return snapshot.owner();
  }

  ReplicasConfig config() {
    return snapshot.config();
  }
}
