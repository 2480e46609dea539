package dev.kcm.controllers.shared.pki;

/** A request or an order that cannot be used; the message says why and holds no secret. */
public final class PkiException extends Exception {

  private static final long serialVersionUID = 1L;

  /** With what is wrong. */
  public PkiException(String message) {
    super(message);
  }

  /** With what is wrong and where it comes from. */
  public PkiException(String message, Throwable cause) {
    super(message, cause);
  }
}
