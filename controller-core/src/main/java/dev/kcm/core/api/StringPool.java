package dev.kcm.core.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Shares equal short strings: namespaces, node names, image names, label values and the like.
 *
 * <p>A table of fixed size with two strings for each hash: the newest, and the newest of those that
 * came again. So it never grows, and what comes once, such as names and UIDs, does not push out
 * what repeats. A string that is found is not even built.
 *
 * <p>Thread-safe: a slot is one reference to an immutable string, and losing a race between two
 * writers only costs a copy.
 */
final class StringPool extends StdScalarDeserializer<String> {

  private static final long serialVersionUID = 1L;

  private static final int SLOTS = 1 << 13;

  /** Longer strings are messages, scripts and keys, which seldom repeat. */
  private static final int LONGEST = 128;

  private final transient @Nullable String[] slots = new String[2 * SLOTS];

  /** The hash of what is in each slot, or was a moment ago: others need not be looked at. */
  private final transient int[] hashes = new int[2 * SLOTS];

  StringPool() {
    super(String.class);
  }

  @Override
  public String deserialize(JsonParser parser, DeserializationContext context) throws IOException {
    if (!parser.hasToken(JsonToken.VALUE_STRING)) {
      return StringDeserializer.instance.deserialize(parser, context);
    }
    int length = parser.getTextLength();
    return length > LONGEST
        ? parser.getText()
        : share(parser.getTextCharacters(), parser.getTextOffset(), length);
  }

  /** The string of these characters, an earlier instance where there is one. */
  String share(char[] text, int offset, int length) {
    int hash = 0;
    for (int i = offset; i < offset + length; i++) {
      hash = 31 * hash + text[i];
    }
    hash ^= hash >>> 13;
    int proven = 2 * (hash & SLOTS - 1);
    String known = slots[proven];
    if (known != null && hashes[proven] == hash && sameText(known, text, offset, length)) {
      return known;
    }
    String candidate = slots[proven + 1];
    if (candidate != null
        && hashes[proven + 1] == hash
        && sameText(candidate, text, offset, length)) {
      return prove(proven, known, candidate, hash);
    }
    return remember(proven + 1, new String(text, offset, length), hash);
  }

  /**
   * The string of these ASCII bytes, an earlier instance where there is one.
   *
   * @param hash any good hash of the bytes
   */
  String share(byte[] text, int offset, int length, int hash) {
    if (length > LONGEST) {
      return new String(text, offset, length, StandardCharsets.US_ASCII);
    }
    int proven = 2 * (hash & SLOTS - 1);
    String known = slots[proven];
    if (known != null && hashes[proven] == hash && sameText(known, text, offset, length)) {
      return known;
    }
    String candidate = slots[proven + 1];
    if (candidate != null
        && hashes[proven + 1] == hash
        && sameText(candidate, text, offset, length)) {
      return prove(proven, known, candidate, hash);
    }
    return remember(proven + 1, new String(text, offset, length, StandardCharsets.US_ASCII), hash);
  }

  private String prove(int proven, @Nullable String known, String candidate, int hash) {
    slots[proven + 1] = known;
    hashes[proven + 1] = hashes[proven];
    slots[proven] = candidate;
    hashes[proven] = hash;
    return candidate;
  }

  private String remember(int slot, String fresh, int hash) {
    slots[slot] = fresh;
    hashes[slot] = hash;
    return fresh;
  }

  private static boolean sameText(String known, byte[] text, int offset, int length) {
    if (known.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (known.charAt(i) != text[offset + i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameText(String known, char[] text, int offset, int length) {
    if (known.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (known.charAt(i) != text[offset + i]) {
        return false;
      }
    }
    return true;
  }
}
