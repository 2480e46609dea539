package dev.kcm.embedded.http;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A document with the tag by which clients recognise it. Immutable: nobody changes the bytes. */
final class TaggedDocument {

  private final byte[] bytes;
  private final String tag;

  private TaggedDocument(byte[] bytes, String tag) {
    this.bytes = bytes;
    this.tag = tag;
  }

  /** Tags the bytes with their hash. */
  static TaggedDocument of(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-512").digest(bytes);
      return new TaggedDocument(
          bytes, "\"" + HexFormat.of().withUpperCase().formatHex(digest) + "\"");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java runtime has no SHA-512", e);
    }
  }

  byte[] bytes() {
    return bytes;
  }

  /** The quoted tag, as in the {@code ETag} header. */
  String tag() {
    return tag;
  }
}
