package dev.kcm.core.loop;

import dev.kcm.core.api.Fence;
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
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
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
  private final Environment environment;
  private final WorkQueue<ObjectKey> queue;
  private final Expectations expectations;
  private final PlanExecutor planExecutor;
  private final Fence fence;
  private final Flights flights;
  private final LoopMeters meters;
  private final Executor executor;
  private final AtomicLong runs = new AtomicLong();

  KeyRuns(RunningLoop.Parts<S> parts) {
    this.loop = parts.loop();
    this.environment = parts.environment();
    this.queue = parts.queue();
    this.expectations = parts.expectations();
    this.planExecutor = parts.planExecutor();
    this.fence = parts.fence();
    this.flights = parts.flights();
    this.meters = parts.meters();
    this.executor = parts.executor();
  }

  /** Runs a key. Never throws; the stage never fails. */
  CompletionStage<Void> run(WorkQueue.Item<ObjectKey> item) {
    ObjectKey key = item.key();
    Flights.Flight flight = flights.begin(key, Long.toString(runs.incrementAndGet()));
    CompletableFuture<Outcome> outcome = start(key, flight);
    if (outcome.isDone()) {
      conclude(item, flight, outcome.join());
      return DONE;
    }
    return outcome.thenAcceptAsync(later -> conclude(item, flight, later), executor);
  }

  private CompletableFuture<Outcome> start(ObjectKey key, Flights.Flight flight) {
    try {
      return decideAndStart(key, flight);
    } catch (Throwable thrown) {
      return CompletableFuture.completedFuture(
          Outcome.crashed("the reader or the reconciler", thrown));
    }
  }

  private CompletableFuture<Outcome> decideAndStart(ObjectKey key, Flights.Flight flight) {
    // Before the first cache is read: an arrival between the two must not be counted twice.
    boolean settled = expectations.satisfied(key);
    Optional<S> snapshot = loop.reader().read(key, settled);
    if (snapshot.isEmpty()) {
      expectations.forget(key);
      return CompletableFuture.completedFuture(Outcome.decided(Verdict.DONE));
    }
    Plan plan = loop.reconciler().decide(snapshot.get(), environment.wallClock().now());
    return planExecutor.run(new Run(key, flight.id(), expectations, fence, queue::addAfter), plan);
  }

  private void conclude(WorkQueue.Item<ObjectKey> item, Flights.Flight flight, Outcome outcome) {
    ObjectKey key = item.key();
    Duration took = flights.end(key, flight);
    try {
      apply(key, item.priority(), outcome);
      lookAgainAtUnsettled(key);
      report(key, flight, outcome);
      meters.ended(resultText(outcome), took);
    } catch (Throwable broken) {
      // A meter or a limiter that throws must not cost the worker.
      log.error("{} {} [{}]: the end of a run failed", loop.name(), key, flight.id(), broken);
    }
  }

  /** A key that comes back does so with the priority of its run, unless the verdict says other. */
  private void apply(ObjectKey key, int priority, Outcome outcome) {
    Verdict verdict = outcome.verdict();
    if (verdict instanceof Verdict.Retry) {
      queue.addRateLimited(key, priority);
      return;
    }
    if (outcome.ending() != Outcome.Ending.STOPPED) {
      queue.forget(key);
    }
    if (verdict instanceof Verdict.After after) {
      queue.addAfter(key, after.delay(), after.priority() == null ? priority : after.priority());
    }
  }

  /** An arrival that is never seen would otherwise hold the key until some unrelated event. */
  private void lookAgainAtUnsettled(ObjectKey key) {
    if (!expectations.satisfied(key)) {
      queue.addAfter(key, Expectations.TIMEOUT.plus(Duration.ofSeconds(1)));
    }
  }

  private void report(ObjectKey key, Flights.Flight flight, Outcome outcome) {
    if (outcome.ending() == Outcome.Ending.CRASHED) {
      meters.panicked();
    }
    if (outcome.verdict() instanceof Verdict.Retry retry) {
      reportFailure(key, flight, outcome, retry.why());
    } else if (outcome.verdict() instanceof Verdict.Drop drop) {
      log.error("{} {} [{}]: given up: {}", loop.name(), key, flight.id(), drop.why());
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

  private static String resultText(Outcome outcome) {
    return switch (outcome.ending()) {
      case STOPPED -> "stopped";
      case CRASHED -> "panic";
      case CONFLICTED -> "conflict";
      case DECIDED, REJECTED ->
          outcome.verdict().getClass().getSimpleName().toLowerCase(Locale.ROOT);
    };
  }
}
