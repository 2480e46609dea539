package dev.kcm.embedded.http;

import dev.kcm.embedded.resource.Statuses;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Decodes percent escapes of URLs. Stateless. */
final class PercentDecoder {

  private PercentDecoder() {}

  /** Decodes a path segment. */
  static String segment(String raw) {
    return raw.indexOf('%') < 0 ? raw : decode(raw);
  }

  /** Decodes a query key or value, where a plus sign is a space. */
  static String query(String raw) {
    String spaced = raw.replace('+', ' ');
    return spaced.indexOf('%') < 0 ? spaced : decode(spaced);
  }

  private static String decode(String raw) {
    byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
    ByteBuffer decoded = ByteBuffer.allocate(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '%') {
        decoded.put((byte) (digit(raw, bytes, i + 1) << 4 | digit(raw, bytes, i + 2)));
        i += 2;
      } else {
        decoded.put(bytes[i]);
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString();
    } catch (CharacterCodingException e) {
      throw Statuses.badRequest("invalid URL escape in \"" + raw + "\": not UTF-8");
    }
  }

  private static int digit(String raw, byte[] bytes, int index) {
    int digit = index < bytes.length ? Character.digit(bytes[index], 16) : -1;
    if (digit < 0) {
      throw Statuses.badRequest("invalid URL escape in \"" + raw + "\"");
    }
    return digit;
  }
}
