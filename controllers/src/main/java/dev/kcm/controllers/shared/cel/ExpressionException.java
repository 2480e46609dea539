package dev.kcm.controllers.shared.cel;

/** An expression has no answer. */
public final class ExpressionException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean compiling;

  private ExpressionException(String message, boolean compiling) {
    // No stack: it says something of a user's text, and one may be kept for each.
    super(message, null, false, false);
    this.compiling = compiling;
  }

  static ExpressionException compiling(String message) {
    return new ExpressionException(message, true);
  }

  static ExpressionException running(String message) {
    return new ExpressionException(message, false);
  }

  /** Whether it has no answer for any device, rather than none for this one. */
  public boolean isAboutTheText() {
    return compiling;
  }
}
