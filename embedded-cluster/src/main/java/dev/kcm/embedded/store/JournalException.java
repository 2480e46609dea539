package dev.kcm.embedded.store;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The file of a store cannot be opened, read or written. */
public final class JournalException extends UncheckedIOException {

  private static final long serialVersionUID = 1L;

  JournalException(String message, Throwable cause) {
    super(message, new IOException(cause));
  }
}
