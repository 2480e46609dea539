package dev.kcm.embedded.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The cells of access control, certificates, admission and flow control. */
final class PolicyCells {

  private PolicyCells() {}

  static void register(Map<String, CellRule> rules) {
    rules.put("RoleBinding.rbac.authorization.k8s.io", PolicyCells::binding);
    rules.put("ClusterRoleBinding.rbac.authorization.k8s.io", PolicyCells::binding);
    rules.put("CertificateSigningRequest.certificates.k8s.io", PolicyCells::signingRequest);
    rules.put("MutatingWebhookConfiguration.admissionregistration.k8s.io", PolicyCells::webhooks);
    rules.put("ValidatingWebhookConfiguration.admissionregistration.k8s.io", PolicyCells::webhooks);
    rules.put("ValidatingAdmissionPolicy.admissionregistration.k8s.io", PolicyCells::policy);
    rules.put(
        "ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io",
        PolicyCells::policyBinding);
    rules.put("FlowSchema.flowcontrol.apiserver.k8s.io", PolicyCells::flowSchema);
    rules.put(
        "PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io", PolicyCells::priorityLevel);
    rules.put("APIService.apiregistration.k8s.io", PolicyCells::apiService);
  }

  private static void binding(JsonNode object, Row row) {
    JsonNode role = object.path("roleRef");
    row.name(object)
        .text(role.path("kind").asText("") + "/" + role.path("name").asText(""))
        .age(object)
        .text(subjects(object, "User"))
        .text(subjects(object, "Group"))
        .text(subjects(object, "ServiceAccount"));
  }

  private static String subjects(JsonNode binding, String kind) {
    List<String> names = new ArrayList<>();
    for (JsonNode subject : binding.path("subjects")) {
      if (subject.path("kind").asText().equals(kind)) {
        names.add(
            kind.equals("ServiceAccount")
                ? Words.namespaced(subject)
                : subject.path("name").asText(""));
      }
    }
    return String.join(", ", names);
  }

  private static void signingRequest(JsonNode object, Row row) {
    JsonNode spec = object.path("spec");
    JsonNode expiration = spec.path("expirationSeconds");
    row.name(object)
        .age(object)
        .textOr(spec.path("signerName"), Row.NONE)
        .text(spec.path("username"))
        .text(Row.isSet(expiration) ? HumanDuration.of(expiration.asLong()) : Row.NONE)
        .text(requestStatus(object.path("status")));
  }

  private static String requestStatus(JsonNode status) {
    List<String> types = new ArrayList<>();
    status.path("conditions").forEach(c -> types.add(c.path("type").asText()));
    String text = types.contains("Approved") ? "Approved" : "Pending";
    if (types.contains("Denied")) {
      text = "Denied";
    }
    if (types.contains("Failed")) {
      text += ",Failed";
    }
    return status.path("certificate").asText("").isEmpty() ? text : text + ",Issued";
  }

  private static void webhooks(JsonNode object, Row row) {
    row.name(object).number(object.path("webhooks").size()).age(object);
  }

  private static void policy(JsonNode object, Row row) {
    JsonNode kind = object.path("spec").path("paramKind");
    row.name(object)
        .number(object.path("spec").path("validations").size())
        .text(
            kind.isObject()
                ? kind.path("apiVersion").asText("") + "/" + kind.path("kind").asText("")
                : Row.UNSET)
        .age(object);
  }

  private static void policyBinding(JsonNode object, Row row) {
    JsonNode parameter = object.path("spec").path("paramRef");
    row.name(object)
        .text(object.path("spec").path("policyName"))
        .text(parameter.isObject() ? Words.namespaced(parameter) : Row.UNSET)
        .age(object);
  }

  private static void flowSchema(JsonNode object, Row row) {
    JsonNode spec = object.path("spec");
    row.name(object)
        .textOr(spec.path("priorityLevelConfiguration").path("name"), Row.NONE)
        .number(spec.path("matchingPrecedence"))
        .textOr(spec.path("distinguisherMethod").path("type"), Row.NONE)
        .age(object)
        .text(dangling(object));
  }

  private static String dangling(JsonNode flowSchema) {
    for (JsonNode condition : flowSchema.path("status").path("conditions")) {
      if (condition.path("type").asText().equals("Dangling")) {
        return condition.path("status").asText("");
      }
    }
    return "?";
  }

  private static void priorityLevel(JsonNode object, Row row) {
    JsonNode spec = object.path("spec");
    JsonNode limited = spec.path("limited");
    JsonNode queuing = limited.path("limitResponse").path("queuing");
    JsonNode shares = limited.isObject() ? limited : spec.path("exempt");
    row.name(object)
        .text(spec.path("type"))
        .textOr(shares.path("nominalConcurrencyShares"), Row.NONE)
        .textOr(queuing.path("queues"), Row.NONE)
        .textOr(queuing.path("handSize"), Row.NONE)
        .textOr(queuing.path("queueLengthLimit"), Row.NONE)
        .age(object);
  }

  private static void apiService(JsonNode object, Row row) {
    JsonNode service = object.path("spec").path("service");
    row.name(object)
        .text(service.isObject() ? Words.namespaced(service) : "Local")
        .text(available(object.path("status").path("conditions")))
        .age(object);
  }

  private static String available(JsonNode conditions) {
    for (JsonNode condition : conditions) {
      if (condition.path("type").asText().equals("Available")) {
        String status = condition.path("status").asText("");
        return status.equals("True")
            ? status
            : status + " (" + condition.path("reason").asText("") + ")";
      }
    }
    return "Unknown";
  }
}
