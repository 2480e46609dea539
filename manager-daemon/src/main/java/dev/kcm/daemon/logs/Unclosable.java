package dev.kcm.daemon.logs;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A stream that belongs to someone else: closing only flushes it.
 *
 * <p><i>Thread-safe if the stream behind is.</i>
 */
final class Unclosable extends OutputStream {

  private final OutputStream out;

  Unclosable(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int oneByte) throws IOException {
    out.write(oneByte);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.flush();
  }
}
