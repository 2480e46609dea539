package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Checks pods, services, configuration, events and leases.
 *
 * <p>Immutable.
 */
final class CoreValidation {

  private static final String IMMUTABLE = "field is immutable when `immutable` is set";
  private static final Set<String> SERVICE_TYPES =
      Set.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort");

  static final Map<String, Validation.Rule> BY_KIND =
      Map.of(
          KindKey.POD,
          PodValidation::pod,
          KindKey.SERVICE,
          CoreValidation::service,
          "v1/ConfigMap",
          CoreValidation::configMap,
          "v1/Secret",
          CoreValidation::secret,
          "v1/Event",
          EventValidation::core,
          "events.k8s.io/v1/Event",
          EventValidation::strict,
          "coordination.k8s.io/v1/Lease",
          CoreValidation::lease,
          "certificates.k8s.io/v1/CertificateSigningRequest",
          SigningValidation::request);

  private CoreValidation() {}

  private static void service(JsonNode service, JsonNode current, FieldErrors errors) {
    JsonNode spec = service.path("spec");
    String type = spec.path("type").asText();
    boolean headless = spec.path("clusterIP").asText().equals("None");
    JsonNode ports = spec.path("ports");
    if (ports.isEmpty() && !headless && !type.equals("ExternalName")) {
      errors.required("spec.ports", "");
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < ports.size(); i++) {
      servicePort("spec.ports[" + i + "]", ports.get(i), ports.size() > 1, names, errors);
    }
    if (!SERVICE_TYPES.contains(type)) {
      errors.notSupported("spec.type", spec.path("type"), SERVICE_TYPES);
    }
    if (type.equals("ExternalName") && spec.path("externalName").asText("").isEmpty()) {
      errors.required("spec.externalName", "");
    }
    keepsAddress(spec, current.path("spec"), errors);
  }

  private static void servicePort(
      String field, JsonNode port, boolean named, Set<String> names, FieldErrors errors) {
    String name = port.path("name").asText("");
    if (named && name.isEmpty()) {
      errors.required(field + ".name", "");
    } else if (!name.isEmpty()) {
      Names.label(name).forEach(c -> errors.invalid(field + ".name", name, c));
      if (!names.add(name)) {
        errors.duplicate(field + ".name", port.path("name"));
      }
    }
    PodValidation.portNumber(field + ".port", port.path("port"), errors);
  }

  private static void keepsAddress(JsonNode spec, JsonNode before, FieldErrors errors) {
    boolean given = before.has("clusterIP") && spec.has("clusterIP");
    if (given && !before.path("clusterIP").equals(spec.path("clusterIP"))) {
      errors.invalid("spec.clusterIPs[0]", spec.path("clusterIPs"), "may not change once set");
    }
  }

  private static void configMap(JsonNode map, JsonNode current, FieldErrors errors) {
    keys("data", map.path("data"), errors);
    keys("binaryData", map.path("binaryData"), errors);
    frozen(map, current, errors, "data", "binaryData");
  }

  private static void secret(JsonNode secret, JsonNode current, FieldErrors errors) {
    keys("data", secret.path("data"), errors);
    if (!current.isMissingNode() && !secret.path("type").equals(current.path("type"))) {
      errors.invalid("type", secret.path("type"), "field is immutable");
    }
    frozen(secret, current, errors, "data");
  }

  private static void keys(String field, JsonNode data, FieldErrors errors) {
    data.properties()
        .forEach(
            entry -> {
              String key = entry.getKey();
              if (!key.matches("[-._a-zA-Z0-9]+")) {
                errors.invalid(
                    field + "[" + key + "]",
                    key,
                    "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
                        + " (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for"
                        + " validation is '[-._a-zA-Z0-9]+')");
              }
            });
  }

  private static void frozen(
      JsonNode object, JsonNode current, FieldErrors errors, String... fields) {
    if (!current.path("immutable").asBoolean()) {
      return;
    }
    if (!object.path("immutable").asBoolean()) {
      errors.forbidden("immutable", IMMUTABLE);
    }
    for (String field : fields) {
      if (!object.path(field).equals(current.path(field))) {
        errors.forbidden(field, IMMUTABLE);
      }
    }
  }

  private static void lease(JsonNode lease, JsonNode current, FieldErrors errors) {
    JsonNode spec = lease.path("spec");
    JsonNode duration = spec.path("leaseDurationSeconds");
    if (duration.isNumber() && duration.asInt() <= 0) {
      errors.invalid("spec.leaseDurationSeconds", duration, "must be greater than 0");
    }
    WorkloadValidation.notNegative("spec.leaseTransitions", spec.path("leaseTransitions"), errors);
  }
}
