package dev.kcm.core.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A growing array of bytes with a limit. Confined to one stream. */
final class Bytes {

  private static final int SMALL = 4096;

  private final int limit;
  private byte[] bytes = new byte[SMALL];
  private int length;

  /** Refuses to hold more than this many bytes. */
  Bytes(int limit) {
    this.limit = limit;
  }

  void append(byte[] source, int from, int to) throws IOException {
    int more = to - from;
    makeRoom(more);
    System.arraycopy(source, from, bytes, length, more);
    length += more;
  }

  void append(ByteBuffer source) throws IOException {
    int more = source.remaining();
    makeRoom(more);
    source.get(bytes, length, more);
    length += more;
  }

  byte[] array() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** Forgets the first bytes. */
  void dropFirst(int count) {
    length -= count;
    System.arraycopy(bytes, count, bytes, 0, length);
  }

  /** Forgets the content; keeps the memory unless it once had to be large. */
  void clear() {
    length = 0;
    if (bytes.length > 64 * SMALL) {
      bytes = new byte[SMALL];
    }
  }

  private void makeRoom(int more) throws IOException {
    if (more > limit - length) {
      throw new IOException("more than " + limit + " bytes in one piece");
    }
    if (length + more > bytes.length) {
      bytes =
          Arrays.copyOf(bytes, (int) Math.min(limit, Math.max(length + more, 2L * bytes.length)));
    }
  }
}
