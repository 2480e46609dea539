package dev.kcm.controllers.node.podgc;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;

/**
 * All inputs of one pass.
 *
 * @param terminated pods that have come to their end, in any order
 * @param outOfService pods being deleted on nodes that are out of service, in any order
 * @param orphansByNode pods by the name of a node that has not been known for long enough
 * @param unscheduled pods being deleted that have no node, in any order
 * @param observedGeneration whether the generation is written into the status
 * @param config tunables
 */
record PodGcSnapshot(
    List<Pod> terminated,
    List<Pod> outOfService,
    Map<String, List<Pod>> orphansByNode,
    List<Pod> unscheduled,
    boolean observedGeneration,
    PodGcConfig config) {

  PodGcSnapshot {
    terminated = List.copyOf(terminated);
    outOfService = List.copyOf(outOfService);
    orphansByNode = Map.copyOf(orphansByNode);
    unscheduled = List.copyOf(unscheduled);
  }
}
