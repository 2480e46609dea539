package dev.kcm.controllers.node.nodelifecycle;

/**
 * What is remembered of a node.
 *
 * @param uid incarnation whose appearance was told; empty for none
 * @param marksPods whether its pods have to be marked as not ready: it fell silent, and until it is
 *     ready again no pod may have been missed
 */
record NodeMemory(String uid, boolean marksPods) {

  static final NodeMemory NONE = new NodeMemory("", false);
}
