package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.patch.ServerSideApply;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who becomes the owner of the fields that a plain create, update or patch changes.
 *
 * @param manager name of the field manager, empty when nobody does
 * @param subresource subresource that is written, else empty
 */
record FieldWriter(String manager, String subresource) {

  /** Writes that change no owners: those of the server itself, and server-side apply. */
  static final FieldWriter NOBODY = new FieldWriter("", "");

  static FieldWriter of(ApiRequest request, WriteOptions options) {
    return new FieldWriter(options.fieldManager(), request.subresource());
  }

  /**
   * Notes the ownership in {@code managedFields}.
   *
   * @param before the stored object, null when it is created
   * @param after the wanted object with its defaults; may be changed
   * @return the wanted object with its owners
   */
  ObjectNode own(@Nullable JsonNode before, ObjectNode after, Instant now, Kind kind) {
    if (manager.isEmpty()) {
      return after;
    }
    if (before == null && subresource.isEmpty() && !after.path("metadata").has("managedFields")) {
      ServerSideApply.trackCreate(after, manager, now, kind);
      return after;
    }
    return (ObjectNode) ServerSideApply.trackUpdate(before, after, manager, subresource, now, kind);
  }
}
