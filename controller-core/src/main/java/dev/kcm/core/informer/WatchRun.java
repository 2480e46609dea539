package dev.kcm.core.informer;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.WatchListener;
import dev.kcm.core.api.WatchQuery;
import dev.kcm.core.informer.ErrorHandler.Phase;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.time.Ticker;
import dev.kcm.core.time.Timers;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One watch, which may begin with the whole state.
 *
 * <p>The listener's calls are put into the informer's mailbox, and all state here is confined to
 * it; {@code items} is read by anyone.
 *
 * @param <T> model class
 */
final class WatchRun<T extends HasMetadata> {

  private static final Logger log = LoggerFactory.getLogger(Informers.class);

  /** The server ends a watch after 5 to 10 minutes, drawn anew each time. */
  private static final Duration SHORTEST = Duration.ofMinutes(5);

  /** A watch that outlives its own time-out by this much is dead. */
  private static final Duration OVERDUE = Duration.ofSeconds(30);

  /** A watch that brought bookmarks, one a minute, is dead after this much silence. */
  private static final Duration SILENCE = Duration.ofMinutes(3);

  /** A watch must be answered, and a streamed list must bring something, within this time. */
  private static final Duration UNANSWERED = Duration.ofSeconds(60);

  private static final Duration BETWEEN_WARNINGS = Duration.ofSeconds(10);

  private static final Duration TOO_SHORT = Duration.ofSeconds(1);

  private final Reflector<T> reflector;
  private final Ticker ticker;
  private final String version;
  private final Duration timeout;
  private final long began;

  /** The state as it streams in; null once it is complete. */
  private @Nullable Map<ObjectKey, T> initial;

  private int number;
  private ApiClient.@Nullable Watch handle;
  private Timers.@Nullable Timer guard;
  private Timers.@Nullable Timer warning;

  /** Objects streamed so far; read by anyone. */
  private volatile int items;

  private boolean opened;
  private boolean bookmarked;
  private boolean unordered;
  private long openedAt;
  private long lastHeard;
  private long events;

  WatchRun(Reflector<T> reflector, String version, boolean streamsList) {
    this.reflector = reflector;
    this.version = version;
    this.initial = streamsList ? new LinkedHashMap<>() : null;
    this.ticker = reflector.environment().ticker();
    this.began = ticker.nanos();
    this.openedAt = began;
    this.lastHeard = began;
    // What such a watch brings first is the state, in no order.
    this.unordered = version.isEmpty() || version.equals("0");
    double spread = reflector.environment().random().nextDouble();
    this.timeout = SHORTEST.plusMillis((long) (spread * SHORTEST.toMillis()));
  }

  void begin() {
    number = reflector.begin();
    reflector
        .contact()
        .state(
            initial == null ? () -> "WATCHING (opening)" : () -> "STREAMING (" + items + " items)");
    reflector.meters().watched();
    WatchQuery query = new WatchQuery(reflector.scope(), version, timeout, initial != null);
    reflector.endsBy(this::release);
    handle = reflector.api().watch(reflector.type(), query, listener());
    guardAgain();
    if (initial != null) {
      warnLater();
    }
  }

  private void release() {
    if (handle != null) {
      handle.close();
    }
    if (guard != null) {
      guard.cancel();
    }
    if (warning != null) {
      warning.cancel();
    }
  }

  private void run(Runnable task) {
    reflector
        .mailbox()
        .execute(
            () -> {
              if (reflector.isCurrent(number)) {
                reflector.guarded(task);
              }
            });
  }

  private WatchListener<T> listener() {
    return new WatchListener<>() {
      @Override
      public void opened() {
        run(WatchRun.this::hasOpened);
      }

      @Override
      public void event(Type type, T object) {
        reflector.contact().seen(ResourceVersions.of(object));
        run(() -> changed(type, object));
      }

      @Override
      public void bookmark(String resourceVersion, boolean initialEventsEnd) {
        reflector.contact().seen(resourceVersion);
        run(() -> reached(resourceVersion, initialEventsEnd));
      }

      @Override
      public void closed(@Nullable ApiError error) {
        run(() -> ended(error));
      }
    };
  }

  private void hasOpened() {
    opened = true;
    openedAt = ticker.nanos();
    lastHeard = openedAt;
    if (initial == null) {
      reflector.contact().opened();
      reflector.contact().state(() -> "WATCHING");
    } else {
      reflector.contact().heard();
    }
    guardAgain();
  }

  private void changed(WatchListener.Type type, T object) {
    events++;
    lastHeard = ticker.nanos();
    reflector.meters().event(type.name());
    if (!reflector.accepts(object)) {
      return;
    }
    unordered &= type == WatchListener.Type.ADDED;
    Map<ObjectKey, T> state = initial;
    if (state == null) {
      reflector.changed(type, object, !unordered);
      return;
    }
    reflector.contact().event();
    if (type == WatchListener.Type.DELETED) {
      state.remove(ObjectKey.of(object));
    } else {
      state.put(ObjectKey.of(object), reflector.prepared(object));
    }
    items = state.size();
  }

  private void reached(String resourceVersion, boolean end) {
    events++;
    lastHeard = ticker.nanos();
    unordered = false;
    reflector.meters().event("bookmark");
    Map<ObjectKey, T> state = initial;
    if (state == null) {
      reflector.bookmark(resourceVersion);
    } else if (end) {
      initial = null;
      if (warning != null) {
        warning.cancel();
      }
      reflector.meters().listed("success", ticker.nanos() - began);
      reflector.contact().opened();
      reflector.fetched(state.values(), resourceVersion);
      reflector.contact().state(() -> "WATCHING");
    } else {
      reflector.contact().bookmark();
    }
    if (!bookmarked) {
      bookmarked = true;
      guardAgain();
    }
  }

  private void ended(@Nullable ApiError error) {
    release();
    boolean broke = error != null && error.kind() == Kind.BROKEN;
    if (initial != null) {
      listNotComplete(error, broke);
    } else if (error == null) {
      boolean worthIt = events > 0 || ticker.since(openedAt).compareTo(TOO_SHORT) >= 0;
      if (worthIt) {
        reflector.watch();
      } else {
        ApiError useless = ApiError.of(Kind.OTHER, 0, "the watch ended at once, without an event");
        reflector.failed(Phase.WATCH, useless);
      }
    } else if (broke) {
      reflector.meters().watchFailed(error.kind().name());
      if (opened && livedLong()) {
        reflector.watch();
      } else {
        reflector.watchBroke(error);
      }
    } else {
      reflector.watchFailed(error);
    }
  }

  private boolean livedLong() {
    return ticker.since(openedAt).compareTo(Reflector.LONG_LIVED) >= 0;
  }

  /** The stream ended before the state was complete: nothing of it counts. */
  private void listNotComplete(@Nullable ApiError error, boolean broke) {
    reflector.meters().listed("stream", ticker.nanos() - began);
    if (error == null) {
      notStreaming(ApiError.of(Kind.OTHER, 0, "the stream ended without its marker"));
      return;
    }
    reflector.meters().watchFailed(error.kind().name());
    switch (error.kind()) {
      case GONE, TOO_LARGE_RESOURCE_VERSION ->
          reflector.versionRefused(version, Phase.STREAM, error);
      case INVALID, BAD_REQUEST, NOT_FOUND, UNDECODABLE -> notStreaming(error);
      case UNREACHABLE, TOO_MANY_REQUESTS -> reflector.failed(Phase.STREAM, error);
      default -> {
        if (broke || !reflector.fallsBack()) {
          reflector.failed(Phase.STREAM, error);
        } else {
          reflector.list();
        }
      }
    }
  }

  private void notStreaming(ApiError why) {
    if (reflector.fallsBack()) {
      reflector.cannotStream(why);
    } else {
      reflector.failed(Phase.STREAM, why);
    }
  }

  // ---- silence

  private void guardAgain() {
    if (guard != null) {
      guard.cancel();
    }
    Duration left = Duration.ofNanos(deadline() - ticker.nanos());
    guard = reflector.environment().timers().schedule(left, reflector.mailbox(), this::guardFired);
  }

  private long deadline() {
    if (!opened) {
      return began + UNANSWERED.toNanos();
    }
    long overdue = openedAt + timeout.plus(OVERDUE).toNanos();
    if (initial != null && events == 0 && reflector.fallsBack()) {
      return openedAt + UNANSWERED.toNanos();
    }
    return bookmarked ? Math.min(overdue, lastHeard + SILENCE.toNanos()) : overdue;
  }

  private void guardFired() {
    if (!reflector.isCurrent(number)) {
      return;
    }
    if (ticker.nanos() - deadline() < 0) {
      guardAgain();
      return;
    }
    boolean silentList = opened && initial != null && events == 0;
    log.info("{}: the watch is silent, opening another", reflector.name());
    if (silentList) {
      reflector.begin();
      notStreaming(ApiError.of(Kind.OTHER, 0, "nothing came for " + UNANSWERED.toSeconds() + " s"));
    } else {
      ended(ApiError.of(Kind.BROKEN, 0, "the watch is silent"));
    }
  }

  private void warnLater() {
    warning =
        reflector
            .environment()
            .timers()
            .schedule(BETWEEN_WARNINGS, reflector.mailbox(), this::warn);
  }

  private void warn() {
    Map<ObjectKey, T> state = initial;
    if (reflector.isCurrent(number) && state != null) {
      log.warn(
          "{}: the streamed list is not complete after {} s, {} objects so far",
          reflector.name(),
          ticker.since(began).toSeconds(),
          state.size());
      warnLater();
    }
  }
}
