package dev.kcm.core.informer;

import dev.kcm.core.informer.ErrorHandler.Answer;
import dev.kcm.core.informer.ErrorHandler.Failure;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All who hear of failures. Thread-safe: the list is; each handler is called on {@code mailbox}.
 */
final class ErrorHandlers {

  private static final Logger log = LoggerFactory.getLogger(Informers.class);

  private final List<ErrorHandler> handlers = new CopyOnWriteArrayList<>();
  private final Executor mailbox;
  private final Consumer<Informer<?>> stop;

  /**
   * Nobody yet.
   *
   * @param mailbox runs the handlers, one call at a time
   * @param stop what happens to an informer that a handler wants stopped
   */
  ErrorHandlers(Executor mailbox, Consumer<Informer<?>> stop) {
    this.mailbox = mailbox;
    this.stop = stop;
  }

  void add(ErrorHandler handler) {
    handlers.add(handler);
  }

  void tell(Failure failure) {
    for (ErrorHandler handler : handlers) {
      mailbox.execute(() -> tell(handler, failure));
    }
  }

  private void tell(ErrorHandler handler, Failure failure) {
    try {
      if (handler.failed(failure) == Answer.STOP) {
        log.warn(
            "An error handler stops the informer of {} after {} {}",
            failure.informer().type().qualifiedPlural(),
            failure.error().code(),
            failure.error().message());
        stop.accept(failure.informer());
      }
    } catch (RuntimeException | AssertionError | StackOverflowError | LinkageError thrown) {
      log.error("An error handler of informers failed; the informer goes on", thrown);
    }
  }
}
