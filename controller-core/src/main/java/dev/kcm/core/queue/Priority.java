package dev.kcm.core.queue;

/** Priorities of keys: a higher number goes first. */
public final class Priority {

  /** Of keys that nothing is said about: 0. */
  public static final int NORMAL = 0;

  /** Of keys that a restart or a resync brings, behind which no change should wait: -100. */
  public static final int BACKGROUND = -100;

  /** The lowest priority a queue takes: -10 000. */
  public static final int LOWEST = -10_000;

  /** The highest priority a queue takes: 10 000. */
  public static final int HIGHEST = 10_000;

  private Priority() {}

  static int checked(int priority) {
    if (priority < LOWEST || priority > HIGHEST) {
      throw new IllegalArgumentException(
          "the priority of a key is %d, allowed: %d to %d".formatted(priority, LOWEST, HIGHEST));
    }
    return priority;
  }
}
