package dev.kcm.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.http.Representation.View;
import dev.kcm.embedded.resource.Kind;
import dev.kcm.embedded.resource.WatchEvent;

/**
 * Turns objects of one kind into the form that one client asked for.
 *
 * @param views makes the reduced forms
 * @param kind kind of the objects
 * @param representation the form
 * @param includeObject what the rows of tables carry
 */
record ViewedAnswer(Views views, Kind kind, Representation representation, String includeObject) {

  private static final String META_V1 = "meta.k8s.io/v1";

  /** The body of a whole answer. Status objects stay as they are. */
  JsonNode body(JsonNode node) {
    if (node.path("kind").asText().equals("Status")) {
      return node;
    }
    return switch (representation.view()) {
      case PLAIN -> node;
      case TABLE -> versioned(views.table(kind, node, include()));
      case PARTIAL -> versioned(views.partial(node));
    };
  }

  /** Writes the frames of one watch. */
  FrameWriter frames() {
    if (representation.view() == View.PLAIN) {
      return event -> JsonText.compact(frame(event.type(), event.object()));
    }
    return new Frames();
  }

  private static ObjectNode frame(WatchEvent.Type type, JsonNode object) {
    ObjectNode frame = JsonNodeFactory.instance.objectNode();
    frame.put("type", type.name());
    frame.set("object", object);
    return frame;
  }

  private String include() {
    return includeObject.isEmpty() ? "Metadata" : includeObject;
  }

  /** The same in the version that was asked for, whose form does not differ. */
  private JsonNode versioned(JsonNode node) {
    String wanted = "meta.k8s.io/" + representation.version();
    if (!(node instanceof ObjectNode object) || wanted.equals(META_V1)) {
      return node;
    }
    ObjectNode copy = JsonNodeFactory.instance.objectNode().setAll(object);
    return copy.put("apiVersion", wanted);
  }

  /**
   * Frames with a reduced object; tables name their columns in the first frame only. Confined to
   * one watch.
   */
  private final class Frames implements FrameWriter {

    private boolean columnsSent;

    @Override
    public byte[] frame(WatchEvent event) {
      return JsonText.compact(ViewedAnswer.frame(event.type(), object(event)));
    }

    private JsonNode object(WatchEvent event) {
      if (event.type() == WatchEvent.Type.ERROR) {
        return event.object();
      }
      JsonNode node = body(event.object());
      if (representation.view() != View.TABLE || !(node instanceof ObjectNode table)) {
        return node;
      }
      ObjectNode sent = JsonNodeFactory.instance.objectNode().setAll(table);
      if (event.type() == WatchEvent.Type.BOOKMARK) {
        sent.set("rows", emptyArray());
      }
      if (columnsSent) {
        sent.set("columnDefinitions", emptyArray());
      }
      columnsSent = true;
      return sent;
    }

    private static ArrayNode emptyArray() {
      return JsonNodeFactory.instance.arrayNode();
    }
  }
}
