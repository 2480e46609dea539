package dev.kcm.embedded.http;

import dev.kcm.embedded.resource.WatchEvent;
import dev.kcm.embedded.resource.WatchSink;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The events of one watch on their way from the writers to the connection.
 *
 * <p>A consumer that falls behind by more than the limit loses its watch, not single events: the
 * queue ends, and the client starts anew from what it has seen. What the watch began with does not
 * count, since the server itself put it there.
 *
 * <p>Guarded by its own monitor object; the signal is given outside of it.
 */
final class WatchQueue implements WatchSink {

  private final Object lock = new Object();
  private final int limit;

  // Guarded by lock.
  private final ArrayDeque<WatchEvent> events = new ArrayDeque<>();
  private int bound = Integer.MAX_VALUE;
  private boolean ended;
  private Runnable signal = () -> {};

  /**
   * @param limit number of events that may wait once the watch has begun
   */
  WatchQueue(int limit) {
    this.limit = limit;
  }

  @Override
  public void event(WatchEvent event) {
    Runnable reader;
    synchronized (lock) {
      if (ended) {
        return;
      }
      events.add(event);
      if (events.size() > bound) {
        events.clear();
        ended = true;
      }
      reader = signal;
    }
    reader.run();
  }

  @Override
  public void closed() {
    Runnable reader;
    synchronized (lock) {
      ended = true;
      reader = signal;
    }
    reader.run();
  }

  /** From now on the limit holds. */
  void begun() {
    synchronized (lock) {
      bound = events.size() + limit;
    }
  }

  /** Names who is told about news, on the thread that brings them. */
  void onNews(Runnable reader) {
    synchronized (lock) {
      signal = reader;
    }
    reader.run();
  }

  /** The next event, null when there is none now. */
  @Nullable WatchEvent poll() {
    synchronized (lock) {
      return events.poll();
    }
  }

  /** Whether nothing is left and nothing will come. */
  boolean isFinished() {
    synchronized (lock) {
      return ended && events.isEmpty();
    }
  }
}
