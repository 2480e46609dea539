package dev.kcm.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Bytes outside of the Java heap, so that what a server is to send does not count as used heap.
 *
 * <p>Confined to one thread while it is filled; afterwards any thread may write it out.
 */
final class OffHeap {

  private static final int SEGMENT = 32 << 20;

  private final List<ByteBuffer> segments = new ArrayList<>();
  private long length;

  OffHeap add(String text) {
    return add(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Appends bytes, which stay together in one segment. */
  OffHeap add(byte[] bytes) {
    ByteBuffer last = segments.isEmpty() ? null : segments.get(segments.size() - 1);
    if (last == null || last.remaining() < bytes.length) {
      last = ByteBuffer.allocateDirect(Math.max(SEGMENT, bytes.length));
      segments.add(last);
    }
    last.put(bytes);
    length += bytes.length;
    return this;
  }

  /** Appends one chunk of a chunked body. */
  OffHeap addChunk(byte[] bytes) {
    return add(Integer.toHexString(bytes.length).toUpperCase(Locale.ROOT) + "\r\n")
        .add(bytes)
        .add("\r\n");
  }

  long length() {
    return length;
  }

  void writeTo(SocketChannel channel) throws IOException {
    for (ByteBuffer segment : segments) {
      ByteBuffer bytes = segment.duplicate().flip();
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }
}
