package dev.kcm.embedded.store;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One follower of a resource. The store offers events under its lock, which keeps their order; the
 * writer delivers them after it let the lock go.
 *
 * <p>Thread-safe: {@code pending} admits one delivering thread at a time, others only leave work.
 */
public final class Subscription implements AutoCloseable {

  private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();

  /** Calls that found or left work; whoever raises it from 0 delivers until it is 0 again. */
  private final AtomicInteger pending = new AtomicInteger();

  private final Consumer<StoreEvent> listener;
  private final Consumer<Subscription> onClose;

  /** Set by any thread in {@link #close}, read by the delivering thread. */
  private volatile boolean closed;

  Subscription(Consumer<StoreEvent> listener, Consumer<Subscription> onClose) {
    this.listener = listener;
    this.onClose = onClose;
  }

  /** Called under the store's lock. */
  void offer(StoreEvent event) {
    queue.add(
        () -> {
          if (!closed) {
            listener.accept(event);
          }
        });
  }

  /** Called under the store's lock: an action that runs in order with the events. */
  void offer(Runnable action) {
    queue.add(action);
  }

  /** Runs an action in order with the events and never beside one, maybe on another thread. */
  public void run(Runnable action) {
    queue.add(action);
    deliver();
  }

  /** Delivers what was offered, unless another thread is at it and will do so. */
  void deliver() {
    if (pending.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      for (Runnable next = queue.poll(); next != null; next = queue.poll()) {
        next.run();
      }
      seen = pending.addAndGet(-seen);
    } while (seen != 0);
  }

  /** Ends the flow of events; one being delivered may still finish. Idempotent. */
  @Override
  public void close() {
    closed = true;
    onClose.accept(this);
  }
}
