package dev.kcm.core.run;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiException;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.plan.Action;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.Timers;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes {@code events.k8s.io/v1} Events of one component, in the background and as well as it can.
 * Where the server does not serve that group, it goes on with an {@link EventRecorder}.
 *
 * <p>The first Event of a kind is created, the second makes it a series, and further ones are only
 * counted here: the count is written every 30 minutes, and once 6 minutes have passed without one,
 * with which the series ends. An Event whose request got no readable answer is tried 12 times, 10
 * to 12.5 seconds apart; any answer of the server is final.
 *
 * <p>Thread-safe: recording only counts and hands over; everything else is confined to a mailbox.
 * No thread is held while nothing happens, and no timer while there is no series.
 */
public final class EventSeriesRecorder implements EventSink {

  /** Most Events waiting to be written. */
  public static final int QUEUE = EventOutbox.QUEUE;

  /** How often the count of a series that goes on is written. */
  public static final Duration REFRESH = Duration.ofMinutes(30);

  /** A series without an Event for this long is over. */
  public static final Duration FINISH = Duration.ofMinutes(6);

  /** Longest reason, action and reporting instance the server takes, in characters. */
  public static final int LONGEST_NAME = 128;

  /** Most series remembered; of more, the one not heard of for longest is over. */
  static final int MEMORY = 4096;

  private static final double JITTER = 0.25;

  private static final Logger log = LoggerFactory.getLogger(EventSeriesRecorder.class);

  private final EventOutbox outbox;
  private final MeterRegistry registry;

  /** Takes everything once it is known that the group is not served; set once, in the mailbox. */
  private volatile @Nullable EventRecorder fallback;

  private final Map<EventSeries.Key, EventSeries> seriesByKey =
      new LinkedHashMap<>(16, 0.75f, true);
  private final Queue<EventSeries> backlog = new ArrayDeque<>();
  private boolean writing;
  private Timers.@Nullable Timer sweep;
  private long refreshedNanos;

  private EventSeriesRecorder(EventOutbox outbox, MeterRegistry registry) {
    this.outbox = outbox;
    this.registry = registry;
  }

  /**
   * A recorder.
   *
   * @param component reporting controller, for example {@code examples.kcm.dev/webapp}
   * @param instance which process of it, 1 to 128 characters, for example the pod's name
   * @param client writes them; not closed by the recorder
   * @param registry where it counts what became of them
   * @throws IllegalArgumentException when the instance is empty or too long
   */
  public static EventSeriesRecorder of(
      String component,
      String instance,
      ApiClient client,
      MeterRegistry registry,
      Environment environment) {
    EventOutbox.Reporter reporter =
        new EventOutbox.Reporter(component, checked("reporting instance", instance));
    return new EventSeriesRecorder(
        new EventOutbox(reporter, client, registry, environment), registry);
  }

  /**
   * Records an Event; a note of more than 1024 bytes is cut. Never blocks; ignored after the close.
   *
   * @throws IllegalArgumentException when reason or action are empty or longer than 128 characters:
   *     the server would refuse them
   */
  @Override
  public void accept(Action.Emit emit) {
    checked("reason of an event", emit.reason());
    checked("action of an event", emit.action());
    EventRecorder other = fallback;
    if (other != null) {
      other.accept(emit);
    } else if (outbox.admit()) {
      Occurrence occurrence = outbox.occurrence(emit);
      outbox.mailbox().execute(() -> accepted(emit, occurrence));
    }
  }

  /** As {@link EventSink#close}; the counts of all series are written too. */
  @Override
  public CompletableFuture<Integer> close(Duration flush) {
    return outbox.close(flush, () -> closeSoon(flush), () -> finish(outbox.waiting()));
  }

  private void closeSoon(Duration flush) {
    EventRecorder other = fallback;
    if (other != null) {
      CompletionStage<Integer> left = other.close(flush);
      left.whenCompleteAsync((count, never) -> finish(count), outbox.mailbox());
      return;
    }
    seriesByKey.values().forEach(this::writeNews);
    seriesByKey.clear();
    finishIfIdle();
  }

  private static String checked(String what, String value) {
    if (value.isEmpty() || value.length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "the " + what + " is \"" + value + "\", allowed: 1 to " + LONGEST_NAME + " characters");
    }
    return value;
  }

  private void accepted(Action.Emit emit, Occurrence occurrence) {
    EventRecorder other = fallback;
    EventSeries.Key key = EventSeries.Key.of(occurrence, emit);
    EventSeries known = seriesByKey.get(key);
    if (other != null) {
      outbox.take(-1);
      other.accept(emit);
    } else if (known == null) {
      remember(key, new EventSeries(emit, occurrence, name(occurrence)));
    } else {
      outbox.take(-1);
      boolean second = !known.isSeries();
      known.again(occurrence);
      if (second) {
        writeNews(known);
      } else {
        outbox.count("counted");
      }
    }
  }

  private String name(Occurrence occurrence) {
    return EventObjects.name(occurrence, outbox.environment().random());
  }

  private void remember(EventSeries.Key key, EventSeries series) {
    if (seriesByKey.isEmpty()) {
      refreshedNanos = outbox.environment().ticker().nanos();
    }
    seriesByKey.put(key, series);
    if (seriesByKey.size() > MEMORY) {
      var eldest = seriesByKey.entrySet().iterator();
      EventSeries over = eldest.next().getValue();
      eldest.remove();
      writeNews(over);
    }
    backlog.add(series);
    sweepLater();
    writeNext();
  }

  /** What a series has to tell takes part of the queue like any Event. */
  private void writeNews(EventSeries series) {
    if (series.hasNews() && !backlog.contains(series)) {
      outbox.take(1);
      backlog.add(series);
      writeNext();
    }
  }

  private void sweepLater() {
    if (sweep == null && !outbox.isClosing()) {
      sweep = outbox.environment().timers().schedule(FINISH, outbox.mailbox(), this::sweep);
    }
  }

  private void sweep() {
    sweep = null;
    boolean refresh = outbox.environment().ticker().since(refreshedNanos).compareTo(REFRESH) >= 0;
    if (refresh) {
      refreshedNanos = outbox.environment().ticker().nanos();
    }
    for (var each = seriesByKey.values().iterator(); each.hasNext(); ) {
      EventSeries series = each.next();
      boolean over = outbox.environment().ticker().since(series.lastNanos()).compareTo(FINISH) >= 0;
      if (over) {
        each.remove();
      }
      if (over || refresh) {
        writeNews(series);
      }
    }
    if (!seriesByKey.isEmpty()) {
      sweepLater();
    }
  }

  private void writeNext() {
    if (writing || outbox.isClosed()) {
      return;
    }
    EventSeries series = backlog.poll();
    if (series == null) {
      finishIfIdle();
      return;
    }
    writing = true;
    boolean exists = series.isSeries() && series.wasCreated();
    series.written();
    send(series, exists, 1);
  }

  private void send(EventSeries series, boolean exists, int attempt) {
    if (outbox.isClosed()) {
      return;
    }
    CompletionStage<Event> request =
        exists
            ? outbox
                .client()
                .patch(EventSeries.TYPE, series.key(), "", PatchFormat.MERGE, series.patch())
            : outbox.client().create(EventSeries.TYPE, series.event());
    request.whenCompleteAsync(
        (event, thrown) -> answered(series, exists, attempt, thrown), outbox.mailbox());
  }

  private void answered(
      EventSeries series, boolean exists, int attempt, @Nullable Throwable thrown) {
    if (thrown == null) {
      series.created();
      ended("written");
      return;
    }
    ApiError error = ApiException.errorOf(thrown);
    if (exists && error.kind() == Kind.NOT_FOUND) {
      send(series, false, attempt);
    } else if (outbox.mayTryAgain(error, attempt)) {
      outbox
          .environment()
          .timers()
          .schedule(delay(), outbox.mailbox(), () -> send(series, exists, attempt + 1));
    } else if (isNotServed(error)) {
      fallBack(series);
    } else {
      outbox.logRefusal(series.name(), error);
      ended("failed");
    }
  }

  private Duration delay() {
    double factor = 1 + JITTER * outbox.environment().random().nextDouble();
    return Duration.ofNanos((long) (EventOutbox.BETWEEN_TRIES.toNanos() * factor));
  }

  /** A server that has the resource says with a reason what it did not find. */
  private static boolean isNotServed(ApiError error) {
    return error.kind() == Kind.NOT_FOUND && error.reason().isEmpty();
  }

  private void fallBack(EventSeries series) {
    EventOutbox.Reporter reporter = outbox.reporter();
    log.info(
        "{}: the server does not serve events.k8s.io/v1, going on with core/v1 events",
        reporter.component());
    EventRecorder other =
        EventRecorder.of(
            reporter.component(),
            reporter.instance(),
            outbox.client(),
            registry,
            outbox.environment());
    fallback = other;
    other.accept(series.emit());
    backlog.forEach(waits -> other.accept(waits.emit()));
    outbox.take(-1 - backlog.size());
    backlog.clear();
    seriesByKey.clear();
    writing = false;
    if (outbox.isClosing()) {
      closeSoon(EventSink.FLUSH);
    }
  }

  private void ended(String result) {
    writing = false;
    outbox.take(-1);
    outbox.count(result);
    writeNext();
  }

  private void finishIfIdle() {
    if (outbox.isClosing() && !writing && fallback == null && outbox.waiting() == 0) {
      finish(0);
    }
  }

  private void finish(int left) {
    if (outbox.finish(left)) {
      if (sweep != null) {
        sweep.cancel();
      }
      backlog.clear();
      seriesByKey.clear();
    }
  }
}
