package dev.kcm.core.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListMeta;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A list, decoded item by item while it arrives. Confined to one attempt.
 *
 * @param <T> model class
 */
final class ListBody<T extends HasMetadata> implements Answer<ListPage> {

  private final Codec codec;
  private final ObjectDecoder<T> decoder;
  private final Consumer<? super T> items;
  private final ItemScanner scanner = new ItemScanner(this::item);
  private boolean passedOn;

  ListBody(Codec codec, ResourceType<T> type, Consumer<? super T> items) {
    this.codec = codec;
    this.decoder = codec.decoder(type);
    this.items = items;
  }

  @Override
  public void bytes(ByteBuffer buffer) throws IOException {
    scanner.feed(buffer);
  }

  private int item(byte[] json, int from, int to) throws IOException {
    JsonCursor cursor = decoder.frozen(json, from, to);
    T object;
    int end;
    try {
      object = decoder.read(cursor);
      end = cursor.position();
    } catch (Unusual incompleteOrLeftToJackson) {
      end = JsonCursor.endOfNested(json, from, to);
      if (end > to) {
        return ItemScanner.INCOMPLETE;
      }
      object = decoder.readFrozen(json, from, end);
    }
    passedOn = true;
    items.accept(object);
    return end;
  }

  @Override
  public ListPage result() throws IOException {
    Bytes json = scanner.finish();
    Envelope envelope = codec.reader(Envelope.class).readValue(json.array(), 0, json.length());
    if (envelope.kind == null || !envelope.kind.endsWith("List")) {
      throw new IOException("a list was asked for, and " + envelope.kind + " came");
    }
    ListMeta metadata = envelope.metadata;
    return metadata == null
        ? new ListPage("", "")
        : new ListPage(orEmpty(metadata.getResourceVersion()), orEmpty(metadata.getContinue()));
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  @Override
  public boolean passedOn() {
    return passedOn;
  }

  @Override
  public boolean streams() {
    return true;
  }

  /**
   * A list without its items.
   *
   * @param kind kind of the list
   * @param metadata its metadata
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Envelope(@Nullable String kind, @Nullable ListMeta metadata) {}
}
