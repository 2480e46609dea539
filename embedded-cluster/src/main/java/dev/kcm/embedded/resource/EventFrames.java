package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.store.StoreEvent;
import org.jspecify.annotations.Nullable;

/**
 * The frames that a store event may become, depending on what a watch could see before and after.
 * All watches of the stored version share them.
 *
 * <p>Immutable, but for frames made on first use; racing readers make equal ones.
 */
final class EventFrames {

  private final @Nullable JsonNode before;
  private final @Nullable JsonNode after;
  private final JsonNode last;

  private volatile @Nullable WatchEvent added;
  private volatile @Nullable WatchEvent modified;
  private volatile @Nullable WatchEvent deleted;

  private EventFrames(Kind kind, StoreEvent event) {
    JsonNode eventBefore = event.before();
    JsonNode eventAfter = event.after();
    before = eventBefore == null ? null : Versions.fromStored(kind, eventBefore);
    after = eventAfter == null ? null : Versions.fromStored(kind, eventAfter);
    last = Versions.fromStored(kind, event.object());
  }

  /** The frames of the event in the version of the kind. */
  static EventFrames of(Kind kind, StoreEvent event) {
    boolean sameVersion = event.object().path("apiVersion").asText().equals(kind.apiVersion());
    return sameVersion
        ? event.derived(EventFrames.class, e -> new EventFrames(kind, e))
        : new EventFrames(kind, event);
  }

  @Nullable JsonNode before() {
    return before;
  }

  @Nullable JsonNode after() {
    return after;
  }

  WatchEvent added() {
    WatchEvent known = added;
    if (known == null) {
      known = new WatchEvent(WatchEvent.Type.ADDED, last);
      added = known;
    }
    return known;
  }

  WatchEvent modified() {
    WatchEvent known = modified;
    if (known == null) {
      known = new WatchEvent(WatchEvent.Type.MODIFIED, last);
      modified = known;
    }
    return known;
  }

  /** The object as it was last seen, with the revision of the event that took it away. */
  WatchEvent deleted() {
    WatchEvent known = deleted;
    if (known == null) {
      known =
          new WatchEvent(
              WatchEvent.Type.DELETED, after == null || before == null ? last : lastSeen(before));
      deleted = known;
    }
    return known;
  }

  private ObjectNode lastSeen(JsonNode seen) {
    ObjectNode object = Trees.shallow(seen);
    ObjectNode metadata = Trees.shallow(seen.path("metadata"));
    object.set("metadata", metadata.put("resourceVersion", Meta.resourceVersion(last)));
    return object;
  }
}
