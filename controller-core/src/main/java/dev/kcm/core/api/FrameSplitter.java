package dev.kcm.core.api;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Cuts a watch into its frames, one per line.
 *
 * <p>A line feed never is part of a character of several bytes, nor stands raw in a JSON string, so
 * a frame is whole wherever the network split it. Empty lines are skipped. Confined to one stream.
 */
final class FrameSplitter {

  /** Takes one frame; the array is reused after the call. */
  @FunctionalInterface
  interface Frames {
    void frame(byte[] bytes, int from, int to) throws IOException;
  }

  private static final int LARGEST_FRAME = 256 << 20;

  private final Frames frames;
  private final Bytes started = new Bytes(LARGEST_FRAME);

  FrameSplitter(Frames frames) {
    this.frames = frames;
  }

  /** Takes the next bytes of the stream. */
  void feed(ByteBuffer buffer) throws IOException {
    if (buffer.hasArray()) {
      int from = buffer.arrayOffset() + buffer.position();
      feed(buffer.array(), from, from + buffer.remaining());
    } else {
      byte[] copy = new byte[buffer.remaining()];
      buffer.get(copy);
      feed(copy, 0, copy.length);
    }
  }

  private void feed(byte[] bytes, int from, int to) throws IOException {
    int begin = from;
    for (int i = JsonCursor.endOfLine(bytes, from, to);
        i < to;
        i = JsonCursor.endOfLine(bytes, begin, to)) {
      if (started.length() == 0) {
        deliver(bytes, begin, i);
      } else {
        started.append(bytes, begin, i);
        deliver(started.array(), 0, started.length());
        started.clear();
      }
      begin = i + 1;
    }
    started.append(bytes, begin, to);
  }

  /** Delivers what came after the last line feed, at the clean end of the stream. */
  void finish() throws IOException {
    deliver(started.array(), 0, started.length());
    started.clear();
  }

  private void deliver(byte[] bytes, int from, int to) throws IOException {
    int end = to;
    while (end > from && (bytes[end - 1] == '\r' || bytes[end - 1] == ' ')) {
      end--;
    }
    if (end > from) {
      frames.frame(bytes, from, end);
    }
  }
}
