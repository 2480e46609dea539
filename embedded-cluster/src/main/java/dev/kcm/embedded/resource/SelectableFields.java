package dev.kcm.embedded.resource;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The fields of a kind that field selectors may name.
 *
 * <p><i>Immutable.</i>
 */
final class SelectableFields {

  private static final String NAME = "metadata.name";
  private static final String NAMESPACE = "metadata.namespace";

  private static final Map<String, SelectableFields> BY_KIND = table();

  private static final SelectableFields METADATA_ONLY =
      new SelectableFields(
              field ->
                  GoQuotes.quote(field)
                      + " is not a known field selector: only \"metadata.name\","
                      + " \"metadata.namespace\"")
          .text(NAME)
          .text(NAMESPACE);

  private final Map<String, Function<JsonNode, String>> fields = new HashMap<>();
  private final UnaryOperator<String> refusal;

  private SelectableFields(UnaryOperator<String> refusal) {
    this.refusal = refusal;
  }

  static SelectableFields of(Kind kind) {
    SelectableFields known = BY_KIND.get(kind.group() + "/" + kind.kind());
    if (known != null) {
      return known;
    }
    return KindKey.isBuiltIn(kind) ? METADATA_ONLY : custom(kind);
  }

  private static SelectableFields custom(Kind kind) {
    SelectableFields fields = kind.namespaced() ? namespaced() : cluster();
    kind.selectableFields().forEach(fields::text);
    return fields;
  }

  /** How to read a field; refuses one that the kind does not offer. */
  Function<JsonNode, String> field(String name) {
    Function<JsonNode, String> field = fields.get(name);
    if (field == null) {
      throw new IllegalArgumentException(refusal.apply(name));
    }
    return field;
  }

  private static Map<String, SelectableFields> table() {
    Map<String, SelectableFields> table = new HashMap<>();
    table.put("/Pod", pod());
    table.put("/Node", cluster().flag("spec.unschedulable"));
    table.put("/Namespace", cluster().text("status.phase"));
    table.put("/Secret", namespaced().text("type"));
    table.put("/Service", namespaced().text("spec.clusterIP").text("spec.type"));
    table.put("/ReplicationController", namespaced().number("status.replicas", "status.replicas"));
    table.put("/Event", coreEvent());
    table.put("events.k8s.io/Event", event());
    table.put("batch/Job", job());
    table.put("certificates.k8s.io/CertificateSigningRequest", cluster().text("spec.signerName"));
    table.put("resource.k8s.io/ResourceSlice", resourceSlice());
    return Map.copyOf(table);
  }

  private static SelectableFields cluster() {
    return new SelectableFields(field -> "field label not supported: " + field).text(NAME);
  }

  private static SelectableFields namespaced() {
    return cluster().text(NAMESPACE);
  }

  private static SelectableFields pod() {
    Function<JsonNode, String> nodeName = path("spec.nodeName");
    Function<JsonNode, String> ip = path("status.podIP");
    Function<JsonNode, String> firstIp =
        pod ->
            firstOf(pod.path("status").path("podIPs").path(0).path("ip").asText(""), ip.apply(pod));
    return namespaced()
        .put("spec.nodeName", nodeName)
        .put("spec.host", nodeName)
        .text("spec.restartPolicy")
        .text("spec.schedulerName")
        .text("spec.serviceAccountName")
        .flag("spec.hostNetwork")
        .text("status.phase")
        .put("status.podIP", firstIp)
        // Accepted by the API, which keeps no value for it.
        .put("status.podIPs", pod -> "")
        .text("status.nominatedNodeName");
  }

  private static SelectableFields job() {
    return new SelectableFields(
            field -> "field label " + GoQuotes.quote(field) + " not supported for Job")
        .text(NAME)
        .text(NAMESPACE)
        .number("status.successful", "status.succeeded");
  }

  private static SelectableFields resourceSlice() {
    return new SelectableFields(
            field ->
                "field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: " + field)
        .text(NAME)
        .text("spec.nodeName")
        .text("spec.driver");
  }

  private static SelectableFields coreEvent() {
    Function<JsonNode, String> component = either("reportingComponent", "reportingController");
    return reference("involvedObject")
        .text("reason")
        .put("reportingComponent", component)
        .put("source", event -> firstOf(source(event), component.apply(event)))
        .text("type");
  }

  private static SelectableFields event() {
    return reference("regarding")
        .text("reason")
        .put("reportingController", either("reportingController", "reportingComponent"))
        .text("type");
  }

  private static String source(JsonNode event) {
    return firstOf(
        event.path("source").path("component").asText(""),
        event.path("deprecatedSource").path("component").asText(""));
  }

  // Both Event APIs show the same objects, so a selector may meet one written in the other form.
  private static SelectableFields reference(String prefix) {
    SelectableFields fields = namespaced();
    for (String field :
        new String[] {
          "kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"
        }) {
      fields.put(prefix + "." + field, either("involvedObject." + field, "regarding." + field));
    }
    return fields;
  }

  private SelectableFields text(String name) {
    return put(name, path(name));
  }

  private SelectableFields flag(String name) {
    Function<JsonNode, String> path = path(name);
    return put(name, object -> path.apply(object).equals("true") ? "true" : "false");
  }

  private SelectableFields number(String name, String path) {
    Function<JsonNode, String> value = path(path);
    return put(name, object -> firstOf(value.apply(object), "0"));
  }

  private SelectableFields put(String name, Function<JsonNode, String> field) {
    fields.put(name, field);
    return this;
  }

  private static Function<JsonNode, String> path(String dotted) {
    int dot = dotted.indexOf('.');
    if (dot < 0) {
      return object -> object.path(dotted).asText("");
    }
    JsonPointer pointer = JsonPointer.compile("/" + dotted.replace('.', '/'));
    return object -> object.at(pointer).asText("");
  }

  private static Function<JsonNode, String> either(String first, String second) {
    Function<JsonNode, String> one = path(first);
    Function<JsonNode, String> other = path(second);
    return object -> firstOf(one.apply(object), other.apply(object));
  }

  private static String firstOf(String preferred, String other) {
    return preferred.isEmpty() ? other : preferred;
  }
}
