package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One frame of a watch.
 *
 * @param type what happened
 * @param object the object after the change, for DELETED with the revision of the deletion; a
 *     Status for ERROR; shared with the store, so never changed by the receiver
 */
public record WatchEvent(Type type, JsonNode object) {

  /** Event types as they stand on the wire. */
  public enum Type {
    ADDED,
    MODIFIED,
    DELETED,
    BOOKMARK,
    ERROR
  }
}
