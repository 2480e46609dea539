package dev.kcm.core.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.kcm.core.object.Packing;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads objects of one type from JSON.
 *
 * <p>It tries the quick reader of the class, if there is one, and lets Jackson read anew what that
 * one leaves alone; the outcome is the same.
 *
 * <p>Immutable.
 *
 * @param <T> model class
 */
final class ObjectDecoder<T extends HasMetadata> {

  private final ResourceType<T> type;
  private final ObjectReader jackson;
  private final @Nullable ValueReader quick;
  private final SharedValues shared;

  ObjectDecoder(
      ResourceType<T> type,
      ObjectReader jackson,
      @Nullable ValueReader quick,
      SharedValues shared) {
    this.type = type;
    this.jackson = jackson;
    this.quick = quick;
    this.shared = shared;
  }

  /** One object from a range of bytes, which must hold nothing else. */
  T read(byte[] json, int from, int to) throws IOException {
    return read(json, from, to, null);
  }

  /** The same, for objects that nobody changes: equal parts are shared, collections packed. */
  T readFrozen(byte[] json, int from, int to) throws IOException {
    return read(json, from, to, shared);
  }

  private T read(byte[] json, int from, int to, @Nullable SharedValues parts) throws IOException {
    if (quick != null) {
      try {
        return read(new JsonCursor(json, from, to, parts));
      } catch (Unusual leftToJackson) {
        // Read below.
      }
    }
    T object = named(jackson.readValue(json, from, to - from));
    if (parts != null) {
      Packing.pack(object);
    }
    return object;
  }

  /** The object a parser stands at, which nobody changes. */
  T readFrozen(JsonParser parser) throws IOException {
    T object = named(jackson.readValue(parser));
    Packing.pack(object);
    return object;
  }

  /** A cursor for objects that nobody changes. */
  JsonCursor frozen(byte[] json, int from, int to) {
    return new JsonCursor(json, from, to, shared);
  }

  /** The object a cursor stands at; Jackson is not asked. */
  T read(JsonCursor cursor) throws IOException, Unusual {
    if (quick == null) {
      throw new Unusual();
    }
    return named(quick.read(cursor));
  }

  private T named(@Nullable Object object) throws IOException {
    return Codec.named(type, object == null ? null : type.type().cast(object));
  }

  /** A parser of the bytes that {@link #readFrozen(JsonParser)} takes. */
  JsonParser parser(byte[] json, int from, int to) throws IOException {
    return jackson.getFactory().createParser(json, from, to - from);
  }
}
