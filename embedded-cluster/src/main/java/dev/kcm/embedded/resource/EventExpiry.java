package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.embedded.store.CompactedException;
import dev.kcm.embedded.store.Store;
import dev.kcm.embedded.store.StoreEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Removes events an hour after they were last written.
 *
 * <p>Thread-safe: writers add to a concurrent queue, the timer takes from it.
 */
final class EventExpiry {

  private static final Duration TIME_TO_LIVE = Duration.ofHours(1);
  private static final String EVENTS = "events";

  private record Deadline(Instant at, String key, JsonNode object) {}

  private final Store store;
  private final Clock clock;
  private final Queue<Deadline> deadlines = new ConcurrentLinkedQueue<>();

  EventExpiry(Store store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Starts to look at what is written. */
  void start() {
    try {
      var unused = store.follow(EVENTS, store.revision(), this::note);
      // Those of an earlier life of the store get an hour from now.
      store.list(EVENTS, "").entries().forEach(entry -> note(entry.getKey(), entry.getValue()));
    } catch (CompactedException e) {
      throw new IllegalStateException("a store cannot be compacted beyond its revision", e);
    }
  }

  private void note(StoreEvent event) {
    JsonNode written = event.after();
    if (written != null) {
      note(event.key(), written);
    }
  }

  private void note(String key, JsonNode written) {
    deadlines.add(new Deadline(clock.instant().plus(TIME_TO_LIVE), key, written));
  }

  /** Removes what is due, unless it was written again. */
  void removeExpired() {
    Instant now = clock.instant();
    for (Deadline due = deadlines.peek(); due != null; due = deadlines.peek()) {
      if (due.at().isAfter(now)) {
        return;
      }
      deadlines.remove();
      boolean unused = store.remove(EVENTS, due.key(), due.object());
    }
  }
}
