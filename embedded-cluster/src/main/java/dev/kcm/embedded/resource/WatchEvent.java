package dev.kcm.embedded.resource;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One frame of a watch. Watches of one resource share the instance, so that it is serialised once.
 *
 * <p>Immutable.
 */
public final class WatchEvent {

  private static final ObjectWriter WRITER = JsonMapper.builder().build().writer();

  /** Event types as they stand on the wire. */
  public enum Type {
    ADDED,
    MODIFIED,
    DELETED,
    BOOKMARK,
    ERROR
  }

  private final Type type;
  private final JsonNode object;

  /**
   * Written by any reader; racing readers write equal bytes. Weak, as history keeps events long
   * after all watches have sent them.
   */
  private volatile WeakReference<byte[]> json = new WeakReference<>(null);

  /**
   * A frame.
   *
   * @param type what happened
   * @param object the object after the change, for DELETED with the revision of the deletion; a
   *     Status for ERROR; shared with the store, so never changed by the receiver
   */
  public WatchEvent(Type type, JsonNode object) {
    this.type = type;
    this.object = object;
  }

  /** What happened. */
  public Type type() {
    return type;
  }

  /** The object of the frame; never changed by the receiver. */
  public JsonNode object() {
    return object;
  }

  /**
   * The frame as it stands on the wire, {@code {"type":..,"object":..}} in UTF-8 without a line
   * end. Computed once and shared: never changed by the receiver.
   */
  public byte[] json() {
    byte[] known = json.get();
    if (known == null) {
      known = write();
      json = new WeakReference<>(known);
    }
    return known;
  }

  private byte[] write() {
    try {
      return WRITER.writeValueAsBytes(new Frame(type.name(), object));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Frame(String type, JsonNode object) {}

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof WatchEvent that && type == that.type && object.equals(that.object);
  }

  @Override
  public int hashCode() {
    return Objects.hash(type, object);
  }

  @Override
  public String toString() {
    return type + " " + object;
  }
}
