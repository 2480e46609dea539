package dev.kcm.daemon.logs;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.util.ConcurrentModificationException;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * Throwables for the log: causes in one line, and a stack trace only where one helps.
 *
 * <p><i>Immutable.</i>
 */
final class ErrorText {

  private static final int MOST_CAUSES = 8;

  private ErrorText() {}

  static Optional<String> of(ILoggingEvent event) {
    return Optional.ofNullable(event.getThrowableProxy())
        .map(
            proxy ->
                proxy instanceof ThrowableProxy real
                    ? of(real.getThrowable())
                    : String.valueOf(proxy.getMessage()));
  }

  /** The messages from outermost to innermost; one that its outer message repeats is left out. */
  static String of(Throwable thrown) {
    StringBuilder text = new StringBuilder(describe(thrown));
    Throwable cause = thrown.getCause();
    for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
      String description = describe(cause);
      if (text.indexOf(description) < 0) {
        text.append(": ").append(description);
      }
      cause = cause.getCause();
    }
    return text.toString();
  }

  private static String describe(Throwable thrown) {
    String message = thrown.getMessage();
    if (message == null || message.isBlank()) {
      return thrown.getClass().getSimpleName();
    }
    return isFault(thrown) ? thrown.getClass().getSimpleName() + ": " + message : message;
  }

  static Optional<String> stackOf(ILoggingEvent event, boolean all) {
    IThrowableProxy proxy = event.getThrowableProxy();
    boolean wanted =
        proxy instanceof ThrowableProxy real && (all || isFault(rootOf(real.getThrowable())));
    return wanted ? Optional.of(ThrowableProxyUtil.asString(proxy).strip()) : Optional.empty();
  }

  private static Throwable rootOf(Throwable thrown) {
    Throwable root = thrown;
    for (int i = 0; root.getCause() != null && i < MOST_CAUSES; i++) {
      root = root.getCause();
    }
    return root;
  }

  /** A fault of the program itself, as opposed to something that can go wrong around it. */
  private static boolean isFault(Throwable thrown) {
    return thrown instanceof Error
        || thrown instanceof NullPointerException
        || thrown instanceof ClassCastException
        || thrown instanceof IndexOutOfBoundsException
        || thrown instanceof ArithmeticException
        || thrown instanceof ArrayStoreException
        || thrown instanceof NoSuchElementException
        || thrown instanceof UnsupportedOperationException
        || thrown instanceof ConcurrentModificationException;
  }
}
