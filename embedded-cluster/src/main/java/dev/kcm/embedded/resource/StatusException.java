package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A refused or failed request, carrying the {@code Status} object to answer with. Made by {@link
 * Statuses}.
 */
public final class StatusException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient ObjectNode status;

  StatusException(ObjectNode status) {
    super(status.path("message").asText(), null, false, false);
    this.status = status;
  }

  /** The Status object; a fresh tree that the receiver may keep. */
  public ObjectNode status() {
    return status.deepCopy();
  }

  /** HTTP status code of the answer. */
  public int code() {
    return status.path("code").asInt();
  }

  /** Machine-readable reason, for example {@code NotFound}. */
  public String reason() {
    return status.path("reason").asText();
  }
}
