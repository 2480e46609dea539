package dev.kcm.embedded.resource;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the fields of one protobuf message.
 *
 * <p>Confined to the decoding thread.
 */
final class ProtobufReader {

  /** A message that breaks off or is none. */
  static final class FormatException extends Exception {
    private static final long serialVersionUID = 1L;

    FormatException(String message) {
      super(message, null, false, false);
    }
  }

  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED_32 = 5;
  private static final int LONGEST_VARINT = 64;

  private final byte[] message;
  private int at;
  private int number;
  private long value;
  private byte[] bytes = {};

  ProtobufReader(byte[] message) {
    this.message = message;
  }

  /** Goes to the next field; false at the end. */
  boolean next() throws FormatException {
    if (at == message.length) {
      return false;
    }
    long tag = varint();
    number = (int) (tag >>> 3);
    if (number <= 0) {
      throw new FormatException("illegal tag " + tag);
    }
    bytes = new byte[0];
    switch ((int) (tag & 7)) {
      case VARINT -> value = varint();
      case FIXED_64 -> value = fixed(8);
      case FIXED_32 -> value = fixed(4);
      case BYTES -> bytes = take(varint());
      default -> throw new FormatException("illegal wireType " + (tag & 7));
    }
    return true;
  }

  /** Number of the field. */
  int number() {
    return number;
  }

  /** Value of a number or truth value. */
  long value() {
    return value;
  }

  /** Content of a text, of bytes or of a message. */
  byte[] bytes() {
    return bytes;
  }

  String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private long varint() throws FormatException {
    long result = 0;
    for (int shift = 0; shift < LONGEST_VARINT; shift += 7) {
      byte next = take(1)[0];
      result |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return result;
      }
    }
    throw new FormatException("integer overflow");
  }

  private long fixed(int length) throws FormatException {
    byte[] taken = take(length);
    long result = 0;
    for (int i = length - 1; i >= 0; i--) {
      result = result << 8 | (taken[i] & 0xFF);
    }
    return result;
  }

  private byte[] take(long length) throws FormatException {
    if (length < 0 || length > message.length - at) {
      throw new FormatException("unexpected EOF");
    }
    int from = at;
    at += (int) length;
    return Arrays.copyOfRange(message, from, at);
  }
}
