package dev.kcm.embedded.access;

/** A credential that does not hold, with the reason that a TokenReview shows. */
final class TokenException extends Exception {

  private static final long serialVersionUID = 1L;

  TokenException(String reason) {
    super(reason, null, false, false);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
