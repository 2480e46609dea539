package dev.kcm.core.manager;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a stop went, step by step, in the order the steps were taken.
 *
 * @param steps what was done
 */
public record StopReport(List<Step> steps) {

  public StopReport {
    steps = List.copyOf(steps);
  }

  /**
   * One step.
   *
   * @param name for example {@code controllers}
   * @param complete whether it ended in its time with nothing left
   * @param took how long it took
   * @param detail what was left or went wrong; empty when complete
   */
  public record Step(String name, boolean complete, Duration took, String detail) {}

  /** Whether every step was complete. */
  public boolean clean() {
    return steps.stream().allMatch(Step::complete);
  }

  /** The step of a name; empty when it was not taken. */
  public Optional<Step> step(String name) {
    return steps.stream().filter(step -> step.name().equals(name)).findFirst();
  }

  /** One line for people. */
  public String text() {
    return steps.stream().map(StopReport::text).collect(Collectors.joining("; "));
  }

  private static String text(Step step) {
    String took = step.name() + " " + step.took().toMillis() + " ms";
    return step.complete() ? took : took + " INCOMPLETE: " + step.detail();
  }
}
