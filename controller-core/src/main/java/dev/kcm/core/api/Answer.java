package dev.kcm.core.api;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What becomes of the body of a successful answer. Confined to one attempt.
 *
 * @param <R> result
 */
interface Answer<R> {

  /** Takes the next bytes. */
  void bytes(ByteBuffer buffer) throws IOException;

  /** The result, once the body has ended. */
  R result() throws IOException;

  /** Whether something of it was already passed on, so that the request cannot be repeated. */
  default boolean passedOn() {
    return false;
  }

  /** Whether bytes that come in prove that the request makes progress, however long it takes. */
  default boolean streams() {
    return false;
  }
}
