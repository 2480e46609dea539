package dev.kcm.controllers.shared.replicas;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;

/**
 * All inputs of one decision.
 *
 * @param owner who wants the replicas
 * @param candidates pods it controls and orphans of its namespace, in any state and order
 * @param related pods of owners under the same controller, each once, in any order; may be left
 *     empty when nothing is to be deleted
 * @param settled whether everything earlier runs created and deleted has been seen to arrive
 * @param config tunables
 */
public record ReplicasSnapshot(
    ReplicaOwner owner,
    List<Pod> candidates,
    List<Pod> related,
    boolean settled,
    ReplicasConfig config) {

  public ReplicasSnapshot {
    candidates = List.copyOf(candidates);
    related = List.copyOf(related);
  }
}
