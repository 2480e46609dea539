package dev.kcm.controllers.node.ttl;

import java.util.List;

/**
 * The orders of size of clusters, and how long kubelets cache in each. Neighbours overlap, so that
 * a cluster at a border stays in the order it is in.
 *
 * @param least fewest nodes before the next smaller one applies
 * @param most most nodes before the next greater one applies
 * @param seconds how long kubelets may cache
 */
record ClusterSizeOrder(int least, int most, int seconds) {

  static final List<ClusterSizeOrder> ALL =
      List.of(
          new ClusterSizeOrder(0, 100, 0),
          new ClusterSizeOrder(90, 500, 15),
          new ClusterSizeOrder(450, 1000, 30),
          new ClusterSizeOrder(900, 2000, 60),
          new ClusterSizeOrder(1800, Integer.MAX_VALUE, 300));

  /**
   * The order a cluster is in now, as an index of {@link #ALL}.
   *
   * @param before the order it was in
   * @param nodes how many there are
   */
  static int next(int before, int nodes) {
    int order = before;
    while (nodes > ALL.get(order).most) {
      order++;
    }
    while (nodes < ALL.get(order).least) {
      order--;
    }
    return order;
  }
}
