package dev.kcm.core.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Finds the items in the JSON of a list while it arrives, and has each read where it stands.
 *
 * <p>Bytes are gathered until there are enough to be worth it. Then each item is read from them at
 * once, without looking for its end first; the last one, of which a part is still to come, is begun
 * anew with the next bytes. Everything outside of the array {@code items} is kept as the envelope,
 * in which the array is empty. Cuts only between bytes that are JSON structure, so characters of
 * several bytes stay whole wherever the network split them.
 *
 * <p>Confined to one stream.
 */
final class ItemScanner {

  /** Reads items. */
  @FunctionalInterface
  interface Items {

    /**
     * Reads one item. The array is reused after the call.
     *
     * @param from where it begins, with a brace
     * @param to where the bytes end that are there
     * @return where it ends; {@link #INCOMPLETE} when it does not before {@code to}
     */
    int item(byte[] json, int from, int to) throws IOException;
  }

  /** What {@link Items#item} returns for the beginning of an item. */
  static final int INCOMPLETE = -1;

  /** How much to gather: some thirty pods, so that few bytes are read twice. */
  private static final int BATCH = 256 << 10;

  /** The API server refuses objects above 1.5 MiB in storage; aggregated servers may be larger. */
  private static final int LARGEST_ITEM = 256 << 20;

  private static final int LARGEST_ENVELOPE = 16 << 20;

  private static final byte[] ITEMS = "items".getBytes(StandardCharsets.US_ASCII);

  private final Items items;
  private final Bytes envelope = new Bytes(LARGEST_ENVELOPE);
  private final Bytes pending = new Bytes(LARGEST_ITEM);
  private final int batch;
  private int enough;

  private int depth;
  private boolean inString;
  private boolean escaped;

  /** At depth 1: whether the next string is a name, and how much of "items" it has matched. */
  private boolean nameNext;

  private int matched;
  private boolean itemsNamed;

  private boolean inArray;

  ItemScanner(Items items) {
    this(items, BATCH);
  }

  /** One that gathers this many bytes at first. */
  ItemScanner(Items items, int batch) {
    this.items = items;
    this.batch = batch;
    this.enough = batch;
  }

  /** Takes the next bytes of the body. */
  void feed(ByteBuffer buffer) throws IOException {
    pending.append(buffer);
    if (pending.length() >= enough) {
      readPending();
    }
  }

  private void readPending() throws IOException {
    pending.dropFirst(read(pending.array(), pending.length()));
    enough = Math.max(batch, 2 * pending.length());
  }

  /** Returns how many of the bytes are done with. */
  private int read(byte[] bytes, int to) throws IOException {
    int kept = 0;
    int i = 0;
    while (i < to) {
      byte b = bytes[i];
      if (inString) {
        string(b);
      } else if (!inArray) {
        structure(b);
        if (inArray) {
          envelope.append(bytes, kept, i + 1);
        }
      } else if (b == '{') {
        int next = items.item(bytes, i, to);
        if (next == INCOMPLETE) {
          return i;
        }
        i = next;
        continue;
      } else if (b == ']') {
        kept = i;
        inArray = false;
        depth--;
      } else if (b != ',' && !isSpace(b)) {
        throw new IOException("an item of the list is not an object");
      }
      i++;
    }
    if (!inArray) {
      envelope.append(bytes, kept, to);
    }
    return to;
  }

  private void string(byte b) {
    if (escaped) {
      escaped = false;
      matched = -1;
    } else if (b == '\\') {
      escaped = true;
      matched = -1;
    } else if (b == '"') {
      inString = false;
      itemsNamed = depth == 1 && nameNext && matched == ITEMS.length;
    } else if (matched >= 0) {
      matched = matched < ITEMS.length && b == ITEMS[matched] ? matched + 1 : -1;
    }
  }

  private void structure(byte b) {
    switch (b) {
      case '"' -> {
        inString = true;
        matched = depth == 1 && nameNext ? 0 : -1;
      }
      case '{' -> {
        depth++;
        nameNext = depth == 1;
      }
      case '[' -> {
        depth++;
        inArray |= itemsNamed && depth == 2;
        itemsNamed = false;
      }
      case '}', ']' -> depth--;
      case ',' -> {
        nameNext = depth == 1;
        itemsNamed = false;
      }
      case ':' -> nameNext = false;
      default -> {
        // white space, or part of a number or literal
      }
    }
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  /**
   * The envelope, once the body has ended.
   *
   * @throws IOException when the body ended early
   */
  Bytes finish() throws IOException {
    readPending();
    if (depth != 0 || inString || envelope.length() == 0) {
      throw new IOException("the list ended in the middle");
    }
    return envelope;
  }
}
