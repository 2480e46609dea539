package dev.kcm.embedded.patch;

import java.util.Optional;

/** The patch formats, each with its media type. */
public enum PatchType {
  JSON("application/json-patch+json"),
  MERGE("application/merge-patch+json"),
  STRATEGIC("application/strategic-merge-patch+json"),
  APPLY("application/apply-patch+yaml");

  private final String mediaType;

  PatchType(String mediaType) {
    this.mediaType = mediaType;
  }

  /** The media type a request names. */
  public String mediaType() {
    return mediaType;
  }

  /** The format of a media type without parameters, empty when it is not a patch format. */
  public static Optional<PatchType> of(String mediaType) {
    for (PatchType type : values()) {
      if (type.mediaType.equals(mediaType)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
