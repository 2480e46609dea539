package dev.kcm.core.api;

/**
 * Says that JSON holds something the quick readers leave to Jackson: another shape than expected,
 * or an error that Jackson words better. Immutable; without a stack trace, so that it costs next to
 * nothing.
 */
final class Unusual extends Exception {

  private static final long serialVersionUID = 1L;

  Unusual() {
    super("left to Jackson", null, false, false);
  }
}
