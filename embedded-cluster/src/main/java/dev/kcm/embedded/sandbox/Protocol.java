package dev.kcm.embedded.sandbox;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints a walk-through step by step and remembers what did not hold. */
final class Protocol {

  private final PrintStream out;
  private final List<String> failures = new ArrayList<>();
  private String step = "";
  private int checks;

  Protocol(PrintStream out) {
    this.out = out;
  }

  /** Begins a step. */
  void step(String id, String title) {
    step = id;
    out.println();
    out.println(id + "  " + title);
  }

  /** Notes what was done. */
  void did(String what) {
    out.println("      $ " + what);
  }

  /** Compares what is promised with what was seen. */
  void check(String what, Object expected, Object seen, boolean holds) {
    checks++;
    out.printf(
        Locale.ROOT,
        "  %s %s: expected %s, seen %s%n",
        holds ? "ok " : "NOT",
        what,
        expected,
        seen);
    if (!holds) {
      failures.add(step + ": " + what + ": expected " + expected + ", seen " + seen);
    }
  }

  /** Compares for equality. */
  void equal(String what, Object expected, Object seen) {
    check(what, expected, seen, expected.equals(seen));
  }

  /** Compares a time with a bound. */
  void within(String what, Duration bound, Waiting.Seen<?> seen) {
    check(
        what,
        "under " + seconds(bound),
        seen.held() ? seconds(seen.after()) : "not within " + seconds(seen.after()),
        seen.held() && seen.after().compareTo(bound) < 0);
  }

  /** Prints the sum; true when everything held. */
  boolean finish() {
    out.println();
    failures.forEach(failure -> out.println("NOT " + failure));
    out.printf(
        Locale.ROOT, "demo: %d passed, %d failed%n", checks - failures.size(), failures.size());
    return failures.isEmpty();
  }

  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.2f s", duration.toMillis() / 1000.0);
  }
}
