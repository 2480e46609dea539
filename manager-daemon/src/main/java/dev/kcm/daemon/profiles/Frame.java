package dev.kcm.daemon.profiles;

/**
 * One frame of a stack.
 *
 * @param function class and method, or another name for what is counted
 * @param file source file, or empty
 * @param line line in it, or 0
 */
record Frame(String function, String file, int line) {

  /** A frame without a place. */
  static Frame named(String function) {
    return new Frame(function, "", 0);
  }

  static Frame of(StackTraceElement element) {
    String file = element.getFileName();
    return new Frame(
        element.getClassName() + "." + element.getMethodName(),
        file == null ? "" : file,
        Math.max(element.getLineNumber(), 0));
  }

  String place() {
    return file.isEmpty() ? "" : file + ":" + line;
  }
}
