package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/**
 * Taints of devices, in slices and in rules: since when they are there, and what they may be.
 *
 * <p>Stateless.
 */
final class DeviceTaints {

  static final String RULE = "resource.k8s.io/v1alpha3/DeviceTaintRule";
  static final String SLICE = "resource.k8s.io/v1/ResourceSlice";

  private static final List<String> EFFECTS = List.of("NoExecute", "NoSchedule");
  private static final int MOST = 4;

  private DeviceTaints() {}

  /** Dates taints without a date. */
  static void date(Kind kind, ObjectNode object, Instant now) {
    switch (KindKey.of(kind)) {
      case RULE -> date(object.at("/spec/taint"), now);
      case SLICE ->
          object
              .at("/spec/devices")
              .forEach(device -> device.path("taints").forEach(taint -> date(taint, now)));
      default -> {}
    }
  }

  private static void date(JsonNode taint, Instant now) {
    if (taint instanceof ObjectNode fields && !fields.hasNonNull("timeAdded")) {
      fields.put("timeAdded", Meta.time(now));
    }
  }

  static void checkRule(JsonNode rule, JsonNode current, FieldErrors errors) {
    checkTaint(rule.at("/spec/taint"), "spec.taint", errors);
  }

  static void checkSlice(JsonNode slice, JsonNode current, FieldErrors errors) {
    JsonNode devices = slice.at("/spec/devices");
    for (int i = 0; i < devices.size(); i++) {
      String place = "spec.devices[" + i + "].taints";
      JsonNode taints = devices.get(i).path("taints");
      if (taints.size() > MOST) {
        errors.tooMany(place, taints.size(), MOST);
      }
      for (int k = 0; k < taints.size(); k++) {
        checkTaint(taints.get(k), place + "[" + k + "]", errors);
      }
    }
  }

  private static void checkTaint(JsonNode taint, String place, FieldErrors errors) {
    String key = taint.path("key").asText("");
    for (String problem : QualifiedNames.keyErrors(key)) {
      errors.invalid(place + ".key", key, problem);
    }
    String value = taint.path("value").asText("");
    for (String problem : QualifiedNames.valueErrors(value)) {
      errors.invalid(place + ".value", value, problem);
    }
    String effect = taint.path("effect").asText("");
    if (effect.isEmpty()) {
      errors.required(place + ".effect", "");
    } else if (!EFFECTS.contains(effect)) {
      errors.notSupported(place + ".effect", taint.path("effect"), EFFECTS);
    }
  }
}
