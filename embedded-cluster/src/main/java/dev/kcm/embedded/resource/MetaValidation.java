package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Checks object metadata.
 *
 * <p>Immutable.
 */
final class MetaValidation {

  private static final int ANNOTATION_BYTES = 256 * 1024;

  /** Kinds whose names have another form than a DNS subdomain. */
  private static final Map<String, Function<String, List<String>>> NAME_FORMS = new HashMap<>();

  static {
    NAME_FORMS.put(KindKey.NAMESPACE, Names::label);
    NAME_FORMS.put(KindKey.SERVICE, Names::label1035);
    for (String kind : List.of("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding")) {
      NAME_FORMS.put("rbac.authorization.k8s.io/v1/" + kind, Names::pathSegment);
    }
  }

  private MetaValidation() {}

  static void onCreate(Kind kind, JsonNode object, FieldErrors errors) {
    String name = Meta.name(object);
    var form = NAME_FORMS.getOrDefault(KindKey.of(kind), Names::subdomain);
    String base = Meta.text(object, "generateName");
    if (!base.isEmpty()) {
      String probe = base.endsWith("-") ? base.substring(0, base.length() - 1) + "a" : base;
      form.apply(probe).forEach(c -> errors.invalid("metadata.generateName", base, c));
    }
    if (name.isEmpty()) {
      errors.required("metadata.name", "name or generateName is required");
    } else {
      form.apply(name).forEach(complaint -> errors.invalid("metadata.name", name, complaint));
    }
    common(object, errors);
  }

  static void onUpdate(JsonNode current, JsonNode next, FieldErrors errors) {
    common(next, errors);
    for (String field : List.of("deletionTimestamp", "deletionGracePeriodSeconds")) {
      JsonNode wanted = next.path("metadata").path(field);
      if (!wanted.equals(current.path("metadata").path(field))) {
        errors.invalid("metadata." + field, wanted, "field is immutable");
      }
    }
    if (Meta.isDeleting(current)) {
      List<String> added = new ArrayList<>(Meta.finalizers(next));
      added.removeAll(Meta.finalizers(current));
      if (!added.isEmpty()) {
        refuseFinalizers(added, errors);
      }
    }
  }

  /** Twice, as the original checks it in two places; the message names it once. */
  private static void refuseFinalizers(List<String> added, FieldErrors errors) {
    List<String> quoted = added.stream().map(name -> '"' + name + '"').toList();
    for (int i = 0; i < 2; i++) {
      errors.forbidden(
          "metadata.finalizers",
          "no new finalizers can be added if the object is being deleted, found new finalizers"
              + " []string{"
              + String.join(", ", quoted)
              + "}");
    }
  }

  private static void common(JsonNode object, FieldErrors errors) {
    JsonNode metadata = object.path("metadata");
    labels("metadata.labels", metadata.path("labels"), errors);
    annotations(metadata.path("annotations"), errors);
    owners(metadata.path("ownerReferences"), errors);
    finalizers(Meta.finalizers(object), errors);
  }

  /** Checks a map of labels at a path. */
  static void labels(String field, JsonNode labels, FieldErrors errors) {
    Trees.texts(labels)
        .forEach(
            (key, value) -> {
              Names.qualified(key).forEach(complaint -> errors.invalid(field, key, complaint));
              Names.labelValue(value).forEach(c -> errors.invalid(field, value, c));
            });
  }

  private static void annotations(JsonNode annotations, FieldErrors errors) {
    long bytes = 0;
    for (Map.Entry<String, String> entry : Trees.texts(annotations).entrySet()) {
      String key = entry.getKey();
      Names.qualified(key.toLowerCase(Locale.ROOT))
          .forEach(complaint -> errors.invalid("metadata.annotations", key, complaint));
      bytes += key.getBytes(StandardCharsets.UTF_8).length;
      bytes += entry.getValue().getBytes(StandardCharsets.UTF_8).length;
    }
    if (bytes > ANNOTATION_BYTES) {
      errors.tooLong("metadata.annotations", ANNOTATION_BYTES);
    }
  }

  private static void owners(JsonNode owners, FieldErrors errors) {
    String controller = "";
    for (int i = 0; i < owners.size(); i++) {
      JsonNode owner = owners.get(i);
      owner(owner, errors);
      if (owner.path("controller").asBoolean()) {
        String name = owner.path("kind").asText() + "/" + owner.path("name").asText();
        if (!controller.isEmpty()) {
          errors.invalid(
              "metadata.ownerReferences",
              owners,
              "Only one reference can have Controller set to true. Found \"true\" in references"
                  + " for "
                  + controller
                  + " and "
                  + name);
        }
        controller = name;
      }
    }
  }

  /** The original does not say which of the references it means. */
  private static void owner(JsonNode owner, FieldErrors errors) {
    String field = "metadata.ownerReferences";
    String apiVersion = owner.path("apiVersion").asText("");
    String version = apiVersion.substring(apiVersion.indexOf('/') + 1);
    if (version.isEmpty()) {
      errors.invalid(field + ".apiVersion", apiVersion, "version must not be empty");
    }
    for (String required : List.of("kind", "name", "uid")) {
      if (owner.path(required).asText("").isEmpty()) {
        errors.invalid(field + "." + required, "", "must not be empty");
      }
    }
    if (apiVersion.equals("v1") && owner.path("kind").asText().equals("Event")) {
      errors.invalid(field, owner, "/v1, Kind=Event is disallowed from being an owner");
    }
  }

  private static void finalizers(List<String> finalizers, FieldErrors errors) {
    for (String finalizer : finalizers) {
      Names.qualified(finalizer).forEach(c -> errors.invalid("metadata.finalizers", finalizer, c));
    }
    if (finalizers.contains("orphan") && finalizers.contains("foregroundDeletion")) {
      errors.invalid(
          "metadata.finalizers",
          Trees.arrayOf(finalizers),
          "finalizers orphan and foregroundDeletion cannot be both set");
    }
  }
}
