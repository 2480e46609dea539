package dev.kcm.controllers.node.nodelifecycle;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;

/**
 * All inputs of one decision about a pod that got a node.
 *
 * @param pod the pod
 * @param node its node
 */
record StrandedPodSnapshot(Pod pod, Node node) {}
