package dev.kcm.embedded.nodes;

import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one at a time and in order on a shared executor.
 *
 * <p>Thread-safe: tasks come from any thread over a concurrent queue; the counter tells whether a
 * turn is under way.
 */
final class Mailbox {

  private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);

  /** Tasks of one turn, so that others get their share of the executor. */
  private static final int TURN = 100;

  private final ScheduledExecutorService executor;
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();

  /** Set by any thread, read in turns: no task runs any more. */
  private volatile boolean closed;

  Mailbox(ScheduledExecutorService executor) {
    this.executor = executor;
  }

  /** Runs the task soon. */
  void post(Runnable task) {
    if (closed) {
      return;
    }
    tasks.add(task);
    if (waiting.getAndIncrement() == 0) {
      execute();
    }
  }

  /** Runs the task after the delay. */
  void postAfter(Duration delay, Runnable task) {
    try {
      ScheduledFuture<?> unused =
          executor.schedule(() -> post(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("The executor has been shut down", e);
    }
  }

  /** Runs no further task; one that runs already goes on to its end. */
  void close() {
    closed = true;
    tasks.clear();
  }

  private void execute() {
    try {
      executor.execute(this::turn);
    } catch (RejectedExecutionException e) {
      LOG.debug("The executor has been shut down", e);
    }
  }

  private void turn() {
    int done = 0;
    while (done < TURN) {
      Runnable task = tasks.poll();
      if (task == null) {
        break;
      }
      run(task);
      done++;
    }
    if (waiting.addAndGet(-done) > 0 && !closed) {
      execute();
    }
  }

  private void run(Runnable task) {
    if (closed) {
      return;
    }
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("A simulated node failed at a task", e);
    }
  }
}
