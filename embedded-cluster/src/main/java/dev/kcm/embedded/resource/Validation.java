package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.embedded.resource.ObjectRules.Part;
import java.util.HashMap;
import java.util.Map;

/**
 * Checks objects before they are stored, by kind. Metadata is checked for all kinds.
 *
 * <p>Immutable.
 */
final class Validation {

  /** The rules of one kind. */
  interface Rule {
    /**
     * Reports what is wrong.
     *
     * @param current the stored object, a missing node at creation
     */
    void check(JsonNode object, JsonNode current, FieldErrors errors);
  }

  private static final Map<String, Rule> BY_KIND = new HashMap<>();

  static {
    BY_KIND.putAll(CoreValidation.BY_KIND);
    BY_KIND.putAll(WorkloadValidation.BY_KIND);
    BY_KIND.put(DeviceTaints.RULE, DeviceTaints::checkRule);
    BY_KIND.put(DeviceTaints.SLICE, DeviceTaints::checkSlice);
    BY_KIND.put(CustomDefinitions.KEY, CustomDefinitions::check);
  }

  private Validation() {}

  static void onCreate(Kind kind, JsonNode object) {
    FieldErrors errors = new FieldErrors();
    MetaValidation.onCreate(kind, object, errors);
    check(kind, object, Trees.missing(), errors);
    refuse(kind, object, errors);
  }

  static void onUpdate(Kind kind, Part part, JsonNode current, JsonNode next) {
    FieldErrors errors = new FieldErrors();
    MetaValidation.onUpdate(current, next, errors);
    if (part == Part.MAIN) {
      check(kind, next, current, errors);
    } else if (part == Part.STATUS && KindKey.of(kind).equals("batch/v1/Job")) {
      WorkloadValidation.jobStatus(next, errors);
    } else if (part == Part.EPHEMERAL_CONTAINERS) {
      PodValidation.ephemeralContainers(next, current, errors);
    }
    refuse(kind, next, errors);
  }

  private static void check(Kind kind, JsonNode object, JsonNode current, FieldErrors errors) {
    Rule rule = BY_KIND.get(KindKey.of(kind));
    if (rule != null) {
      rule.check(object, current, errors);
    }
  }

  private static void refuse(Kind kind, JsonNode object, FieldErrors errors) {
    if (!errors.isEmpty()) {
      throw Statuses.invalid(kind, Meta.name(object), errors);
    }
  }
}
