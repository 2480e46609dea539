package dev.kcm.embedded.http;

/**
 * The form of an answer.
 *
 * @param format how the tree is written
 * @param view what is made of the object before
 * @param version version of a view's kind, {@code v1} or {@code v1beta1}; empty for {@code PLAIN}
 */
record Representation(Format format, View view, String version) {

  /** Ways to write a tree. */
  enum Format {
    JSON("application/json"),
    YAML("application/yaml");

    private final String mediaType;

    Format(String mediaType) {
      this.mediaType = mediaType;
    }

    String mediaType() {
      return mediaType;
    }
  }

  /** What clients may have made of objects. */
  enum View {
    PLAIN,
    TABLE,
    PARTIAL
  }

  static final Representation PLAIN_JSON = new Representation(Format.JSON, View.PLAIN, "");

  static Representation plain(Format format) {
    return new Representation(format, View.PLAIN, "");
  }
}
