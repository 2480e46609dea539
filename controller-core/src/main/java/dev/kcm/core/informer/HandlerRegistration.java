package dev.kcm.core.informer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kcm.core.time.Ticker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A handler, what waits for it, and the task that tells it.
 *
 * <p>Guarded by {@code lock}; the handler is called outside of it. Resync times are confined to the
 * informer's mailbox.
 *
 * @param <T> model class
 */
final class HandlerRegistration<T> implements Informer.Registration {

  private static final Logger log = LoggerFactory.getLogger(Informers.class);

  /** After so many notes the thread is given back and asked for again. */
  private static final int AT_A_TIME = 64;

  /** Who has to know how long the line is. */
  interface Owner {

    /** The line has reached its hard limit; on the thread that posts. */
    void full();

    /** The line has room again; on the handler's thread. */
    void hasRoom();

    /** The handler is gone; on any thread. */
    void removed();
  }

  private final String name;
  private final EventHandler<? super T> handler;
  private final HandlerOptions options;
  private final Executor threads;
  private final Ticker ticker;
  private final HandlerMeters meters;
  private final @Nullable Imprints imprints;
  private final Owner owner;
  private final CompletableFuture<Void> synced = new CompletableFuture<>();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private final Object lock = new Object();

  @GuardedBy("lock") private final NoteLine<T> line;

  /** Whether the owner waits for room. */
  @GuardedBy("lock") private boolean full;

  /** The length of the line that the meters know. */
  @GuardedBy("lock") private int reported;

  @GuardedBy("lock") private boolean running;

  @GuardedBy("lock") private @Nullable Thread caller;

  @GuardedBy("lock") private @Nullable CompletableFuture<Void> callEnded;

  @GuardedBy("lock") private boolean removed;

  @GuardedBy("lock") private boolean closing;

  @GuardedBy("lock") private boolean initialQueued;

  private boolean due = true;
  private long resyncNanos;
  private long nextResync;

  HandlerRegistration(
      String name,
      EventHandler<? super T> handler,
      HandlerOptions options,
      Executor threads,
      Ticker ticker,
      HandlerMeters meters,
      @Nullable Imprints imprints,
      Owner owner) {
    this.name = name;
    this.handler = handler;
    this.options = options;
    this.threads = threads;
    this.ticker = ticker;
    this.owner = owner;
    this.meters = meters;
    this.imprints = imprints;
    this.line = new NoteLine<>(options, meters::collapsed);
  }

  String name() {
    return name;
  }

  HandlerOptions options() {
    return options;
  }

  // ---- resync, on the informer's mailbox

  void resyncEvery(Duration period) {
    resyncNanos = period.toNanos();
    nextResync = ticker.nanos() + resyncNanos;
  }

  /** Whether a note that tells nothing new is wanted. */
  boolean isDue() {
    return due;
  }

  /** Looks at the clock; one resync must be through before the next one comes due. */
  void lookAtClock() {
    long now = ticker.nanos();
    due = resyncNanos > 0 && now - nextResync >= 0 && !resyncs();
    if (due) {
      nextResync = now + resyncNanos;
    }
  }

  private boolean resyncs() {
    synchronized (lock) {
      return line.hasResyncs();
    }
  }

  // ---- the line

  /** Puts a note into the line. */
  void post(Note<T> note) {
    boolean start;
    boolean nowFull;
    boolean nowVanishing;
    synchronized (lock) {
      if (removed || closing) {
        return;
      }
      boolean vanishedBefore = line.vanished() > 0;
      line.add(note);
      report();
      nowFull = !full && stalls() && line.length() >= options.hardLimit();
      full |= nowFull;
      nowVanishing = !vanishedBefore && line.vanished() > 0;
      start = !running;
      running = true;
    }
    if (start) {
      threads.execute(this::drain);
    }
    if (nowFull) {
      owner.full();
    }
    if (nowVanishing) {
      log.warn(
          "Handler {} has {} notifications waiting, its hard limit; objects that are created and"
              + " deleted meanwhile are not told of",
          name,
          options.hardLimit());
    }
  }

  /** Whether the owner has to wait for room. */
  boolean isFull() {
    synchronized (lock) {
      return full;
    }
  }

  private boolean stalls() {
    return options.overflow() == HandlerOptions.Overflow.STALL;
  }

  @GuardedBy("lock") private void report() {
    meters.pendingChangedBy(line.length() - reported);
    reported = line.length();
  }

  /** Everything that was there at first is in the line now. */
  void initialDone() {
    synchronized (lock) {
      initialQueued = true;
      if (line.hasInitial()) {
        return;
      }
    }
    synced.complete(null);
  }

  // ---- the task that tells

  private void drain() {
    for (int i = 0; i < AT_A_TIME; i++) {
      Note<T> note = begin();
      if (note == null) {
        return;
      }
      try {
        tell(note);
      } catch (Error fatal) {
        meters.failed();
        end(note);
        // The other notes must still be told; the error belongs to the thread's handler.
        threads.execute(this::drain);
        throw fatal;
      }
      end(note);
    }
    threads.execute(this::drain);
  }

  private @Nullable Note<T> begin() {
    Note<T> note;
    boolean room;
    boolean nowSynced;
    synchronized (lock) {
      note = line.poll();
      report();
      room = full && line.length() <= options.hardLimit() / 2;
      full &= !room;
      // The last initial add may have vanished.
      nowSynced = note == null && initialQueued && !line.hasInitial() && !removed;
      if (note == null) {
        empty();
      } else {
        caller = Thread.currentThread();
      }
    }
    if (room) {
      owner.hasRoom();
    }
    if (nowSynced) {
      synced.complete(null);
    }
    return note;
  }

  @GuardedBy("lock") private void empty() {
    running = false;
    line.rest();
    if (closing) {
      drained.complete(null);
    }
  }

  private void tell(Note<T> note) {
    long begin = ticker.nanos();
    try {
      note.deliver(handler);
    } catch (RuntimeException | AssertionError | StackOverflowError | LinkageError failed) {
      meters.failed();
      log.error("Handler {} failed on {}; the next notification comes", name, note.key(), failed);
    } finally {
      meters.told(ticker.nanos() - begin);
    }
    if (imprints != null) {
      imprints.told(name, note.key());
    }
  }

  private void end(Note<T> note) {
    boolean nowSynced;
    CompletableFuture<Void> waiting;
    synchronized (lock) {
      caller = null;
      waiting = callEnded;
      callEnded = null;
      if (!removed) {
        line.told(note);
      }
      nowSynced = initialQueued && !line.hasInitial() && !removed;
    }
    if (waiting != null) {
      waiting.complete(null);
    }
    if (nowSynced) {
      synced.complete(null);
    }
  }

  // ---- the registration

  @Override
  public boolean hasSynced() {
    return synced.isDone() && !synced.isCompletedExceptionally();
  }

  @Override
  public CompletionStage<Void> synced() {
    return synced.minimalCompletionStage();
  }

  @Override
  public void remove() {
    synchronized (lock) {
      if (removed) {
        return;
      }
      removed = true;
      line.clear();
      full = false;
      report();
    }
    synced.completeExceptionally(new IllegalStateException("handler " + name + " was removed"));
    owner.removed();
  }

  @Override
  public boolean removeAndAwait(Duration timeout) throws InterruptedException {
    CompletableFuture<Void> waiting;
    synchronized (lock) {
      if (caller == Thread.currentThread()) {
        throw new IllegalStateException(
            "handler " + name + " waits for itself: call remove() from a handler");
      }
      waiting = caller == null ? null : callEnded == null ? new CompletableFuture<>() : callEnded;
      callEnded = waiting;
    }
    remove();
    if (waiting == null) {
      return true;
    }
    try {
      waiting.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException stillRuns) {
      return false;
    } catch (ExecutionException never) {
      throw new IllegalStateException(never);
    }
  }

  /** Takes no more notes; the stage completes when what waits has been told. */
  CompletableFuture<Void> close() {
    synchronized (lock) {
      closing = true;
      if (!running) {
        drained.complete(null);
      }
    }
    return drained;
  }
}
