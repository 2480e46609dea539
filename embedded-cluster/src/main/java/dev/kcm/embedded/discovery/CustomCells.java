package dev.kcm.embedded.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;

/**
 * The columns that a CustomResourceDefinition adds to the tables of its kind.
 *
 * <p>Stateless.
 */
final class CustomCells {

  private CustomCells() {}

  /** Column definitions: the name, then those of the definition. */
  static ArrayNode columns(JsonNode nameColumn, JsonNode printerColumns) {
    ArrayNode columns = JsonNodeFactory.instance.arrayNode();
    columns.add(nameColumn);
    for (JsonNode column : printerColumns) {
      String path = column.path("jsonPath").asText();
      columns
          .addObject()
          .put("name", column.path("name").asText())
          .put("type", column.path("type").asText())
          .put("format", column.path("format").asText(""))
          .put(
              "description",
              column
                  .path("description")
                  .asText("Custom resource definition column (in JSONPath format): " + path))
          .put("priority", column.path("priority").asInt(0));
    }
    return columns;
  }

  /** Fills the cells of those columns. */
  static CellRule rule(JsonNode printerColumns) {
    return (object, row) -> {
      row.name(object);
      for (JsonNode column : printerColumns) {
        List<JsonNode> found = JsonPath.find(object, column.path("jsonPath").asText());
        if (found.isEmpty()) {
          row.nothing();
        } else {
          cell(row, column.path("type").asText(), found.get(0));
        }
      }
    };
  }

  private static void cell(Row row, String type, JsonNode value) {
    switch (type) {
      case "integer" -> row.number(value);
      case "boolean" -> row.flag(value.asBoolean());
      case "date" -> row.text(row.since(value));
      default -> row.text(value.isValueNode() ? value.asText() : value.toString());
    }
  }
}
