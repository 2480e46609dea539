package dev.kcm.core.run;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.plan.Action;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.SerialExecutor;
import dev.kcm.core.time.Timers;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What recorders have in common: who reports, how much may wait, what became of it, and the end.
 *
 * <p>Thread-safe: counters and a future. {@code mailbox} is the recorder's.
 */
final class EventOutbox {

  static final int QUEUE = 1000;
  static final int MOST_TRIES = 12;
  static final Duration BETWEEN_TRIES = Duration.ofSeconds(10);

  private static final Set<Kind> UNANSWERED =
      Set.of(Kind.UNREACHABLE, Kind.BROKEN, Kind.UNDECODABLE);

  private static final Set<Kind> EXPECTED = Set.of(Kind.ALREADY_EXISTS, Kind.FENCED, Kind.CLOSED);

  private static final Logger log = LoggerFactory.getLogger(EventRecorder.class);

  private final Reporter reporter;
  private final ApiClient client;
  private final Environment environment;
  private final EventMeters meters;
  private final Executor mailbox;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong lastNanos = new AtomicLong();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private volatile boolean closing;

  /**
   * Who reports.
   *
   * @param component which program or controller
   * @param instance which of its processes, or its host; may be empty
   */
  record Reporter(String component, String instance) {}

  EventOutbox(
      Reporter reporter, ApiClient client, MeterRegistry registry, Environment environment) {
    this.reporter = reporter;
    this.client = client;
    this.environment = environment;
    this.meters = new EventMeters(registry, reporter.component());
    this.mailbox = new SerialExecutor(environment.executor("event-recorder"));
  }

  Reporter reporter() {
    return reporter;
  }

  ApiClient client() {
    return client;
  }

  Environment environment() {
    return environment;
  }

  Executor mailbox() {
    return mailbox;
  }

  // ---- what waits

  /** Takes a place in the queue; false when there is none, or after the close. */
  boolean admit() {
    if (closing) {
      meters.count("closed");
      return false;
    }
    if (waiting.incrementAndGet() > QUEUE) {
      waiting.decrementAndGet();
      meters.count("overflow");
      return false;
    }
    return true;
  }

  /** Takes places without asking; a negative number gives some back. */
  void take(int places) {
    waiting.addAndGet(places);
  }

  int waiting() {
    return waiting.get();
  }

  void count(String result) {
    meters.count(result);
  }

  /** Notes the moment of an Event. No two have the same, since it is part of their names. */
  Occurrence occurrence(Action.Emit emit) {
    long now = EventObjects.epochNanos(environment.wallClock().now());
    long unique = lastNanos.updateAndGet(last -> Math.max(last + 1, now));
    Action.Subject related = emit.related();
    return new Occurrence(
        reporter,
        EventObjects.reference(emit.regarding(), emit.regardingType()),
        related == null ? null : EventObjects.reference(related.object(), related.type()),
        emit.severity().text(),
        emit.reason(),
        emit.message(),
        Instant.ofEpochSecond(0, unique),
        environment.ticker().nanos());
  }

  // ---- answers

  /** Whether a request that failed is to be tried again: any answer of the server is final. */
  boolean mayTryAgain(ApiError error, int attempt) {
    return UNANSWERED.contains(error.kind()) && attempt < MOST_TRIES;
  }

  void logRefusal(String event, ApiError error) {
    if (EXPECTED.contains(error.kind()) || error.namespaceTerminating()) {
      log.debug("{}: event {} not written: {}", reporter.component(), event, error.message());
    } else {
      log.warn("{}: event {} dropped: {}", reporter.component(), event, error.message());
    }
  }

  // ---- the end

  boolean isClosing() {
    return closing;
  }

  boolean isClosed() {
    return closed.isDone();
  }

  /**
   * Admits nothing more.
   *
   * @param soon what else there is to do; runs in the mailbox
   * @param late what to do when the time is up; runs there too
   */
  CompletableFuture<Integer> close(Duration flush, Runnable soon, Runnable late) {
    closing = true;
    Timers.Timer deadline = environment.timers().schedule(flush, mailbox, late);
    CompletionStage<Integer> end = closed;
    end.whenComplete((left, never) -> deadline.cancel());
    mailbox.execute(soon);
    return closed;
  }

  /** The end, with this many left; true for the first who says so. */
  boolean finish(int left) {
    boolean first = closed.complete(left);
    if (first) {
      meters.close();
    }
    return first;
  }
}
