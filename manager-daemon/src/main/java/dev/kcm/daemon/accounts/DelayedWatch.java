package dev.kcm.daemon.accounts;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kcm.core.api.ApiClient.Watch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A watch that is opened later, unless it is closed before.
 *
 * <p>Guarded by {@code lock}.
 */
final class DelayedWatch implements Watch {

  private final Object lock = new Object();

  @GuardedBy("lock") private @Nullable Watch opened;

  @GuardedBy("lock") private boolean closed;

  void open(Supplier<Watch> opening) {
    synchronized (lock) {
      if (closed) {
        return;
      }
      // Opening only begins something: it never blocks and calls nobody back on this thread.
      opened = opening.get();
    }
  }

  /** Tells that it could not be opened, unless nobody wants to know any more. */
  void fail(Runnable tell) {
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
    }
    tell.run();
  }

  @Override
  public void close() {
    Watch open;
    synchronized (lock) {
      closed = true;
      open = opened;
    }
    if (open != null) {
      open.close();
    }
  }
}
