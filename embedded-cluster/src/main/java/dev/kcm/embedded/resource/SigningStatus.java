package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Who writes which condition of a signing request: the approval writes all, the status all but the
 * judgements, and nobody takes a judgement back.
 *
 * <p>Stateless.
 */
final class SigningStatus {

  private static final List<String> JUDGEMENTS = List.of("Approved", "Denied");

  private SigningStatus() {}

  /** For a status write: judgements are the current ones. */
  static void keepJudgements(JsonNode current, ObjectNode next) {
    ArrayNode merged = Trees.array();
    for (JsonNode condition : current.path("status").path("conditions")) {
      if (isJudgement(condition)) {
        merged.add(condition.deepCopy());
      }
    }
    for (JsonNode condition : next.path("status").path("conditions")) {
      if (!isJudgement(condition)) {
        merged.add(condition);
      }
    }
    ObjectNode status = Trees.child(next, "status");
    if (merged.isEmpty()) {
      status.remove("conditions");
    } else {
      status.set("conditions", merged);
    }
  }

  /** For an approval write: the current object with the wanted conditions. */
  static ObjectNode takeConditions(Kind kind, JsonNode current, JsonNode wanted) {
    ObjectNode next = current.deepCopy();
    Trees.copyField(wanted.path("status"), Trees.child(next, "status"), "conditions");
    FieldErrors errors = new FieldErrors();
    for (String judgement : JUDGEMENTS) {
      if (has(current, judgement) && !has(next, judgement)) {
        errors.forbidden(
            "status.conditions",
            "updates may not remove a condition of type \"" + judgement + "\"");
      }
    }
    if (!errors.isEmpty()) {
      throw Statuses.invalid(kind, Meta.name(current), errors);
    }
    return next;
  }

  private static boolean has(JsonNode request, String type) {
    for (JsonNode condition : request.path("status").path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isJudgement(JsonNode condition) {
    return JUDGEMENTS.contains(condition.path("type").asText());
  }
}
