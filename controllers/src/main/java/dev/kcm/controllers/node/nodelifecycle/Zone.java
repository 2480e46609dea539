package dev.kcm.controllers.node.nodelifecycle;

import io.fabric8.kubernetes.api.model.Node;
import java.util.List;

/**
 * A zone as it is now.
 *
 * @param ready how many of its nodes are ready
 * @param notReady how many are not
 * @param waiting nodes that are to be tainted when it is their turn
 */
record Zone(int ready, int notReady, List<Node> waiting) {

  /** How it stands with a zone. */
  enum State {
    /** Well enough. */
    NORMAL,
    /** A great part is lost. */
    PARTIAL,
    /** All is lost. */
    FULL
  }

  Zone {
    waiting = List.copyOf(waiting);
  }

  int size() {
    return ready + notReady;
  }

  State state(double threshold) {
    if (ready == 0 && notReady > 0) {
      return State.FULL;
    }
    return notReady > 2 && (double) notReady / size() >= threshold ? State.PARTIAL : State.NORMAL;
  }
}
