package dev.kcm.core.loop;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.PlanText;
import dev.kcm.core.plan.Verdict;
import dev.kcm.core.run.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a loop is doing at one moment, for people who look on. What it would do for a key says
 * {@link RunningLoop#explain}.
 *
 * @param name of the loop and of its queue
 * @param waitingBecause why no key is worked on yet, or any more; null when all is well
 * @param depth keys that are ready
 * @param delayed keys that wait for a back-off or a later time
 * @param workers most keys worked on at a time
 * @param inFlight keys being worked on, the longest first
 * @param recent the last run of each of the {@value RecentRuns#KEYS} keys that ran last, the latest
 *     first
 * @param failure the last run that failed, however long ago; null when none has
 */
public record LoopState(
    String name,
    @Nullable String waitingBecause,
    int depth,
    int delayed,
    int workers,
    List<InFlight> inFlight,
    List<LastRun> recent,
    @Nullable LastRun failure) {

  public LoopState {
    inFlight = List.copyOf(inFlight);
    recent = List.copyOf(recent);
  }

  /**
   * A key being worked on.
   *
   * @param key which
   * @param id of the run, as in log lines
   * @param since when it began
   * @param age how long ago that is
   */
  public record InFlight(ObjectKey key, String id, Instant since, Duration age) {}

  /**
   * How the last run of a key went.
   *
   * @param key which
   * @param id of the run, as in log lines
   * @param ended when
   * @param took how long it took, waiting for the server included
   * @param plan what was decided first, as {@link PlanText} words it, one action with its reason a
   *     line; empty when nothing could be decided; a number only when there are very many actions
   * @param verdict when the key is looked at again
   * @param ending what led to the verdict
   */
  public record LastRun(
      ObjectKey key,
      String id,
      Instant ended,
      Duration took,
      List<String> plan,
      Verdict verdict,
      Outcome.Ending ending) {

    public LastRun {
      plan = List.copyOf(plan);
    }

    /** What went wrong; empty when the run did not fail. */
    public Optional<String> error() {
      if (verdict instanceof Verdict.Retry retry) {
        return Optional.of(retry.why());
      }
      return verdict instanceof Verdict.Drop drop ? Optional.of(drop.why()) : Optional.empty();
    }

    private void appendTo(StringBuilder text) {
      text.append("    %s [%s] at %s, took %d ms%n".formatted(key, id, ended, took.toMillis()));
      plan.forEach(line -> text.append("      ").append(line).append('\n'));
      text.append("      ended: ").append(PlanText.of(verdict)).append('\n');
    }
  }

  /** Everything in words, for a terminal; lines end in {@code \n}. */
  public String text() {
    StringBuilder text =
        new StringBuilder(name)
            .append(": depth %d, delayed %d, ".formatted(depth, delayed))
            .append("in flight %d of %d%n".formatted(inFlight.size(), workers));
    if (waitingBecause != null) {
      text.append("  ").append(waitingBecause).append('\n');
    }
    if (!inFlight.isEmpty()) {
      text.append("  in flight:\n");
      inFlight.forEach(
          each ->
              text.append(
                  "    %s [%s] for %d ms%n"
                      .formatted(each.key(), each.id(), each.age().toMillis())));
    }
    if (failure != null) {
      text.append("  last failure:\n");
      failure.appendTo(text);
    }
    if (!recent.isEmpty()) {
      text.append("  recent:\n");
      recent.forEach(run -> run.appendTo(text));
    }
    return text.toString().replace("\r\n", "\n");
  }
}
