package dev.kcm.embedded.resource;

/** Recognises decimal integers without the cost of a thrown exception. */
final class Decimals {

  private static final int SAFE_DIGITS = 18;

  private Decimals() {}

  /** Whether the text is an optional sign and digits that fit into 64 bits. */
  static boolean isLong(String text) {
    int start = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
    for (int i = start; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    int digits = text.length() - start;
    return digits > 0 && (digits <= SAFE_DIGITS || fits(text));
  }

  private static boolean fits(String digits) {
    return new java.math.BigInteger(digits).bitLength() < Long.SIZE;
  }
}
