package dev.kcm.core.manager;

import dev.kcm.core.time.Environment;
import dev.kcm.core.time.Timers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes steps one after another, each with its own deadline; a step that fails or is late is noted,
 * and the next one is taken.
 *
 * <p>Confined to the mailbox given.
 */
final class StopSequence {

  private final Environment environment;
  private final Executor mailbox;
  private final Queue<Planned> planned = new ArrayDeque<>();
  private final List<StopReport.Step> taken = new ArrayList<>();
  private final CompletableFuture<StopReport> report = new CompletableFuture<>();

  StopSequence(Environment environment, Executor mailbox) {
    this.environment = environment;
    this.mailbox = mailbox;
  }

  /**
   * Adds a step.
   *
   * @param work gives what was left, empty for nothing; it is called when its turn has come
   */
  StopSequence then(String name, Duration deadline, Supplier<CompletionStage<String>> work) {
    planned.add(new Planned(name, deadline, work));
    return this;
  }

  CompletableFuture<StopReport> start() {
    mailbox.execute(this::next);
    return report;
  }

  /** Whether a step was taken and left nothing. */
  boolean wasComplete(String name) {
    return taken.stream().anyMatch(step -> step.name().equals(name) && step.complete());
  }

  private void next() {
    Planned step = planned.poll();
    if (step == null) {
      report.complete(new StopReport(taken));
      return;
    }
    new Taking(step).begin();
  }

  private record Planned(String name, Duration deadline, Supplier<CompletionStage<String>> work) {}

  /** A step that is being taken. Confined to the mailbox. */
  private final class Taking {

    private final Planned step;
    private final long startNanos = environment.ticker().nanos();
    private Timers.@Nullable Timer deadline;
    private boolean over;

    private Taking(Planned step) {
      this.step = step;
    }

    private void begin() {
      deadline = environment.timers().schedule(step.deadline(), mailbox, this::late);
      try {
        step.work().get().whenCompleteAsync((left, thrown) -> over(text(left, thrown)), mailbox);
      } catch (RuntimeException e) {
        over(e.toString());
      }
    }

    private void late() {
      over("not done after " + step.deadline().toMillis() + " ms");
    }

    private void over(String detail) {
      if (over) {
        return;
      }
      over = true;
      if (deadline != null) {
        deadline.cancel();
      }
      taken.add(
          new StopReport.Step(
              step.name(), detail.isEmpty(), environment.ticker().since(startNanos), detail));
      mailbox.execute(StopSequence.this::next);
    }

    private static String text(@Nullable String left, @Nullable Throwable thrown) {
      if (thrown != null) {
        return thrown.toString();
      }
      return left == null ? "" : left;
    }
  }
}
