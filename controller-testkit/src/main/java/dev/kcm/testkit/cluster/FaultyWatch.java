package dev.kcm.testkit.cluster;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.WatchListener;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.SerialExecutor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A watch on its way from the client to whoever watches. What comes from the server waits in a line
 * and is delivered from its head, when the script lets it.
 *
 * <p>Confined to the mailbox, except {@code closed} and {@code watch}, which publish what their
 * writers did.
 */
final class FaultyWatch<T extends HasMetadata> implements ApiClient.Watch, WatchListener<T> {

  private static final int FRAME_BYTES = "{\"type\":\"MODIFIED\",\"object\":}\n".length();

  private final ResourceType<T> type;
  private final WatchListener<T> listener;
  private final WatchFaults faults;
  private final Environment environment;
  private final Consumer<@Nullable ApiError> over;
  private final SerialExecutor mailbox;
  private final ArrayDeque<Step> line = new ArrayDeque<>();
  private long bytesLeft = Long.MAX_VALUE;
  private boolean ended;
  private boolean silent;
  private boolean waiting;
  private volatile boolean closed;
  private volatile ApiClient.@Nullable Watch watch;

  /**
   * @param over told once how the watch ended
   */
  FaultyWatch(
      ResourceType<T> type,
      WatchListener<T> listener,
      WatchFaults faults,
      Environment environment,
      Consumer<@Nullable ApiError> over) {
    this.type = type;
    this.listener = listener;
    this.faults = faults;
    this.environment = environment;
    this.over = over;
    this.mailbox = new SerialExecutor(environment.executor("faulty-watch"));
  }

  /** What is to be delivered, and not before when. */
  private record Step(long dueNanos, Runnable delivery) {}

  /** Hands over the real watch; it is closed at once when this one is over already. */
  void follow(ApiClient.Watch real) {
    watch = real;
    if (closed) {
      real.close();
    }
  }

  /** Fails without ever having been opened at the server. */
  void refuse(ApiError error) {
    mailbox.execute(() -> add(0, () -> end(error)));
  }

  @Override
  public void opened() {
    mailbox.execute(() -> add(0, listener::opened));
  }

  @Override
  public void event(Type what, T object) {
    mailbox.execute(
        () -> {
          if (cutsInto(object)) {
            cutNow();
            return;
          }
          long delay = faults.nextDelayNanos();
          add(delay, () -> listener.event(what, object));
          if (faults.duplicates()) {
            add(delay, () -> listener.event(what, object));
          }
        });
  }

  @Override
  public void bookmark(String resourceVersion, boolean initialEventsEnd) {
    mailbox.execute(
        () ->
            add(
                faults.nextDelayNanos(),
                () -> listener.bookmark(resourceVersion, initialEventsEnd)));
  }

  @Override
  public void closed(@Nullable ApiError error) {
    mailbox.execute(() -> add(faults.nextDelayNanos(), () -> end(error)));
  }

  @Override
  public void close() {
    closed = true;
    ApiClient.Watch real = watch;
    if (real != null) {
      real.close();
    }
    mailbox.execute(
        () -> {
          line.clear();
          finish(null);
        });
  }

  /** Delivers what may be delivered now. */
  void pump() {
    mailbox.execute(this::deliver);
  }

  void cut() {
    mailbox.execute(this::cutNow);
  }

  void cutAfter(long bytes) {
    mailbox.execute(() -> bytesLeft = bytes);
  }

  void silence() {
    mailbox.execute(
        () -> {
          silent = true;
          line.clear();
        });
  }

  private boolean cutsInto(T object) {
    if (bytesLeft == Long.MAX_VALUE) {
      return false;
    }
    bytesLeft -= FRAME_BYTES + Trees.size(type, object);
    return bytesLeft < 0;
  }

  private void add(long delayNanos, Runnable delivery) {
    if (ended || silent) {
      return;
    }
    long due = environment.ticker().nanos() + delayNanos;
    Step last = line.peekLast();
    line.add(new Step(last == null ? due : Math.max(due, last.dueNanos()), delivery));
    deliver();
  }

  private void deliver() {
    while (!ended && !silent && !line.isEmpty() && !faults.holds()) {
      long wait = line.peek().dueNanos() - environment.ticker().nanos();
      if (wait > 0) {
        deliverAfter(wait);
        return;
      }
      Step next = line.poll();
      if (next != null && !closed) {
        next.delivery().run();
      }
    }
  }

  private void deliverAfter(long nanos) {
    if (!waiting) {
      waiting = true;
      environment
          .timers()
          .schedule(
              Duration.ofNanos(nanos),
              mailbox,
              () -> {
                waiting = false;
                deliver();
              });
    }
  }

  private void cutNow() {
    bytesLeft = 0;
    ApiClient.Watch real = watch;
    if (real != null) {
      real.close();
    }
    add(0, () -> end(Faults.broken("in the middle of a watch")));
  }

  private void end(@Nullable ApiError error) {
    if (!ended) {
      finish(error);
      listener.closed(error);
    }
  }

  private void finish(@Nullable ApiError error) {
    if (!ended) {
      ended = true;
      faults.closed(this);
      over.accept(error);
    }
  }
}
