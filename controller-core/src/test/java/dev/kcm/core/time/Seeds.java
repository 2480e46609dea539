package dev.kcm.core.time;

/** Plays a random world for each of a row of seeds, and says which. */
public final class Seeds {

  private Seeds() {}

  /** One world. */
  @FunctionalInterface
  public interface Play {
    void play(long seed) throws Exception;
  }

  /**
   * Plays the seeds from first to last and prints the row; a failure names its seed.
   *
   * @param what stands in the report
   */
  public static void each(String what, long first, long last, Play play) {
    System.out.printf("%s: seeds %d to %d%n", what, first, last);
    for (long seed = first; seed <= last; seed++) {
      try {
        play.play(seed);
      } catch (Exception | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }
}
