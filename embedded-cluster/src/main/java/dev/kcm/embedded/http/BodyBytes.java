package dev.kcm.embedded.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of an answer while it is written, in blocks: a list of 100 000 objects is never copied
 * from one array into a larger one.
 *
 * <p>Confined to the thread that answers.
 */
final class BodyBytes extends OutputStream {

  private static final int FIRST_BLOCK = 4 * 1024;
  private static final int LARGEST_BLOCK = 256 * 1024;

  private final List<byte[]> full = new ArrayList<>();
  private byte[] block = new byte[FIRST_BLOCK];
  private int used;
  private long length;

  @Override
  public void write(int oneByte) {
    makeRoom();
    block[used++] = (byte) oneByte;
    length++;
  }

  @Override
  public void write(byte[] bytes, int offset, int count) {
    int from = offset;
    int left = count;
    while (left > 0) {
      makeRoom();
      int part = Math.min(left, block.length - used);
      System.arraycopy(bytes, from, block, used, part);
      used += part;
      from += part;
      left -= part;
    }
    length += count;
  }

  private void makeRoom() {
    if (used == block.length) {
      full.add(block);
      block = new byte[Math.min(2 * block.length, LARGEST_BLOCK)];
      used = 0;
    }
  }

  /** Number of bytes so far. */
  long length() {
    return length;
  }

  /** All bytes in order; nothing may be written any more. */
  ByteBuffer[] buffers() {
    ByteBuffer[] all = new ByteBuffer[full.size() + 1];
    for (int i = 0; i < full.size(); i++) {
      all[i] = ByteBuffer.wrap(full.get(i));
    }
    all[full.size()] = ByteBuffer.wrap(block, 0, used);
    return all;
  }

  /** Copies all bytes. */
  void copyTo(OutputStream out) throws IOException {
    for (byte[] bytes : full) {
      out.write(bytes);
    }
    out.write(block, 0, used);
  }

  /** All bytes in one array. */
  byte[] toByteArray() {
    byte[] all = new byte[(int) length];
    int at = 0;
    for (byte[] bytes : full) {
      System.arraycopy(bytes, 0, all, at, bytes.length);
      at += bytes.length;
    }
    System.arraycopy(block, 0, all, at, used);
    return all;
  }
}
