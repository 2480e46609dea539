package dev.kcm.controllers.node.nodeipam;

/**
 * A range that nodes get theirs from.
 *
 * @param cidr the range, for example {@code 10.244.0.0/16}
 * @param nodeMask prefix length of the range of one node
 */
public record ClusterRange(String cidr, int nodeMask) {

  /**
   * Checks both.
   *
   * @throws IllegalArgumentException when nodes cannot get ranges from it
   */
  public ClusterRange {
    Cidr range =
        Cidr.parse(cidr)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "\"" + cidr + "\" is not an address range as 10.244.0.0/16"));
    CidrSet.requireSize(range, nodeMask);
  }

  Cidr range() {
    return Cidr.parse(cidr).orElseThrow();
  }
}
