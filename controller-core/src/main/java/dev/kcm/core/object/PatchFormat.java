package dev.kcm.core.object;

/** Patch formats, each with its media type. */
public enum PatchFormat {
  /** RFC 6902. */
  JSON("application/json-patch+json"),
  /** RFC 7386. */
  MERGE("application/merge-patch+json"),
  /** Kubernetes' own, for built-in kinds only. */
  STRATEGIC("application/strategic-merge-patch+json"),
  /** Server-side apply. */
  APPLY("application/apply-patch+yaml");

  private final String mediaType;

  PatchFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  /** The content type of a request with this patch. */
  public String mediaType() {
    return mediaType;
  }
}
