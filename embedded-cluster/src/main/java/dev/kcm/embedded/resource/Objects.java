package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.store.CompactedException;
import dev.kcm.embedded.store.Snapshot;
import dev.kcm.embedded.store.Store;
import org.jspecify.annotations.Nullable;

/**
 * The stored objects, addressed by kind: picks resource and key, and converts between the version
 * of the request and the stored one.
 *
 * <p>Thread-safe: the store is.
 */
final class Objects {

  /**
   * A stored object.
   *
   * @param stored the instance in the store, for compare-and-set
   * @param object the same in the version of the kind asked for
   */
  record Held(JsonNode stored, JsonNode object) {}

  private final Store store;
  private final SharedBranches branches = new SharedBranches();

  Objects(Store store) {
    this.store = store;
  }

  Store store() {
    return store;
  }

  /** The name of the kind's shelf in the store; versions of one resource share it. */
  static String resource(Kind kind) {
    return Versions.sharedResource(kind);
  }

  static String key(Kind kind, String namespace, String name) {
    return kind.namespaced() ? namespace + "/" + name : name;
  }

  /** What all keys of a namespace start with; empty for all namespaces. */
  static String prefix(String namespace) {
    return namespace.isEmpty() ? "" : namespace + "/";
  }

  @Nullable Held get(Kind kind, String namespace, String name) {
    JsonNode stored = store.get(resource(kind), key(kind, namespace, name));
    return stored == null ? null : new Held(stored, Versions.fromStored(kind, stored));
  }

  /** The object, or a refusal. */
  Held require(Kind kind, String namespace, String name) {
    Held held = get(kind, namespace, name);
    if (held == null) {
      throw Statuses.notFound(kind, name);
    }
    return held;
  }

  Snapshot list(Kind kind, String namespace) {
    return store.list(resource(kind), prefix(namespace));
  }

  Snapshot listAt(Kind kind, String namespace, long revision) throws CompactedException {
    return store.listAt(resource(kind), prefix(namespace), revision);
  }

  /**
   * Stores a new or changed object, sharing with the old one what stayed equal.
   *
   * @return the object as stored, in the version of the kind; null when somebody was faster
   */
  @Nullable JsonNode put(Kind kind, @Nullable Held current, ObjectNode next) {
    ObjectNode stored = Versions.toStored(kind, next);
    if (current != null) {
      JsonNode shared = Trees.reuse(current.stored(), stored);
      if (Trees.isSame(shared, current.stored())) {
        return current.object();
      }
      stored = (ObjectNode) shared;
    }
    stored = branches.of(stored);
    String key = key(kind, Meta.namespace(next), Meta.name(next));
    boolean done =
        store.put(resource(kind), key, current == null ? null : current.stored(), stored);
    return done ? Versions.fromStored(kind, stored) : null;
  }

  /** Removes the object if it is still the held one. */
  boolean remove(Kind kind, Held current) {
    JsonNode object = current.stored();
    return store.remove(
        resource(kind), key(kind, Meta.namespace(object), Meta.name(object)), object);
  }
}
