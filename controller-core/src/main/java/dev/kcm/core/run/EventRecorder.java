package dev.kcm.core.run;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiException;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.plan.Action;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.SerialExecutor;
import dev.kcm.core.time.Timers;
import io.fabric8.kubernetes.api.model.Event;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes core/v1 Events of one component, in the background and as well as it can: what does not
 * fit into the queue, or cannot be written, is dropped and counted.
 *
 * <p>Events are written one after another. A repeated one only changes the count of the first; ten
 * different messages of one reason about one object are combined; an object that has had 25 Events
 * gets one more each five minutes. An Event whose request got no readable answer is tried 12 times,
 * 10 seconds apart; any answer of the server is final.
 *
 * <p>Thread-safe: recording only counts and hands over; everything else is confined to a mailbox.
 * No thread is held while nothing happens or an answer is awaited.
 */
public final class EventRecorder implements Consumer<Action.Emit> {

  /** Most Events waiting to be written. */
  public static final int QUEUE = 1000;

  /** How long {@link #close(Duration)} is usually given. */
  public static final Duration FLUSH = Duration.ofSeconds(5);

  static final int MOST_TRIES = 12;
  static final Duration BETWEEN_TRIES = Duration.ofSeconds(10);

  private static final Set<Kind> UNANSWERED =
      Set.of(Kind.UNREACHABLE, Kind.BROKEN, Kind.UNDECODABLE);

  private static final Set<Kind> EXPECTED = Set.of(Kind.ALREADY_EXISTS, Kind.FENCED, Kind.CLOSED);

  private static final Logger log = LoggerFactory.getLogger(EventRecorder.class);

  private final String component;
  private final ApiClient client;
  private final Environment environment;
  private final EventMeters meters;
  private final Executor mailbox;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong lastNanos = new AtomicLong();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private volatile boolean closing;

  private final EventCorrelator correlator;
  private final Queue<Occurrence> backlog = new ArrayDeque<>();
  private boolean writing;

  private EventRecorder(
      String component, ApiClient client, MeterRegistry registry, Environment environment) {
    this.component = component;
    this.client = client;
    this.environment = environment;
    this.meters = new EventMeters(registry, component);
    this.mailbox = new SerialExecutor(environment.executor("event-recorder"));
    this.correlator =
        new EventCorrelator(occurrence -> EventObjects.name(occurrence, environment.random()));
  }

  /**
   * A recorder.
   *
   * @param component source of its Events, for example {@code replicaset-controller}
   * @param client writes them; not closed by the recorder
   * @param registry where it counts what became of them
   */
  public static EventRecorder of(
      String component, ApiClient client, MeterRegistry registry, Environment environment) {
    return new EventRecorder(component, client, registry, environment);
  }

  /** Records an Event. Never blocks and never throws; ignored after the close. */
  @Override
  public void accept(Action.Emit emit) {
    if (closing) {
      meters.count("closed");
      return;
    }
    if (waiting.incrementAndGet() > QUEUE) {
      waiting.decrementAndGet();
      meters.count("overflow");
      return;
    }
    Occurrence occurrence = occurrence(emit);
    mailbox.execute(() -> accepted(occurrence));
  }

  /**
   * Takes no more Events and goes on writing those that wait for at most the given time. Meters are
   * removed at the end.
   *
   * @return how many were left; completes never exceptionally
   */
  public CompletableFuture<Integer> close(Duration flush) {
    closing = true;
    Timers.Timer deadline = environment.timers().schedule(flush, mailbox, this::finish);
    CompletionStage<Integer> end = closed;
    end.whenComplete((left, never) -> deadline.cancel());
    mailbox.execute(this::finishIfIdle);
    return closed;
  }

  private Occurrence occurrence(Action.Emit emit) {
    long now = EventObjects.epochNanos(environment.wallClock().now());
    // The time is part of the Event's name, so it is used once.
    long unique = lastNanos.updateAndGet(last -> Math.max(last + 1, now));
    return new Occurrence(
        component,
        EventObjects.reference(emit.regarding(), emit.regardingType()),
        emit.severity().text(),
        emit.reason(),
        emit.message(),
        Instant.ofEpochSecond(0, unique),
        environment.ticker().nanos());
  }

  private void accepted(Occurrence occurrence) {
    backlog.add(occurrence);
    writeNext();
  }

  private void writeNext() {
    while (!writing && !closed.isDone()) {
      Occurrence occurrence = backlog.poll();
      if (occurrence == null) {
        finishIfIdle();
        return;
      }
      Optional<EventWrite> write = correlator.correlate(occurrence);
      if (write.isPresent()) {
        writing = true;
        send(write.get(), write.get().isRepetition(), 1);
      } else {
        waiting.decrementAndGet();
        meters.count("silenced");
      }
    }
  }

  private void send(EventWrite write, boolean repetition, int attempt) {
    if (closed.isDone()) {
      return;
    }
    CompletionStage<Event> request =
        repetition
            ? client.patch(
                EventObjects.TYPE,
                EventObjects.key(write),
                "",
                PatchFormat.STRATEGIC,
                EventObjects.repetition(write))
            : client.create(EventObjects.TYPE, EventObjects.event(write));
    request.whenCompleteAsync(
        (event, thrown) -> answered(write, repetition, attempt, thrown), mailbox);
  }

  private void answered(
      EventWrite write, boolean repetition, int attempt, @Nullable Throwable thrown) {
    if (thrown == null) {
      written("written");
      return;
    }
    ApiError error = ApiException.errorOf(thrown);
    if (repetition && error.kind() == Kind.NOT_FOUND) {
      send(write, false, attempt);
    } else if (UNANSWERED.contains(error.kind()) && attempt < MOST_TRIES) {
      environment
          .timers()
          .schedule(delayAfter(attempt), mailbox, () -> send(write, repetition, attempt + 1));
    } else {
      logRefusal(write, error);
      written("failed");
    }
  }

  /** The first wait is random, so that many recorders do not come back together. */
  private Duration delayAfter(int attempt) {
    return attempt == 1
        ? Duration.ofNanos((long) (BETWEEN_TRIES.toNanos() * environment.random().nextDouble()))
        : BETWEEN_TRIES;
  }

  private void logRefusal(EventWrite write, ApiError error) {
    if (EXPECTED.contains(error.kind()) || error.namespaceTerminating()) {
      log.debug("{}: event {} not written: {}", component, write.name(), error.message());
    } else {
      log.warn("{}: event {} dropped: {}", component, write.name(), error.message());
    }
  }

  private void written(String result) {
    writing = false;
    waiting.decrementAndGet();
    meters.count(result);
    writeNext();
  }

  private void finishIfIdle() {
    if (closing && !writing && waiting.get() == 0) {
      finish();
    }
  }

  private void finish() {
    if (closed.complete(waiting.get())) {
      backlog.clear();
      meters.close();
    }
  }
}
