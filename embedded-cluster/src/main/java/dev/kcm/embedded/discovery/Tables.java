package dev.kcm.embedded.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.Kind;
import dev.kcm.embedded.resource.KindTable;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Renders objects and lists as Tables for kubectl, and as metadata only. */
public final class Tables {

  private static final String META_VERSION = "meta.k8s.io/v1";
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final TableColumns COLUMNS = TableColumns.read();
  private static final Map<String, CellRule> RULES = rules();

  private Tables() {}

  /** What a row carries besides its cells. */
  public enum IncludeObject {
    /** Nothing. */
    NONE,
    /** Metadata only; what clients get who do not ask. */
    METADATA,
    /** The whole object. */
    OBJECT
  }

  /**
   * The Table form of an object or a list.
   *
   * @param kind kind of the objects
   * @param objectOrList an object of the kind, or a list of them; not changed
   * @param include what each row carries
   * @param now the time that ages are relative to
   * @return a fresh Table; its rows share the parts of the objects they carry with the argument
   */
  public static ObjectNode table(
      Kind kind, JsonNode objectOrList, IncludeObject include, Instant now) {
    return table(kind, MissingNode.getInstance(), objectOrList, include, now);
  }

  /**
   * The Table form of an object or a list of a kind that may be custom.
   *
   * @param printerColumns the additionalPrinterColumns of its definition, missing when it has none
   */
  public static ObjectNode table(
      Kind kind,
      JsonNode printerColumns,
      JsonNode objectOrList,
      IncludeObject include,
      Instant now) {
    ObjectNode table = NODES.objectNode().put("kind", "Table").put("apiVersion", META_VERSION);
    table.set("metadata", tableMetadata(objectOrList));
    Layout layout =
        printerColumns.isEmpty()
            ? layout(kind)
            : new Layout(
                CustomCells.columns(COLUMNS.nameAndAge().get(0).deepCopy(), printerColumns),
                CustomCells.rule(printerColumns));
    table.set("columnDefinitions", layout.columns().deepCopy());
    ArrayNode rows = table.putArray("rows");
    if (isList(objectOrList)) {
      for (JsonNode object : objectOrList.path("items")) {
        addRow(rows, kind, object, layout.rule(), include, now);
      }
    } else {
      addRow(rows, kind, objectOrList, layout.rule(), include, now);
    }
    return table;
  }

  /**
   * The metadata-only form of an object or a list: PartialObjectMetadata or
   * PartialObjectMetadataList.
   *
   * @param objectOrList an object or a list; not changed
   * @return a fresh tree that shares the metadata with the argument
   */
  public static ObjectNode partial(JsonNode objectOrList) {
    if (!isList(objectOrList)) {
      return partialObject(objectOrList);
    }
    ObjectNode list =
        NODES.objectNode().put("kind", "PartialObjectMetadataList").put("apiVersion", META_VERSION);
    list.set("metadata", objectOrList.path("metadata"));
    ArrayNode items = list.putArray("items");
    objectOrList.path("items").forEach(object -> items.add(partialObject(object)));
    return list;
  }

  private static ObjectNode partialObject(JsonNode object) {
    ObjectNode partial =
        NODES.objectNode().put("kind", "PartialObjectMetadata").put("apiVersion", META_VERSION);
    JsonNode metadata = object.path("metadata");
    partial.set("metadata", metadata.isObject() ? metadata : NODES.objectNode());
    return partial;
  }

  private static boolean isList(JsonNode node) {
    return node.path("items").isArray() && node.path("kind").asText().endsWith("List");
  }

  private static ObjectNode tableMetadata(JsonNode objectOrList) {
    ObjectNode metadata = NODES.objectNode();
    for (String key : new String[] {"resourceVersion", "continue", "remainingItemCount"}) {
      JsonNode value = objectOrList.path("metadata").path(key);
      if (Row.isSet(value)) {
        metadata.set(key, value);
      }
    }
    return metadata;
  }

  private static void addRow(
      ArrayNode rows,
      Kind kind,
      JsonNode object,
      CellRule rule,
      IncludeObject include,
      Instant now) {
    ObjectNode row = rows.addObject();
    rule.fill(object, new Row(row.putArray("cells"), now));
    if (kind.qualifiedKind().equals("Pod")) {
      addPodCondition(row, object.path("status").path("phase").asText());
    }
    switch (include) {
      case NONE -> row.putNull("object");
      case METADATA -> row.set("object", partialObject(object));
      case OBJECT -> row.set("object", withType(object, kind));
    }
  }

  /** Marks rows of finished pods, which kubectl can hide. */
  private static void addPodCondition(ObjectNode row, String phase) {
    if (phase.equals("Succeeded") || phase.equals("Failed")) {
      row.putArray("conditions")
          .addObject()
          .put("type", "Completed")
          .put("status", "True")
          .put("reason", phase)
          .put(
              "message",
              phase.equals("Succeeded")
                  ? "The pod has completed successfully."
                  : "The pod failed.");
    }
  }

  private static JsonNode withType(JsonNode object, Kind kind) {
    if (object.has("kind") && object.has("apiVersion")) {
      return object;
    }
    ObjectNode typed =
        NODES.objectNode().put("kind", kind.kind()).put("apiVersion", kind.apiVersion());
    object.properties().forEach(field -> typed.set(field.getKey(), field.getValue()));
    return typed;
  }

  private static Layout layout(Kind kind) {
    String name = kind.qualifiedKind();
    CellRule rule = RULES.get(name);
    if (rule != null) {
      return new Layout(COLUMNS.of(name).orElseThrow(), rule);
    }
    boolean builtIn =
        KindTable.standard().find(kind.group(), kind.version(), kind.plural()).isPresent();
    return builtIn
        ? new Layout(COLUMNS.nameAndCreation(), ClusterCells::nameAndCreation)
        : new Layout(COLUMNS.nameAndAge(), ClusterCells::nameAndAge);
  }

  private record Layout(ArrayNode columns, CellRule rule) {}

  private static Map<String, CellRule> rules() {
    Map<String, CellRule> rules = new HashMap<>();
    WorkloadCells.register(rules);
    NetworkCells.register(rules);
    StorageCells.register(rules);
    ClusterCells.register(rules);
    PolicyCells.register(rules);
    return Map.copyOf(rules);
  }
}
