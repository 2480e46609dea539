package dev.kcm.embedded.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.embedded.resource.ApiServer;
import dev.kcm.embedded.resource.Kind;
import java.util.Optional;

/** Reads the objects that credentials refer to. Immutable; the server is thread-safe. */
final class CoreObjects {

  private final ApiServer server;

  CoreObjects(ApiServer server) {
    this.server = server;
  }

  Kind kind(String plural) {
    return server.kinds().find("", "v1", plural).orElseThrow();
  }

  Optional<JsonNode> find(String plural, String namespace, String name) {
    return server.stored(kind(plural), namespace, name);
  }

  /** The object of that name, if it is still the one with the UID. */
  Optional<JsonNode> find(String plural, String namespace, String name, String uid) {
    return find(plural, namespace, name).filter(object -> uid(object).equals(uid));
  }

  static String uid(JsonNode object) {
    return object.path("metadata").path("uid").asText("");
  }

  static String name(JsonNode object) {
    return object.path("metadata").path("name").asText("");
  }
}
