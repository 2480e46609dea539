package dev.kcm.controllers.node.nodeipam;

import java.math.BigInteger;
import java.util.BitSet;
import java.util.Optional;

/**
 * Which blocks of one cluster range are taken. They are given out in order, and those given back
 * only after all others.
 *
 * <p>Guarded by the lock of its {@code CidrLedger}.
 */
final class CidrSet {

  private static final int MOST_V6_BITS = 16;
  private static final int MOST_V4_BITS = 30;

  private final Cidr cluster;
  private final int nodeMask;
  private final int capacity;
  private final CidrMeters meters;
  private final BitSet taken = new BitSet();
  private int count;
  private int next;

  CidrSet(Cidr cluster, int nodeMask, CidrMeters meters) {
    requireSize(cluster, nodeMask);
    this.cluster = cluster;
    this.nodeMask = nodeMask;
    this.capacity = 1 << (nodeMask - cluster.prefix());
    this.meters = meters;
    meters.capacity(capacity);
  }

  static void requireSize(Cidr cluster, int nodeMask) {
    int between = nodeMask - cluster.prefix();
    if (between < 0 || nodeMask > cluster.bits()) {
      throw new IllegalArgumentException(
          "node ranges of /%d do not fit into %s: allowed are /%d to /%d"
              .formatted(nodeMask, cluster.text(), cluster.prefix(), cluster.bits()));
    }
    if (between > (cluster.v6() ? MOST_V6_BITS : MOST_V4_BITS)) {
      throw new IllegalArgumentException(
          "New CIDR set failed; the node CIDR size is too big: /%d in %s"
              .formatted(nodeMask, cluster.text()));
    }
  }

  /** Takes the next block that is free; empty when there is none. */
  Optional<Cidr> allocateNext() {
    if (count == capacity) {
      return Optional.empty();
    }
    int free = taken.nextClearBit(next);
    if (free >= capacity) {
      free = taken.nextClearBit(0);
    }
    meters.tries(Math.floorMod(free - next, capacity));
    next = (free + 1) % capacity;
    set(free, free, true);
    return Optional.of(block(free));
  }

  /**
   * Takes all blocks that overlap.
   *
   * @throws IllegalArgumentException when there are none
   */
  void occupy(Cidr cidr) {
    mark(cidr, true);
  }

  /**
   * Gives all blocks back that overlap.
   *
   * @throws IllegalArgumentException when there are none
   */
  void release(Cidr cidr) {
    mark(cidr, false);
  }

  /** Whether a range of services lies in it, or around it. */
  boolean touches(Cidr services) {
    return cluster.contains(services) || services.contains(cluster);
  }

  int allocated() {
    return count;
  }

  Cidr block(int index) {
    BigInteger offset = BigInteger.valueOf(index).shiftLeft(cluster.bits() - nodeMask);
    return new Cidr(cluster.base().add(offset), nodeMask, cluster.v6());
  }

  /** The number of the block an address range begins in. */
  int index(Cidr cidr) {
    return indexOf(cidr.base());
  }

  private int indexOf(BigInteger address) {
    return address.subtract(cluster.base()).shiftRight(cluster.bits() - nodeMask).intValueExact();
  }

  private void mark(Cidr cidr, boolean take) {
    if (cidr.v6() == cluster.v6() && cidr.prefix() <= cluster.prefix() && cidr.contains(cluster)) {
      set(0, capacity - 1, take);
    } else if (cluster.contains(cidr)) {
      set(indexOf(cidr.base()), indexOf(cidr.last()), take);
    } else {
      throw new IllegalArgumentException(
          "cidr %s is out the range of cluster cidr %s".formatted(cidr.text(), cluster.text()));
    }
  }

  private void set(int first, int last, boolean take) {
    int before = taken.cardinality();
    taken.set(first, last + 1, take);
    int after = taken.cardinality();
    count = after;
    meters.changed(after - before, (double) after / capacity);
  }
}
