package dev.kcm.embedded.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One committed change. All watchers get the same instance.
 *
 * <p>Immutable, but for a slot that caches what readers derive from it.
 */
public final class StoreEvent {

  private final long revision;
  private final String resource;
  private final String key;
  private final @Nullable JsonNode before;
  private final @Nullable JsonNode after;
  private final JsonNode object;

  /** Written by any reader; racing readers derive equal values, so the last one may win. */
  private volatile @Nullable Object derived;

  StoreEvent(
      long revision,
      String resource,
      String key,
      @Nullable JsonNode before,
      @Nullable JsonNode after,
      JsonNode object) {
    this.revision = revision;
    this.resource = resource;
    this.key = key;
    this.before = before;
    this.after = after;
    this.object = object;
  }

  /** The revision of the change. */
  public long revision() {
    return revision;
  }

  /** The resource it belongs to, as given to the store. */
  public String resource() {
    return resource;
  }

  /** The key of the object. */
  public String key() {
    return key;
  }

  /** The object before the change, null when it was created. */
  public @Nullable JsonNode before() {
    return before;
  }

  /** The object after the change, null when it was deleted. */
  public @Nullable JsonNode after() {
    return after;
  }

  /** The object after the change, or the last one with the revision of its deletion. */
  public JsonNode object() {
    return object;
  }

  /**
   * What readers derive from this event, computed on first use and then shared. All callers must
   * pass the same type.
   *
   * @param type type of the derived value
   * @param compute pure; may run more than once when readers race
   */
  public <T> T derived(Class<T> type, Function<StoreEvent, T> compute) {
    Object known = derived;
    if (known == null) {
      known = compute.apply(this);
      derived = known;
    }
    return type.cast(known);
  }
}
