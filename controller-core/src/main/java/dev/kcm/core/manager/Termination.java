package dev.kcm.core.manager;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The end of the process, as the operating system asks for it. The only place of this library that
 * touches the process, and only for those who call {@link Operator#runUntilTerminated()}.
 *
 * <p>Thread-safe: the flag is all that changes.
 */
final class Termination {

  private final Thread hook;
  private final AtomicBoolean over = new AtomicBoolean();

  private Termination(Runnable action) {
    this.hook = new Thread(() -> run(action), "termination");
  }

  /** Runs the action when the process is asked to end; the process ends when it has returned. */
  static Termination before(Runnable action) {
    Termination termination = new Termination(action);
    Runtime.getRuntime().addShutdownHook(termination.hook);
    return termination;
  }

  private void run(Runnable action) {
    if (over.compareAndSet(false, true)) {
      action.run();
    }
  }

  /** The action is not needed any more. */
  void cancel() {
    if (over.compareAndSet(false, true)) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException ending) {
        // The process ends already; the hook does nothing any more.
      }
    }
  }
}
