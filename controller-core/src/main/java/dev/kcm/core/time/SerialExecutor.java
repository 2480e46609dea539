package dev.kcm.core.time;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one at a time, in the order they came, on another executor: a mailbox.
 *
 * <p>It takes a thread of the other executor only while it has tasks. A task that throws is logged
 * and the next one runs. What one task wrote, later tasks see, whatever threads they run on.
 *
 * <p>Guarded by {@code tasks}.
 */
public final class SerialExecutor implements Executor {

  private static final Logger log = LoggerFactory.getLogger(SerialExecutor.class);

  private final Executor delegate;
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private boolean scheduled;

  /** A mailbox that borrows threads of the given executor. */
  public SerialExecutor(Executor delegate) {
    this.delegate = delegate;
  }

  @Override
  public void execute(Runnable task) {
    synchronized (tasks) {
      tasks.add(task);
      if (scheduled) {
        return;
      }
      scheduled = true;
    }
    delegate.execute(this::drain);
  }

  /** How many tasks wait; one that runs does not. */
  public int waiting() {
    synchronized (tasks) {
      return tasks.size();
    }
  }

  private void drain() {
    for (Runnable task = next(); task != null; task = next()) {
      try {
        task.run();
      } catch (RuntimeException | AssertionError | StackOverflowError | LinkageError e) {
        if (delegate instanceof UncaughtErrors errors) {
          errors.uncaught();
        }
        log.error("A task failed; the next one runs", e);
      } catch (Error fatal) {
        // The mailbox must outlive the task; the error itself belongs to the thread's handler.
        delegate.execute(this::drain);
        throw fatal;
      }
    }
  }

  private @Nullable Runnable next() {
    synchronized (tasks) {
      Runnable task = tasks.poll();
      if (task == null) {
        scheduled = false;
      }
      return task;
    }
  }
}
