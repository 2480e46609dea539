package dev.kcm.core.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Cuts the JSON of a list into its items while it arrives, without parsing them.
 *
 * <p>Everything outside of the array {@code items} is kept as the envelope, in which the array is
 * empty. Cuts only between bytes that are JSON structure, so characters of several bytes stay whole
 * wherever the network split them.
 *
 * <p>Confined to one stream.
 */
final class ItemScanner {

  /** Takes the bytes of one item; the array is reused after the call. */
  @FunctionalInterface
  interface Items {
    void item(byte[] json, int length) throws IOException;
  }

  /** The API server refuses objects above 1.5 MiB in storage; aggregated servers may be larger. */
  private static final int LARGEST_ITEM = 256 << 20;

  private static final int LARGEST_ENVELOPE = 16 << 20;

  private static final byte[] ITEMS = "items".getBytes(StandardCharsets.US_ASCII);

  /** The depth between items. */
  private static final int IN_ARRAY = 2;

  private final Items items;
  private final Bytes envelope = new Bytes(LARGEST_ENVELOPE);
  private final Bytes item = new Bytes(LARGEST_ITEM);

  private int depth;
  private boolean inString;
  private boolean escaped;

  /** At depth 1: whether the next string is a name, and how much of "items" it has matched. */
  private boolean nameNext;

  private int matched;
  private boolean itemsNamed;

  private boolean inArray;
  private boolean inItem;

  ItemScanner(Items items) {
    this.items = items;
  }

  /** Takes the next bytes of the body. */
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
    int kept = from;
    int i = from;
    while (i < to) {
      if (inItem) {
        int next = item(bytes, i, to);
        item.append(bytes, i, next);
        i = next;
        kept = next;
        if (!inItem) {
          items.item(item.array(), item.length());
          item.clear();
        }
        continue;
      }
      byte b = bytes[i];
      if (inString) {
        string(b);
      } else if (!inArray) {
        structure(b);
        if (inArray) {
          envelope.append(bytes, kept, i + 1);
          kept = i + 1;
        }
      } else if (b == '{') {
        inItem = true;
        kept = i;
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
  }

  /** Passes the bytes of an item; returns where it ends, or the end of the bytes before that. */
  private int item(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to) {
      if (inString) {
        i = restOfString(bytes, i, to);
        continue;
      }
      byte b = bytes[i++];
      if (b == '"') {
        inString = true;
      } else if (b == '{' || b == '[') {
        depth++;
      } else if ((b == '}' || b == ']') && --depth == IN_ARRAY) {
        inItem = false;
        return i;
      }
    }
    return to;
  }

  private int restOfString(byte[] bytes, int from, int to) {
    if (escaped) {
      escaped = false;
      return from + 1;
    }
    int quote = JsonCursor.endOfString(bytes, from, to);
    escaped = quote > to;
    inString = quote >= to;
    return Math.min(to, quote + 1);
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
    if (depth != 0 || inString || envelope.length() == 0) {
      throw new IOException("the list ended in the middle");
    }
    return envelope;
  }
}
