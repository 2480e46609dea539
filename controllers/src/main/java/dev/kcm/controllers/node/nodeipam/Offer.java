package dev.kcm.controllers.node.nodeipam;

import java.util.List;

/** What the ledger has for a node. */
sealed interface Offer {

  /** The node has ranges, and they are known. */
  record Held() implements Offer {}

  /**
   * The node has ranges that cannot be right.
   *
   * @param why what is wrong
   */
  record Refused(String why) implements Offer {}

  /**
   * Ranges set aside for the node, until it has them or is gone.
   *
   * @param cidrs one of each cluster range, in order
   */
  record Reserved(List<String> cidrs) implements Offer {

    public Reserved {
      cidrs = List.copyOf(cidrs);
    }
  }

  /**
   * There are no ranges left.
   *
   * @param why the error text
   */
  record Exhausted(String why) implements Offer {}
}
