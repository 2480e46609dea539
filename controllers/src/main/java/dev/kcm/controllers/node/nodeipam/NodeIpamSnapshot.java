package dev.kcm.controllers.node.nodeipam;

import io.fabric8.kubernetes.api.model.Node;

/**
 * All inputs of one decision.
 *
 * @param node the node
 * @param offer what there is for it
 */
record NodeIpamSnapshot(Node node, Offer offer) {}
