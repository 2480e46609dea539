package dev.kcm.core.loop;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Verdict;
import dev.kcm.core.queue.WorkQueue;
import dev.kcm.core.run.Expectations;
import dev.kcm.core.run.Outcome;
import dev.kcm.core.run.PlanExecutor;
import dev.kcm.core.run.Run;
import dev.kcm.core.time.Environment;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads, decides and has carried out, for one key at a time, and turns the verdict into what
 * happens to the key.
 *
 * <p>Thread-safe: keys do not meet; what they share is thread-safe itself.
 *
 * @param <S> snapshot
 */
final class KeyRuns<S> {

  private static final Logger log = LoggerFactory.getLogger(KeyRuns.class);

  private static final CompletionStage<Void> DONE = CompletableFuture.completedFuture(null);

  private final Loop<S> loop;
  private final Decisions<S> decisions;
  private final OwnWrites ownWrites;
  private final Environment environment;
  private final WorkQueue<ObjectKey> queue;
  private final Expectations expectations;
  private final PlanExecutor planExecutor;
  private final Flights flights;
  private final LoopMeters meters;
  private final RecentRuns recent;
  private final Executor executor;
  private final AtomicLong runs = new AtomicLong();

  KeyRuns(RunningLoop.Parts<S> parts) {
    this.loop = parts.loop();
    this.decisions = parts.decisions();
    this.ownWrites = new OwnWrites(loop, parts.environment(), parts.executor());
    this.environment = parts.environment();
    this.queue = parts.queue();
    this.expectations = parts.expectations();
    this.planExecutor = parts.planExecutor();
    this.flights = parts.flights();
    this.meters = parts.meters();
    this.recent = parts.recent();
    this.executor = parts.executor();
  }

  /** Runs a key. Never throws; the stage never fails. */
  CompletionStage<Void> run(WorkQueue.Item<ObjectKey> item) {
    ObjectKey key = item.key();
    if (isHeldBack(item)) {
      return DONE;
    }
    Flights.Flight flight = flights.begin(key, Long.toString(runs.incrementAndGet()));
    Started started = start(key, flight);
    CompletableFuture<Outcome> outcome = started.outcome();
    if (outcome.isDone()) {
      conclude(item, flight, started, outcome.join());
      return DONE;
    }
    return outcome.thenAcceptAsync(later -> conclude(item, flight, started, later), executor);
  }

  private boolean isHeldBack(WorkQueue.Item<ObjectKey> item) {
    ObjectKey key = item.key();
    int priority = item.priority();
    try {
      boolean held = ownWrites.holdBack(key, () -> queue.add(key, priority));
      if (held) {
        meters.heldBack();
      }
      return held;
    } catch (Throwable broken) {
      // An informer that throws must not cost the key.
      log.error("{} {}: cannot tell whether the cache is behind", loop.name(), key, broken);
      return false;
    }
  }

  private Started start(ObjectKey key, Flights.Flight flight) {
    flight.enterDecision();
    Decisions.Decided decided;
    loop.logFields().set(loop.name(), key, flight.id());
    try {
      decided = decide(key, flight);
    } catch (Throwable thrown) {
      return Started.ended(Outcome.crashed("the reader or the reconciler", thrown));
    } finally {
      loop.logFields().clear();
      flight.leaveDecision();
    }
    return decided == null
        ? Started.ended(Outcome.decided(Verdict.DONE))
        : new Started(carryOut(key, flight, decided.plan()), decided.commit(), decided.plan());
  }

  private Decisions.@Nullable Decided decide(ObjectKey key, Flights.Flight flight) {
    // Before the first cache is read: an arrival between the two must not be counted twice.
    boolean settled = expectations.satisfied(key);
    int attempt = queue.failures(key) + 1;
    Optional<S> snapshot =
        loop.reader()
            .read(new RunContext(key, settled, attempt, flight.id(), flight.cancellation()));
    if (snapshot.isEmpty()) {
      expectations.forget(key);
      ownWrites.forget(key);
      decisions.forget(key);
      return null;
    }
    return decisions.decide(key, snapshot.get(), environment.wallClock().now());
  }

  private CompletableFuture<Outcome> carryOut(ObjectKey key, Flights.Flight flight, Plan plan) {
    try {
      Run run =
          new Run(
              key,
              flight.id(),
              expectations,
              flight.cancellation(),
              queue::addAfter,
              result -> ownWrites.note(key, result));
      return planExecutor.run(run, plan);
    } catch (Throwable thrown) {
      return CompletableFuture.completedFuture(Outcome.crashed("the reconciler's plan", thrown));
    }
  }

  private void conclude(
      WorkQueue.Item<ObjectKey> item, Flights.Flight flight, Started started, Outcome planned) {
    ObjectKey key = item.key();
    Duration took = flights.end(key, flight);
    Outcome outcome = orGivenUp(key, flight.hasTimedOut() ? tooLate(flight) : planned);
    try {
      if (outcome.ending() == Outcome.Ending.DECIDED) {
        started.commit().run();
      }
      apply(key, item.priority(), outcome);
      lookAgainAtUnsettled(key);
      long nanos = took.toNanos();
      recent.note(key, flight.id(), started.plan(), outcome, flight.startNanos() + nanos, nanos);
      report(key, flight, outcome);
      meters.ended(outcome, flight.hasTimedOut(), took);
    } catch (Throwable broken) {
      // A meter or a limiter that throws must not cost the worker.
      log.error("{} {} [{}]: the end of a run failed", loop.name(), key, flight.id(), broken);
    }
  }

  private static Outcome tooLate(Flights.Flight flight) {
    return new Outcome(
        Verdict.retry(flight.cancellation().closedBecause().orElse("the run took too long")),
        Outcome.Ending.REJECTED,
        null);
  }

  private Outcome orGivenUp(ObjectKey key, Outcome outcome) {
    if (outcome.verdict() instanceof Verdict.Retry retry
        && retry.retryAfter() == null
        && queue.failures(key) >= loop.maxRetries()) {
      return new Outcome(
          Verdict.drop("tried again %d times: %s".formatted(loop.maxRetries(), retry.why())),
          outcome.ending(),
          outcome.crash());
    }
    return outcome;
  }

  /** A key that comes back does so with the priority of its run, unless the verdict says other. */
  private void apply(ObjectKey key, int priority, Outcome outcome) {
    Verdict verdict = outcome.verdict();
    if (verdict instanceof Verdict.Retry retry) {
      retry(key, priority, retry.retryAfter());
      return;
    }
    if (outcome.ending() != Outcome.Ending.STOPPED) {
      queue.forget(key);
    }
    if (verdict instanceof Verdict.After after) {
      queue.addAfter(key, after.delay(), after.priority() == null ? priority : after.priority());
    }
  }

  private void retry(ObjectKey key, int priority, @Nullable Duration wait) {
    if (wait == null) {
      queue.addRateLimited(key, priority);
    } else {
      queue.addAfter(key, wait, priority);
    }
  }

  /** An arrival that is never seen would otherwise hold the key until some unrelated event. */
  private void lookAgainAtUnsettled(ObjectKey key) {
    if (!expectations.satisfied(key)) {
      queue.addAfter(key, Expectations.TIMEOUT.plus(Duration.ofSeconds(1)));
    }
  }

  /** Fields for the log are put together only for the few runs that have something to tell. */
  private void report(ObjectKey key, Flights.Flight flight, Outcome outcome) {
    Verdict verdict = outcome.verdict();
    if (!(verdict instanceof Verdict.Retry) && !(verdict instanceof Verdict.Drop)) {
      return;
    }
    RunLog.FIELDS.set(loop.name(), key, flight.id());
    try {
      if (verdict instanceof Verdict.Retry retry) {
        reportFailure(key, flight, outcome, retry.why());
      } else if (verdict instanceof Verdict.Drop drop) {
        log.error("{} {} [{}]: given up: {}", loop.name(), key, flight.id(), drop.why());
      }
    } finally {
      RunLog.FIELDS.clear();
    }
  }

  private void reportFailure(ObjectKey key, Flights.Flight flight, Outcome outcome, String why) {
    int failures = queue.failures(key);
    if (outcome.crash() != null && failures <= 1) {
      log.error("{} {} [{}]: {}", loop.name(), key, flight.id(), why, outcome.crash());
    } else if (outcome.ending() == Outcome.Ending.CONFLICTED) {
      log.debug("{} {} [{}]: {}", loop.name(), key, flight.id(), why);
    } else {
      log.warn(
          "{} {} [{}]: {}; failures in a row: {}", loop.name(), key, flight.id(), why, failures);
    }
  }

  /**
   * A run that has begun.
   *
   * @param outcome how it ends
   * @param commit keeps what the reconciler wants remembered
   * @param plan what was decided; null when nothing was
   */
  private record Started(CompletableFuture<Outcome> outcome, Runnable commit, @Nullable Plan plan) {

    static Started ended(Outcome outcome) {
      return new Started(
          CompletableFuture.completedFuture(outcome), Decisions.Decided.NOTHING_TO_KEEP, null);
    }
  }
}
