package dev.kcm.core.run;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiException;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.plan.Action;
import dev.kcm.core.time.Environment;
import io.fabric8.kubernetes.api.model.Event;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

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
public final class EventRecorder implements EventSink {

  /** Most Events waiting to be written. */
  public static final int QUEUE = EventOutbox.QUEUE;

  private final EventOutbox outbox;
  private final EventCorrelator correlator;
  private final Queue<Occurrence> backlog = new ArrayDeque<>();
  private boolean writing;

  private EventRecorder(EventOutbox outbox) {
    this.outbox = outbox;
    RandomGenerator random = outbox.environment().random();
    this.correlator = new EventCorrelator(occurrence -> EventObjects.name(occurrence, random));
  }

  /**
   * A recorder whose Events name no host, as those of upstream's manager.
   *
   * @param component source of its Events, for example {@code replicaset-controller}
   * @param client writes them; not closed by the recorder
   * @param registry where it counts what became of them
   */
  public static EventRecorder of(
      String component, ApiClient client, MeterRegistry registry, Environment environment) {
    return of(component, "", client, registry, environment);
  }

  /**
   * A recorder whose Events name a host as well. What is counted, combined or silenced together is
   * told apart by it.
   *
   * @param component as above
   * @param host where the component runs; empty for none
   * @param client as above
   * @param registry as above
   */
  public static EventRecorder of(
      String component,
      String host,
      ApiClient client,
      MeterRegistry registry,
      Environment environment) {
    EventOutbox.Reporter reporter = new EventOutbox.Reporter(component, host);
    return new EventRecorder(new EventOutbox(reporter, client, registry, environment));
  }

  /** Records an Event. Never blocks and never throws; ignored after the close. */
  @Override
  public void accept(Action.Emit emit) {
    if (outbox.admit()) {
      Occurrence occurrence = outbox.occurrence(emit);
      outbox.mailbox().execute(() -> accepted(occurrence));
    }
  }

  @Override
  public CompletableFuture<Integer> close(Duration flush) {
    return outbox.close(flush, this::finishIfIdle, this::finish);
  }

  private void accepted(Occurrence occurrence) {
    backlog.add(occurrence);
    writeNext();
  }

  private void writeNext() {
    while (!writing && !outbox.isClosed()) {
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
        outbox.take(-1);
        outbox.count("silenced");
      }
    }
  }

  private void send(EventWrite write, boolean repetition, int attempt) {
    if (outbox.isClosed()) {
      return;
    }
    CompletionStage<Event> request =
        repetition
            ? outbox
                .client()
                .patch(
                    EventObjects.TYPE,
                    EventObjects.key(write),
                    "",
                    PatchFormat.STRATEGIC,
                    EventObjects.repetition(write))
            : outbox.client().create(EventObjects.TYPE, EventObjects.event(write));
    request.whenCompleteAsync(
        (event, thrown) -> answered(write, repetition, attempt, thrown), outbox.mailbox());
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
    } else if (outbox.mayTryAgain(error, attempt)) {
      outbox
          .environment()
          .timers()
          .schedule(
              delayAfter(attempt), outbox.mailbox(), () -> send(write, repetition, attempt + 1));
    } else {
      outbox.logRefusal(write.name(), error);
      written("failed");
    }
  }

  /** The first wait is random, so that many recorders do not come back together. */
  private Duration delayAfter(int attempt) {
    double part = attempt == 1 ? outbox.environment().random().nextDouble() : 1;
    return Duration.ofNanos((long) (EventOutbox.BETWEEN_TRIES.toNanos() * part));
  }

  private void written(String result) {
    writing = false;
    outbox.take(-1);
    outbox.count(result);
    writeNext();
  }

  private void finishIfIdle() {
    if (outbox.isClosing() && !writing && outbox.waiting() == 0) {
      finish();
    }
  }

  private void finish() {
    if (outbox.finish(outbox.waiting())) {
      backlog.clear();
    }
  }
}
