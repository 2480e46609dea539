package dev.kcm.daemon.profiles;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Amounts by stack.
 *
 * <p>Confined to the thread that fills it, then read only.
 */
final class StackProfile {

  private final List<Amount> amounts;
  private final Map<List<Frame>, long[]> values = new LinkedHashMap<>();

  /**
   * What a number says.
   *
   * @param type for example {@code alloc_space}
   * @param unit for example {@code bytes}
   */
  record Amount(String type, String unit) {}

  /**
   * @param amounts what is kept of each stack; the last is what is shown where only one can be
   */
  StackProfile(Amount... amounts) {
    this.amounts = List.of(amounts);
  }

  List<Amount> amounts() {
    return amounts;
  }

  /** Amounts by stack, the innermost frame first. */
  Map<List<Frame>, long[]> values() {
    return values;
  }

  /**
   * Adds to a stack.
   *
   * @param stack the innermost frame first; not empty
   * @param added one number for each amount
   */
  void add(List<Frame> stack, long... added) {
    long[] sums = values.computeIfAbsent(stack, s -> new long[amounts.size()]);
    for (int i = 0; i < sums.length; i++) {
      sums[i] += added[i];
    }
  }

  /** Sum of the last amount. */
  long total() {
    return values.values().stream().mapToLong(StackProfile::last).sum();
  }

  /** The stacks with their last amount, the greatest first. */
  List<Map.Entry<List<Frame>, long[]>> sorted() {
    return values.entrySet().stream()
        .sorted(
            Comparator.comparingLong(
                    (Map.Entry<List<Frame>, long[]> entry) -> last(entry.getValue()))
                .reversed())
        .toList();
  }

  static long last(long[] sums) {
    return sums[sums.length - 1];
  }
}
