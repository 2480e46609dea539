package dev.kcm.controllers.node.tainteviction;

import dev.kcm.controllers.shared.pods.DisruptionCondition;

/**
 * Texts users see.
 *
 * <p>Immutable.
 */
final class TaintEvictionReasons {

  static final String EVICTION = "TaintManagerEviction";
  static final String MARKING = "Marking for deletion Pod ";
  static final String CANCELLING = "Cancelling deletion of Pod ";
  static final DisruptionCondition CONDITION =
      new DisruptionCondition(
          "DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint");

  private TaintEvictionReasons() {}
}
