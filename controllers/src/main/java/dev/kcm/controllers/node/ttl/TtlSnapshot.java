package dev.kcm.controllers.node.ttl;

import io.fabric8.kubernetes.api.model.Node;

/**
 * All inputs of one decision.
 *
 * @param node the node
 * @param seconds how long kubelets of a cluster of this size may cache
 */
record TtlSnapshot(Node node, int seconds) {}
