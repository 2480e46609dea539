package dev.kcm.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.embedded.resource.Kind;

/** Makes the reduced forms of objects and lists. Implementations are thread-safe. */
interface Views {

  /**
   * A Table of an object or list.
   *
   * @param includeObject what rows carry: {@code None}, {@code Metadata} or {@code Object}
   */
  JsonNode table(Kind kind, JsonNode objectOrList, String includeObject);

  /** PartialObjectMetadata of an object, or PartialObjectMetadataList of a list. */
  JsonNode partial(JsonNode objectOrList);
}
