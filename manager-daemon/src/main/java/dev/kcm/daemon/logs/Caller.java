package dev.kcm.daemon.logs;

import ch.qos.logback.classic.spi.ILoggingEvent;

/**
 * The place an event comes from.
 *
 * <p><i>Immutable.</i>
 */
final class Caller {

  private static final String UNKNOWN = "???:1";

  private Caller() {}

  /** Returns {@code File.java:12}. */
  static String fileAndLine(ILoggingEvent event) {
    StackTraceElement[] stack = event.getCallerData();
    if (stack.length == 0 || stack[0].getFileName() == null) {
      return UNKNOWN;
    }
    return stack[0].getFileName() + ":" + Math.max(1, stack[0].getLineNumber());
  }

  /** Returns {@code package/File.java:12} with the last part of the package. */
  static String pathAndLine(ILoggingEvent event) {
    StackTraceElement[] stack = event.getCallerData();
    String file = fileAndLine(event);
    if (stack.length == 0) {
      return file;
    }
    String[] parts = stack[0].getClassName().split("\\.", -1);
    return parts.length < 2 ? file : parts[parts.length - 2] + "/" + file;
  }
}
