package dev.kcm.core.api;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A place in the bytes of a JSON text, which reads what is common there and nothing else.
 *
 * <p>Text without escapes and beyond ASCII, whole numbers, literals and structure are read here;
 * everything else is {@link Unusual} and left to Jackson.
 *
 * <p>Strings are looked at eight bytes at a time. Confined to one thread.
 */
final class JsonCursor {

  /** Deeper nesting than any model has. */
  private static final int DEEPEST = 200;

  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101010101010101L;
  private static final long TOPS = 0x8080808080808080L;
  private static final long QUOTES = ONES * '"';
  private static final long BACKSLASHES = ONES * '\\';
  private static final long SPACES = ONES * ' ';
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private final byte[] bytes;
  private final int end;
  private final @Nullable SharedValues shared;
  private int at;
  private int depth;

  /** The string that {@link #scanString()} has passed. */
  private int from;

  private int to;
  private long hash;

  /** A cursor for objects of which nothing is shared but strings. */
  JsonCursor(byte[] bytes, int from, int end) {
    this(bytes, from, end, null);
  }

  /**
   * A cursor at the first of some bytes.
   *
   * @param shared shares parts of the objects; null for none
   */
  JsonCursor(byte[] bytes, int from, int end, @Nullable SharedValues shared) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
    this.shared = shared;
  }

  @Nullable SharedValues shared() {
    return shared;
  }

  byte[] bytes() {
    return bytes;
  }

  int position() {
    return at;
  }

  void goTo(int position) {
    at = position;
  }

  // ---- structure

  /** Passes white space and returns the next byte without passing it. */
  byte peek() throws Unusual {
    while (at < end) {
      byte b = bytes[at];
      if (b > ' ') {
        return b;
      }
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        throw new Unusual();
      }
      at++;
    }
    throw new Unusual();
  }

  /** Passes one byte of structure, which must be this one. */
  void expect(char structure) throws Unusual {
    if (peek() != structure) {
      throw new Unusual();
    }
    at++;
  }

  /** Passes one byte of structure if it is this one. */
  boolean passed(char structure) throws Unusual {
    if (peek() != structure) {
      return false;
    }
    at++;
    return true;
  }

  /** After an element: whether another one follows; passes the comma or the closing byte. */
  boolean hasMore(char closing) throws Unusual {
    byte b = peek();
    at++;
    if (b == ',') {
      return true;
    }
    if (b == closing) {
      depth--;
      return false;
    }
    throw new Unusual();
  }

  /** Passes an opening byte; false when what it opens is empty, which is passed as well. */
  boolean opened(char opening, char closing) throws Unusual {
    expect(opening);
    if (passed(closing)) {
      return false;
    }
    if (++depth > DEEPEST) {
      throw new Unusual();
    }
    return true;
  }

  // ---- literals and numbers

  /** Passes {@code null} if it stands here. */
  boolean passedNull() throws Unusual {
    return peek() == 'n' && literal("null");
  }

  boolean readBoolean() throws Unusual {
    return peek() == 't' ? literal("true") : !literal("false");
  }

  private boolean literal(String word) throws Unusual {
    int length = word.length();
    if (at + length > end) {
      throw new Unusual();
    }
    for (int i = 0; i < length; i++) {
      if (bytes[at + i] != word.charAt(i)) {
        throw new Unusual();
      }
    }
    at += length;
    return true;
  }

  /** A whole number of at most 18 digits. */
  long readLong() throws Unusual {
    boolean negative = passed('-');
    int first = at;
    long value = 0;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
      value = 10 * value + bytes[at++] - '0';
    }
    int digits = at - first;
    boolean padded = digits > 1 && bytes[first] == '0';
    if (digits == 0 || digits > 18 || padded || at >= end || !endsNumber(bytes[at])) {
      throw new Unusual();
    }
    return negative ? -value : value;
  }

  private static boolean endsNumber(byte b) {
    return b == ',' || b == '}' || b == ']' || b <= ' ';
  }

  // ---- strings

  /** Passes a string, whose bytes and hash are kept until the next one. */
  void scanString() throws Unusual {
    expect('"');
    from = at;
    long mixed = 0;
    int i = at;
    while (i + Long.BYTES <= bytes.length) {
      long word = (long) EIGHT.get(bytes, i);
      long stop = stops(word);
      if (stop == 0) {
        mixed = (mixed ^ word) * MIX;
        i += Long.BYTES;
        continue;
      }
      int left = Long.numberOfTrailingZeros(stop) >> 3;
      endString(i + left, left == 0 ? mixed : (mixed ^ lowest(word, left)) * MIX);
      return;
    }
    scanLastBytes(i, mixed);
  }

  private void scanLastBytes(int begin, long mixed) throws Unusual {
    long word = 0;
    for (int i = begin; i < end; i++) {
      byte b = bytes[i];
      if (b == '"' || b == '\\' || b < ' ') {
        endString(i, i == begin ? mixed : (mixed ^ word) * MIX);
        return;
      }
      word |= (long) b << (8 * (i - begin));
    }
    throw new Unusual();
  }

  private void endString(int quote, long mixed) throws Unusual {
    if (quote >= end || bytes[quote] != '"') {
      throw new Unusual();
    }
    to = quote;
    hash = mixed ^ (mixed >>> 32);
    at = quote + 1;
  }

  private static long lowest(long word, int count) {
    return word & ((1L << (8 * count)) - 1);
  }

  /**
   * A bit for each byte that is a quote, a backslash, a control character or beyond ASCII. Only the
   * lowest is exact, and only the lowest is used.
   */
  private static long stops(long word) {
    long quote = word ^ QUOTES;
    long backslash = word ^ BACKSLASHES;
    return (((quote - ONES) & ~quote)
            | ((backslash - ONES) & ~backslash)
            | ((word - SPACES) & ~word)
            | word)
        & TOPS;
  }

  /** The hash of the string that was passed last. */
  int hash() {
    return (int) hash;
  }

  /** Whether the string that was passed last is this one. */
  boolean isText(byte[] text) {
    return Arrays.equals(bytes, from, to, text, 0, text.length);
  }

  /** The hash that {@link #hash()} gives for a name, which has no escapes. */
  static int hashOf(byte[] name) throws Unusual {
    byte[] quoted = new byte[name.length + 2];
    quoted[0] = '"';
    quoted[name.length + 1] = '"';
    System.arraycopy(name, 0, quoted, 1, name.length);
    JsonCursor cursor = new JsonCursor(quoted, 0, quoted.length);
    cursor.scanString();
    return cursor.hash();
  }

  /** A good hash of some bytes. */
  static int hashOf(byte[] bytes, int from, int to) {
    long mixed = (long) to - from;
    int i = from;
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      mixed = (mixed ^ (long) EIGHT.get(bytes, i)) * MIX;
      mixed ^= mixed >>> 29;
    }
    for (; i < to; i++) {
      mixed = (mixed ^ bytes[i]) * MIX;
    }
    return (int) (mixed ^ (mixed >>> 32));
  }

  /** Passes a text if these bytes stand here. */
  boolean passed(byte[] text) {
    int after = at + text.length;
    if (after > end || !Arrays.equals(bytes, at, after, text, 0, text.length)) {
      return false;
    }
    at = after;
    return true;
  }

  /** The string that was passed last, shared if the pool knows it. */
  String text(StringPool pool) {
    return pool.share(bytes, from, to - from, hash());
  }

  /** The string that was passed last. */
  String text() {
    return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
  }

  // ---- what is not looked at

  /** Passes a value of any kind. Its structure is followed; whether it is valid is not checked. */
  void skipValue() throws Unusual {
    byte first = peek();
    if (first == '"') {
      skipString();
    } else if (first == '{' || first == '[') {
      skipNested();
    } else {
      while (at < end && !endsNumber(bytes[at])) {
        at++;
      }
    }
  }

  private void skipNested() throws Unusual {
    int after = endOfNested(bytes, at, end);
    if (after > end) {
      throw new Unusual();
    }
    at = after;
  }

  /**
   * Where an object or array ends.
   *
   * @param from its opening byte
   * @return the place after its closing byte; more than {@code end} when it does not end before
   */
  static int endOfNested(byte[] bytes, int from, int end) {
    int open = 0;
    int i = from;
    while (i < end) {
      byte b = bytes[i++];
      if (b == '"') {
        i = endOfString(bytes, i, end) + 1;
      } else if (b == '{' || b == '[') {
        open++;
      } else if ((b == '}' || b == ']') && --open == 0) {
        return i;
      }
    }
    return end + 1;
  }

  private void skipString() throws Unusual {
    at = endOfString(bytes, at + 1, end);
    if (at >= end) {
      throw new Unusual();
    }
    at++;
  }

  /**
   * Where a string ends.
   *
   * @param from within the string, not after a backslash
   * @return the place of its closing quote; when it does not end before {@code end}, that, or one
   *     more if the last byte escapes the next one
   */
  static int endOfString(byte[] bytes, int from, int end) {
    int i = from;
    while (i < end) {
      if (i + Long.BYTES <= end) {
        long word = (long) EIGHT.get(bytes, i);
        long quote = word ^ QUOTES;
        long backslash = word ^ BACKSLASHES;
        long stop = (((quote - ONES) & ~quote) | ((backslash - ONES) & ~backslash)) & TOPS;
        if (stop == 0) {
          i += Long.BYTES;
          continue;
        }
        i += Long.numberOfTrailingZeros(stop) >> 3;
      }
      byte b = bytes[i];
      if (b == '"') {
        return i;
      }
      i += b == '\\' ? 2 : 1;
    }
    return i;
  }

  /** Where the next line feed stands; {@code end} when there is none. */
  static int endOfLine(byte[] bytes, int from, int end) {
    int i = from;
    while (i + Long.BYTES <= end) {
      long feed = (long) EIGHT.get(bytes, i) ^ ONES * '\n';
      long stop = (feed - ONES) & ~feed & TOPS;
      if (stop != 0) {
        return i + (Long.numberOfTrailingZeros(stop) >> 3);
      }
      i += Long.BYTES;
    }
    while (i < end && bytes[i] != '\n') {
      i++;
    }
    return i;
  }
}
