package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.embedded.store.Snapshot;
import dev.kcm.embedded.store.Store;
import dev.kcm.embedded.store.StoreEvent;
import dev.kcm.embedded.store.Subscription;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open watch: turns store events into frames.
 *
 * <p>Confined to its subscription, which runs one action at a time: events, bookmarks and the end
 * all pass through it. Before the subscription exists it is confined to the starting thread.
 */
final class Watch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
  private static final Map<String, String> END_OF_STATE =
      Map.of("k8s.io/initial-events-end", "true");

  private final Store store;
  private final FaultPlan faults;
  private final ScheduledExecutorService timer;
  private final Kind kind;
  private final String prefix;
  private final ListOptions options;
  private final WatchSink sink;
  private final Consumer<Watch> onClose;

  /** Frames that a fault plan holds back, oldest first. */
  private final ArrayDeque<WatchEvent> held = new ArrayDeque<>();

  /** Written by whoever ends the watch, inside the subscription's order once there is one. */
  private volatile boolean ended;

  /** Set once by the starting thread, read by all who end or bookmark the watch. */
  private volatile @Nullable Subscription subscription;

  /** Set once by the starting thread, read by whoever ends the watch. */
  private volatile @Nullable Future<?> end;

  Watch(
      Store store,
      FaultPlan faults,
      ScheduledExecutorService timer,
      Kind kind,
      String namespace,
      ListOptions options,
      WatchSink sink,
      Consumer<Watch> onClose) {
    this.store = store;
    this.faults = faults;
    this.timer = timer;
    this.kind = kind;
    this.prefix = Objects.prefix(namespace);
    this.options = options;
    this.sink = sink;
    this.onClose = onClose;
  }

  Kind kind() {
    return kind;
  }

  boolean isOf(String resource) {
    return resource.isEmpty() || resource.equals(kind.plural());
  }

  /** Sends the current state as ADDED events, and a bookmark that marks its end. */
  void sendState(Snapshot snapshot) {
    for (Map.Entry<String, JsonNode> entry : snapshot.entries()) {
      WatchEvent event = Watches.added(kind, entry.getValue());
      if (entry.getKey().startsWith(prefix) && options.matches(event.object())) {
        send(event);
      }
    }
    if (options.bookmarks()) {
      send(
          new WatchEvent(
              WatchEvent.Type.BOOKMARK,
              Watches.bookmarkObject(kind, snapshot.revision(), END_OF_STATE)));
    }
  }

  void follow(Subscription started) {
    subscription = started;
    if (ended) {
      started.close();
    }
  }

  void endWith(Future<?> timeOut) {
    end = timeOut;
    if (ended) {
      timeOut.cancel(false);
    }
  }

  boolean hasEnded() {
    return ended;
  }

  /** Called by the store, in order. */
  void onEvent(StoreEvent event) {
    if (ended || !event.key().startsWith(prefix)) {
      return;
    }
    try {
      WatchEvent frame = frame(event);
      if (frame != null) {
        send(frame);
      }
    } catch (RuntimeException e) {
      LOG.warn("a watch of {} fails at an event and is closed", kind.plural(), e);
      finish();
    }
  }

  private @Nullable WatchEvent frame(StoreEvent event) {
    EventFrames frames = EventFrames.of(kind, event);
    JsonNode before = frames.before();
    JsonNode after = frames.after();
    boolean matched = before != null && options.matches(before);
    boolean matches = after != null && options.matches(after);
    if (matches) {
      return matched ? frames.modified() : frames.added();
    }
    return matched ? frames.deleted() : null;
  }

  private void send(WatchEvent event) {
    Duration delay = faults.watchDelay(kind.plural());
    if (held.isEmpty() && delay.isZero() && !faults.holdsWatches(kind.plural())) {
      deliver(event);
      return;
    }
    held.add(event);
    if (!delay.isZero()) {
      var unused =
          timer.schedule(() -> inOrder(this::releaseOne), delay.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /** Delivers what was held back. */
  void release() {
    inOrder(
        () -> {
          while (!held.isEmpty()) {
            releaseOne();
          }
        });
  }

  private void releaseOne() {
    WatchEvent event = held.poll();
    if (event != null && !ended) {
      deliver(event);
    }
  }

  private void deliver(WatchEvent event) {
    if (ended) {
      return;
    }
    try {
      sink.event(event);
    } catch (RuntimeException e) {
      LOG.warn("a watch of {} fails to take an event and is closed", kind.plural(), e);
      finish();
    }
  }

  /** Sends a bookmark with the revision up to which all events were sent. */
  void bookmark() {
    Subscription current = subscription;
    if (options.bookmarks() && current != null) {
      store.atRevision(current, this::bookmark);
    }
  }

  private void bookmark(long revision) {
    if (!ended && held.isEmpty()) {
      deliver(
          new WatchEvent(
              WatchEvent.Type.BOOKMARK, Watches.bookmarkObject(kind, revision, Map.of())));
    }
  }

  /** The end of a watch's time: a last bookmark, then the end. */
  void timeOut() {
    bookmark();
    close();
  }

  /** Ends the watch with an ERROR event. */
  void fail(StatusException reason) {
    inOrder(
        () -> {
          deliver(new WatchEvent(WatchEvent.Type.ERROR, reason.status()));
          finish();
        });
  }

  @Override
  public void close() {
    inOrder(this::finish);
  }

  private void inOrder(Runnable action) {
    Subscription current = subscription;
    if (current == null) {
      action.run();
    } else {
      current.run(action);
    }
  }

  private void finish() {
    if (ended) {
      return;
    }
    ended = true;
    Subscription current = subscription;
    if (current != null) {
      current.close();
    }
    Future<?> timeOut = end;
    if (timeOut != null) {
      timeOut.cancel(false);
    }
    onClose.accept(this);
    sink.closed();
  }
}
