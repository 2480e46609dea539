package dev.kcm.core.api;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An answer that is decoded in one piece. Confined to one attempt.
 *
 * @param <R> result
 */
final class WholeBody<R> implements Answer<R> {

  /** Decodes a body. */
  @FunctionalInterface
  interface Decoder<R> {
    R decode(byte[] body, int length) throws IOException;
  }

  private static final int LARGEST = 256 << 20;

  private final Bytes body = new Bytes(LARGEST);
  private final Decoder<R> decoder;

  WholeBody(Decoder<R> decoder) {
    this.decoder = decoder;
  }

  @Override
  public void bytes(ByteBuffer buffer) throws IOException {
    body.append(buffer);
  }

  @Override
  public R result() throws IOException {
    return decoder.decode(body.array(), body.length());
  }
}
