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
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
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
public final class EventSeriesRecorder implements Consumer<Action.Emit> {

  /** Most Events waiting to be written. */
  public static final int QUEUE = EventRecorder.QUEUE;

  /** How often the count of a series that goes on is written. */
  public static final Duration REFRESH = Duration.ofMinutes(30);

  /** A series without an Event for this long is over. */
  public static final Duration FINISH = Duration.ofMinutes(6);

  /** Longest reason, action and reporting instance the server takes, in characters. */
  public static final int LONGEST_NAME = 128;

  /** Most series remembered; of more, the one not heard of for longest is over. */
  static final int MEMORY = 4096;

  private static final double JITTER = 0.25;

  private static final Set<Kind> UNANSWERED =
      Set.of(Kind.UNREACHABLE, Kind.BROKEN, Kind.UNDECODABLE);

  private static final Set<Kind> EXPECTED = Set.of(Kind.ALREADY_EXISTS, Kind.FENCED, Kind.CLOSED);

  private static final Logger log = LoggerFactory.getLogger(EventSeriesRecorder.class);

  private final String component;
  private final String instance;
  private final ApiClient client;
  private final MeterRegistry registry;
  private final Environment environment;
  private final EventMeters meters;
  private final Executor mailbox;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong lastNanos = new AtomicLong();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private volatile boolean closing;

  /** Takes everything once it is known that the group is not served; set once, in the mailbox. */
  private volatile @Nullable EventRecorder fallback;

  private final Map<EventSeries.Key, EventSeries> seriesByKey =
      new LinkedHashMap<>(16, 0.75f, true);
  private final Queue<EventSeries> backlog = new ArrayDeque<>();
  private boolean writing;
  private boolean sweepPending;
  private long refreshedNanos;

  private EventSeriesRecorder(
      String component,
      String instance,
      ApiClient client,
      MeterRegistry registry,
      Environment environment) {
    this.component = component;
    this.instance = checked("reporting instance", instance);
    this.client = client;
    this.registry = registry;
    this.environment = environment;
    this.meters = new EventMeters(registry, component);
    this.mailbox = new SerialExecutor(environment.executor("event-series-recorder"));
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
    return new EventSeriesRecorder(component, instance, client, registry, environment);
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
    } else if (closing) {
      meters.count("closed");
    } else if (waiting.incrementAndGet() > QUEUE) {
      waiting.decrementAndGet();
      meters.count("overflow");
    } else {
      Occurrence occurrence = occurrence(emit);
      mailbox.execute(() -> accepted(emit, occurrence));
    }
  }

  /**
   * Takes no more Events and goes on writing those that wait, and the counts of all series, for at
   * most the given time. Meters are removed at the end.
   *
   * @return how many were left; completes never exceptionally
   */
  public CompletableFuture<Integer> close(Duration flush) {
    closing = true;
    Timers.Timer deadline =
        environment.timers().schedule(flush, mailbox, () -> finish(waiting.get()));
    CompletionStage<Integer> end = closed;
    end.whenComplete((left, never) -> deadline.cancel());
    mailbox.execute(() -> closeSoon(flush));
    return closed;
  }

  private void closeSoon(Duration flush) {
    EventRecorder other = fallback;
    if (other != null) {
      CompletionStage<Integer> left = other.close(flush);
      left.whenCompleteAsync((count, never) -> finish(count), mailbox);
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

  private Occurrence occurrence(Action.Emit emit) {
    long now = EventObjects.epochNanos(environment.wallClock().now());
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

  private void accepted(Action.Emit emit, Occurrence occurrence) {
    EventRecorder other = fallback;
    EventSeries.Key key = EventSeries.Key.of(occurrence, emit);
    EventSeries known = seriesByKey.get(key);
    if (other != null) {
      waiting.decrementAndGet();
      other.accept(emit);
    } else if (known == null) {
      remember(key, new EventSeries(emit, occurrence, name(occurrence), instance));
    } else {
      waiting.decrementAndGet();
      boolean second = !known.isSeries();
      known.again(occurrence);
      if (second) {
        writeNews(known);
      } else {
        meters.count("counted");
      }
    }
  }

  private String name(Occurrence occurrence) {
    return EventObjects.name(occurrence, environment.random());
  }

  private void remember(EventSeries.Key key, EventSeries series) {
    if (seriesByKey.isEmpty()) {
      refreshedNanos = environment.ticker().nanos();
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
      waiting.incrementAndGet();
      backlog.add(series);
      writeNext();
    }
  }

  private void sweepLater() {
    if (!sweepPending && !closing) {
      sweepPending = true;
      environment.timers().schedule(FINISH, mailbox, this::sweep);
    }
  }

  private void sweep() {
    sweepPending = false;
    boolean refresh = environment.ticker().since(refreshedNanos).compareTo(REFRESH) >= 0;
    if (refresh) {
      refreshedNanos = environment.ticker().nanos();
    }
    for (var each = seriesByKey.values().iterator(); each.hasNext(); ) {
      EventSeries series = each.next();
      boolean over = environment.ticker().since(series.lastNanos()).compareTo(FINISH) >= 0;
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
    if (writing || closed.isDone()) {
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
    if (closed.isDone()) {
      return;
    }
    CompletionStage<Event> request =
        exists
            ? client.patch(EventSeries.TYPE, series.key(), "", PatchFormat.MERGE, series.patch())
            : client.create(EventSeries.TYPE, series.event());
    request.whenCompleteAsync(
        (event, thrown) -> answered(series, exists, attempt, thrown), mailbox);
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
    } else if (UNANSWERED.contains(error.kind()) && attempt < EventRecorder.MOST_TRIES) {
      environment.timers().schedule(delay(), mailbox, () -> send(series, exists, attempt + 1));
    } else if (isNotServed(error)) {
      fallBack(series);
    } else {
      logRefusal(series, error);
      ended("failed");
    }
  }

  private Duration delay() {
    double factor = 1 + JITTER * environment.random().nextDouble();
    return Duration.ofNanos((long) (EventRecorder.BETWEEN_TRIES.toNanos() * factor));
  }

  /** A server that has the resource says with a reason what it did not find. */
  private static boolean isNotServed(ApiError error) {
    return error.kind() == Kind.NOT_FOUND && error.reason().isEmpty();
  }

  private void fallBack(EventSeries series) {
    log.info(
        "{}: the server does not serve events.k8s.io/v1, going on with core/v1 events", component);
    EventRecorder other = EventRecorder.of(component, client, registry, environment);
    fallback = other;
    other.accept(series.emit());
    backlog.forEach(waits -> other.accept(waits.emit()));
    waiting.addAndGet(-1 - backlog.size());
    backlog.clear();
    seriesByKey.clear();
    writing = false;
    if (closing) {
      closeSoon(EventRecorder.FLUSH);
    }
  }

  private void logRefusal(EventSeries series, ApiError error) {
    if (EXPECTED.contains(error.kind()) || error.namespaceTerminating()) {
      log.debug("{}: event {} not written: {}", component, series.name(), error.message());
    } else {
      log.warn("{}: event {} dropped: {}", component, series.name(), error.message());
    }
  }

  private void ended(String result) {
    writing = false;
    waiting.decrementAndGet();
    meters.count(result);
    writeNext();
  }

  private void finishIfIdle() {
    if (closing && !writing && fallback == null && waiting.get() == 0) {
      finish(0);
    }
  }

  private void finish(int left) {
    if (closed.complete(left)) {
      backlog.clear();
      seriesByKey.clear();
      meters.close();
    }
  }
}
