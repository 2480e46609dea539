package dev.kcm.embedded.nodes;

import java.util.BitSet;

/**
 * Hands out the addresses of one IPv4 range, each to one owner at a time. Confined to one thread.
 */
final class AddressPool {

  private final int base;
  private final int size;
  private final BitSet taken = new BitSet();
  private int next = 1;

  /**
   * @param base first address of the range, which is never handed out
   * @param size number of addresses
   */
  private AddressPool(int base, int size) {
    this.base = base;
    this.size = size;
  }

  /** Addresses for pods: 10.244.0.0/14. */
  static AddressPool forPods() {
    return new AddressPool(10 << 24 | 244 << 16, 1 << 18);
  }

  /** Addresses for nodes: 172.18.0.0/16. */
  static AddressPool forNodes() {
    return new AddressPool(172 << 24 | 18 << 16, 1 << 16);
  }

  /**
   * The next free address, later ones before those given back.
   *
   * @throws IllegalStateException when all are taken
   */
  String take() {
    int free = taken.nextClearBit(next);
    if (free >= size) {
      free = taken.nextClearBit(1);
    }
    if (free >= size) {
      throw new IllegalStateException("All " + size + " addresses are taken");
    }
    taken.set(free);
    next = free + 1;
    return text(base + free);
  }

  /** Notes that an address is in use already; those outside the range do not matter. */
  void claim(String address) {
    int index = index(address);
    if (index > 0 && index < size) {
      taken.set(index);
    }
  }

  /** Gives an address back; those outside the range do not matter. */
  void release(String address) {
    int index = index(address);
    if (index > 0 && index < size) {
      taken.clear(index);
    }
  }

  /** The place of an address in the range, -1 for anything else. */
  private int index(String address) {
    if (!address.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}")) {
      return -1;
    }
    int value = 0;
    for (String part : address.split("\\.", -1)) {
      value = value << 8 | Integer.parseInt(part);
    }
    return value - base;
  }

  private static String text(int address) {
    return "%d.%d.%d.%d"
        .formatted(address >>> 24, address >>> 16 & 0xff, address >>> 8 & 0xff, address & 0xff);
  }
}
