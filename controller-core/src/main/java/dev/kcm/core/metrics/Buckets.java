package dev.kcm.core.metrics;

/** Upper bounds of histogram buckets, as exact as upstream's own arithmetic makes them. */
public final class Buckets {

  private static final double NANOS_PER_SECOND = 1e9;

  private Buckets() {}

  /** The bounds of the {@code workqueue_*_duration_seconds} series: 10 ns to 10 s, in seconds. */
  public static double[] workQueueSeconds() {
    return exponential(10e-9, 10, 10);
  }

  /**
   * Bounds that grow by a factor. Each is the one before times the factor, rounding errors
   * included, because the printed bound is part of a series' identity.
   *
   * @param start the first bound, above 0
   * @param factor above 1
   * @param count how many, 1 or more
   * @throws IllegalArgumentException when an argument is out of range
   */
  public static double[] exponential(double start, double factor, int count) {
    if (!(start > 0) || !(factor > 1) || count < 1) {
      throw new IllegalArgumentException(
          String.format(
              "buckets need start > 0, factor > 1, count >= 1, got %s, %s, %d",
              start, factor, count));
    }
    double[] bounds = new double[count];
    double bound = start;
    for (int i = 0; i < count; i++) {
      bounds[i] = bound;
      bound *= factor;
    }
    return bounds;
  }

  /**
   * A bound of a timer as it was given. Micrometer keeps a timer's bounds in whole nanoseconds, so
   * that 9.999999999999999e-06 s comes back as 1e-05 s; whoever prints a scrape and wants
   * upstream's text asks here.
   *
   * @param given the bounds the histogram was registered with, in seconds
   * @param kept a bound as the registry has it, in seconds
   * @return the given bound that is the same nanosecond, or {@code kept} when there is none
   */
  public static double asGiven(double[] given, double kept) {
    for (double bound : given) {
      if (Math.round(bound * NANOS_PER_SECOND) == Math.round(kept * NANOS_PER_SECOND)) {
        return bound;
      }
    }
    return kept;
  }
}
