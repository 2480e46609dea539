package dev.kcm.core.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PartialObjectMetadata;
import io.fabric8.kubernetes.api.model.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes the frames of one watch and passes them on.
 *
 * <p>The object of a frame goes straight into its class; only where a server writes the object
 * before the type is it parsed in a second go. Confined to one stream.
 *
 * @param <T> model class
 */
final class FrameDecoder<T extends HasMetadata> {

  private static final Logger log = LoggerFactory.getLogger(FrameDecoder.class);

  private static final String INITIAL_EVENTS_END = "k8s.io/initial-events-end";

  private static final byte[] TYPE = "type".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] OBJECT = "object".getBytes(StandardCharsets.US_ASCII);

  private static final Map<String, WatchListener.Type> TYPES =
      Map.of(
          "ADDED", WatchListener.Type.ADDED,
          "MODIFIED", WatchListener.Type.MODIFIED,
          "DELETED", WatchListener.Type.DELETED);

  private final ResourceType<T> type;
  private final ObjectDecoder<T> objects;
  private final ObjectReader statuses;
  private final ObjectReader bookmarks;
  private final WatchStream<T> out;

  FrameDecoder(Codec codec, ResourceType<T> type, WatchStream<T> out) {
    this.type = type;
    this.objects = codec.decoder(type);
    this.statuses = codec.reader(Status.class);
    this.bookmarks = codec.reader(PartialObjectMetadata.class);
    this.out = out;
  }

  /**
   * Decodes one frame.
   *
   * @throws IOException when it is not a watch event
   */
  void frame(byte[] bytes, int from, int to) throws IOException {
    if (quick(bytes, from, to)) {
      return;
    }
    String found = frame(bytes, from, to, null);
    if (found != null) {
      frame(bytes, from, to, found);
    }
  }

  /** Takes the frame if it is as API servers write them: a type, then an object, nothing else. */
  private boolean quick(byte[] bytes, int from, int to) throws IOException {
    JsonCursor in = objects.frozen(bytes, from, to);
    WatchListener.Type eventType;
    T object;
    try {
      in.expect('{');
      in.scanString();
      if (!in.isText(TYPE)) {
        return false;
      }
      in.expect(':');
      in.scanString();
      eventType = TYPES.get(in.text());
      in.expect(',');
      in.scanString();
      if (eventType == null || !in.isText(OBJECT)) {
        return false;
      }
      in.expect(':');
      object = objects.read(in);
      in.expect('}');
    } catch (Unusual leftToJackson) {
      return false;
    }
    out.event(eventType, object);
    return true;
  }

  /** Returns the type when the object stood before it, so that another go is needed. */
  private @Nullable String frame(byte[] bytes, int from, int to, @Nullable String known)
      throws IOException {
    String eventType = known;
    boolean delivered = false;
    boolean skipped = false;
    try (JsonParser parser = objects.parser(bytes, from, to)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("a watch event is not a JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        if (name.equals("type") && known == null) {
          eventType = parser.getText();
        } else if (name.equals("object") && eventType != null) {
          object(eventType, parser);
          delivered = true;
        } else {
          skipped |= name.equals("object");
          parser.skipChildren();
        }
      }
    }
    if (!delivered && (eventType == null || !skipped)) {
      throw new IOException("a watch event lacks its type or its object");
    }
    return delivered ? null : eventType;
  }

  private void object(String eventType, JsonParser parser) throws IOException {
    switch (eventType) {
      case "ADDED" -> out.event(WatchListener.Type.ADDED, read(parser));
      case "MODIFIED" -> out.event(WatchListener.Type.MODIFIED, read(parser));
      case "DELETED" -> out.event(WatchListener.Type.DELETED, read(parser));
      case "BOOKMARK" -> bookmark(bookmarks.readValue(parser));
      case "ERROR" -> out.error(Failures.ofStatus(statuses.readValue(parser), 0, null));
      default -> {
        log.warn("Ignored a watch event of unknown type {} for {}", eventType, type.plural());
        parser.skipChildren();
      }
    }
  }

  private T read(JsonParser parser) throws IOException {
    return objects.readFrozen(parser);
  }

  private void bookmark(PartialObjectMetadata object) throws IOException {
    ObjectMeta metadata = object == null ? null : object.getMetadata();
    if (metadata == null || metadata.getResourceVersion() == null) {
      throw new IOException("a bookmark has no resourceVersion");
    }
    Map<String, String> annotations = metadata.getAnnotations();
    out.bookmark(
        metadata.getResourceVersion(),
        annotations != null && "true".equals(annotations.get(INITIAL_EVENTS_END)));
  }
}
