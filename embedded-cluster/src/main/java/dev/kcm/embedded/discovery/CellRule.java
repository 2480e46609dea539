package dev.kcm.embedded.discovery;

import com.fasterxml.jackson.databind.JsonNode;

/** Fills the cells of one kind, one for each of its columns. */
@FunctionalInterface
interface CellRule {

  void fill(JsonNode object, Row row);
}
