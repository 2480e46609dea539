package dev.kcm.embedded.pki;

/** Certificate files that cannot be read or written; the message names the file. */
public final class PkiException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  PkiException(String message, Throwable cause) {
    super(message, cause);
  }
}
