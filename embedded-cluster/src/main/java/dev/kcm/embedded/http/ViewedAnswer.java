package dev.kcm.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.discovery.Tables;
import dev.kcm.embedded.discovery.Tables.IncludeObject;
import dev.kcm.embedded.http.Representation.View;
import dev.kcm.embedded.resource.Kind;
import dev.kcm.embedded.resource.Statuses;
import dev.kcm.embedded.resource.WatchEvent;
import java.time.Clock;

/**
 * Turns objects of one kind into the form that one client asked for.
 *
 * @param kind kind of the objects
 * @param printerColumns columns of the definition of a custom kind, missing when it has none
 * @param representation the form
 * @param include what the rows of tables carry
 * @param clock by which tables tell ages
 */
record ViewedAnswer(
    Kind kind,
    JsonNode printerColumns,
    Representation representation,
    IncludeObject include,
    Clock clock) {

  /** Reads the parameter of that name; empty for its default. */
  static IncludeObject include(String parameter) {
    return switch (parameter) {
      case "", "Metadata" -> IncludeObject.METADATA;
      case "None" -> IncludeObject.NONE;
      case "Object" -> IncludeObject.OBJECT;
      default ->
          throw Statuses.badRequest("unrecognized includeObject value: \"" + parameter + "\"");
    };
  }

  /** The body of a whole answer. Status objects stay as they are. */
  JsonNode body(JsonNode node) {
    if (node.path("kind").asText().equals("Status")) {
      return node;
    }
    return switch (representation.view()) {
      case PLAIN -> node;
      case TABLE -> versioned(Tables.table(kind, printerColumns, node, include, clock.instant()));
      case PARTIAL -> versioned(Tables.partial(node));
    };
  }

  /** Writes the frames of one watch. */
  FrameWriter frames() {
    if (representation.view() == View.PLAIN) {
      return WatchEvent::json;
    }
    return new Frames();
  }

  /** The same in the version that was asked for, whose form does not differ. */
  private ObjectNode versioned(ObjectNode node) {
    return node.put("apiVersion", "meta.k8s.io/" + representation.version());
  }

  /**
   * Frames with a reduced object; tables name their columns in the first frame only. Confined to
   * one watch.
   */
  private final class Frames implements FrameWriter {

    private boolean columnsSent;

    @Override
    public byte[] frame(WatchEvent event) {
      return new WatchEvent(event.type(), object(event)).json();
    }

    private JsonNode object(WatchEvent event) {
      if (event.type() == WatchEvent.Type.ERROR) {
        return event.object();
      }
      JsonNode node = body(event.object());
      if (representation.view() == View.TABLE && node instanceof ObjectNode table) {
        if (event.type() == WatchEvent.Type.BOOKMARK) {
          table.putArray("rows");
        }
        if (columnsSent) {
          table.putArray("columnDefinitions");
        }
        columnsSent = true;
      }
      return node;
    }
  }
}
