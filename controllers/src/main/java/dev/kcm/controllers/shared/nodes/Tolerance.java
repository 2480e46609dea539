package dev.kcm.controllers.shared.nodes;

import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * For how long a pod puts up with the taints of its node.
 *
 * @param kind not at all, for a while, or for ever
 * @param time for how long, when it is for a while; zero or more
 */
public record Tolerance(Kind kind, Duration time) {

  private static final Tolerance NONE = new Tolerance(Kind.NONE, Duration.ZERO);
  private static final Tolerance FOR_EVER = new Tolerance(Kind.FOR_EVER, Duration.ZERO);

  /** A hundred years. Servers let in more, which no clock could count. */
  private static final long LONGEST_SECONDS = Duration.ofDays(36_525).toSeconds();

  /** Kinds of tolerance. */
  public enum Kind {
    /** At least one taint is not tolerated. */
    NONE,
    /** All are tolerated, at least one for a limited time. */
    LIMITED,
    /** All are tolerated without limit. */
    FOR_EVER
  }

  /**
   * The tolerance of a pod.
   *
   * @param taints one or more
   * @param tolerations of the pod; for each taint the first that fits counts
   */
  public static Tolerance of(List<Taint> taints, List<Toleration> tolerations) {
    List<Toleration> used = new ArrayList<>();
    for (Taint taint : taints) {
      Optional<Toleration> first =
          tolerations.stream().filter(toleration -> fits(toleration, taint)).findFirst();
      if (first.isEmpty()) {
        return NONE;
      }
      used.add(first.get());
    }
    return shortest(used);
  }

  /**
   * The shortest of the limits; those that are not positive count as none at all.
   *
   * @param used empty for a tolerance of no time
   */
  public static Tolerance shortest(List<Toleration> used) {
    if (used.isEmpty()) {
      return new Tolerance(Kind.LIMITED, Duration.ZERO);
    }
    return used.stream()
        .map(Toleration::getTolerationSeconds)
        .filter(Objects::nonNull)
        .min(Long::compare)
        .map(seconds -> Math.min(LONGEST_SECONDS, Math.max(0, seconds)))
        .map(seconds -> new Tolerance(Kind.LIMITED, Duration.ofSeconds(seconds)))
        .orElse(FOR_EVER);
  }

  /** Whether a toleration is meant for a taint. */
  public static boolean fits(Toleration toleration, Taint taint) {
    return emptyOrSame(toleration.getEffect(), taint.getEffect())
        && emptyOrSame(toleration.getKey(), taint.getKey())
        && fitsValue(toleration, taint);
  }

  private static boolean fitsValue(Toleration toleration, Taint taint) {
    String operator = orEmpty(toleration.getOperator());
    if (operator.equals("Exists")) {
      return true;
    }
    return (operator.isEmpty() || operator.equals("Equal"))
        && orEmpty(toleration.getValue()).equals(orEmpty(taint.getValue()));
  }

  private static boolean emptyOrSame(String wanted, String actual) {
    return orEmpty(wanted).isEmpty() || orEmpty(wanted).equals(orEmpty(actual));
  }

  private static String orEmpty(String text) {
    return Objects.requireNonNullElse(text, "");
  }
}
