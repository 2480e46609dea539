package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks pods and pod templates.
 *
 * <p>Stateless.
 */
final class PodValidation {

  private static final Set<String> RESTART_POLICIES = Set.of("Always", "Never", "OnFailure");
  private static final Set<String> DNS_POLICIES =
      Set.of("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None");
  private static final Set<String> PULL_POLICIES = Set.of("Always", "IfNotPresent", "Never");
  private static final Set<String> PROTOCOLS = Set.of("TCP", "UDP", "SCTP");
  private static final int LAST_PORT = 65_535;

  private static final String IMMUTABLE =
      "pod updates may not change fields other than `spec.containers[*].image`,"
          + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only"
          + " additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to"
          + " be set to 1 if it was previously negative)";

  private PodValidation() {}

  static void pod(JsonNode pod, JsonNode current, FieldErrors errors) {
    if (current.isMissingNode()) {
      spec("spec", pod.path("spec"), errors);
      return;
    }
    boolean gated = !current.path("spec").path("schedulingGates").isEmpty();
    if (!frozen(pod, gated).equals(frozen(current, gated)) || !keepsTolerations(pod, current)) {
      errors.forbidden("spec", IMMUTABLE);
    }
  }

  /** Containers are only added; what is there stays as it is. */
  static void ephemeralContainers(JsonNode pod, JsonNode current, FieldErrors errors) {
    String field = "spec.ephemeralContainers";
    Map<String, JsonNode> wanted = new HashMap<>();
    JsonNode containers = pod.path("spec").path("ephemeralContainers");
    containers.forEach(container -> wanted.put(container.path("name").asText(), container));
    for (JsonNode old : current.path("spec").path("ephemeralContainers")) {
      String name = old.path("name").asText();
      JsonNode now = wanted.get(name);
      if (now == null) {
        errors.forbidden(
            field, "existing ephemeral containers \"" + name + "\" may not be removed");
      } else if (!now.equals(old)) {
        errors.forbidden(
            field, "existing ephemeral containers \"" + name + "\" may not be changed");
      }
    }
    Set<String> names = new HashSet<>();
    pod.path("spec").path("containers").forEach(c -> names.add(c.path("name").asText()));
    pod.path("spec").path("initContainers").forEach(c -> names.add(c.path("name").asText()));
    containers(field, containers, names, errors);
  }

  /** What never changes in the spec of a pod; one that waits for its gates is still open. */
  private static JsonNode frozen(JsonNode pod, boolean gated) {
    var spec = Trees.shallow(pod.path("spec"));
    spec.remove(
        List.of(
            "activeDeadlineSeconds",
            "tolerations",
            "terminationGracePeriodSeconds",
            "schedulingGates"));
    if (gated) {
      spec.remove(List.of("nodeSelector", "affinity"));
    }
    for (String field : List.of("containers", "initContainers")) {
      var containers = Trees.array();
      for (JsonNode container : spec.path(field)) {
        containers.add(Trees.shallow(container).put("image", ""));
      }
      spec.set(field, containers);
    }
    return spec;
  }

  private static boolean keepsTolerations(JsonNode pod, JsonNode current) {
    Set<JsonNode> now = new HashSet<>();
    pod.path("spec").path("tolerations").forEach(now::add);
    for (JsonNode toleration : current.path("spec").path("tolerations")) {
      if (!now.contains(toleration)) {
        return false;
      }
    }
    return true;
  }

  /** Checks the spec of a pod or template at a path. */
  static void spec(String field, JsonNode spec, FieldErrors errors) {
    Set<String> names = new HashSet<>();
    JsonNode containers = spec.path("containers");
    if (containers.isEmpty()) {
      errors.required(field + ".containers", "");
    }
    containers(field + ".containers", containers, names, errors);
    containers(field + ".initContainers", spec.path("initContainers"), names, errors);
    oneOf(field + ".restartPolicy", spec.path("restartPolicy"), RESTART_POLICIES, errors);
    oneOf(field + ".dnsPolicy", spec.path("dnsPolicy"), DNS_POLICIES, errors);
    volumes(field, spec, errors);
  }

  private static void containers(
      String field, JsonNode containers, Set<String> names, FieldErrors errors) {
    for (int i = 0; i < containers.size(); i++) {
      container(field + "[" + i + "]", containers.get(i), names, errors);
    }
  }

  private static void container(
      String field, JsonNode container, Set<String> names, FieldErrors errors) {
    JsonNode name = container.path("name");
    String text = name.asText("");
    if (text.isEmpty()) {
      errors.required(field + ".name", "");
    } else {
      Names.label(text).forEach(c -> errors.invalid(field + ".name", text, c));
      if (!names.add(text)) {
        errors.duplicate(field + ".name", name);
      }
    }
    if (container.path("image").asText("").isEmpty()) {
      errors.required(field + ".image", "");
    }
    oneOf(field + ".imagePullPolicy", container.path("imagePullPolicy"), PULL_POLICIES, errors);
    ports(field + ".ports", container.path("ports"), errors);
  }

  private static void ports(String field, JsonNode ports, FieldErrors errors) {
    for (int i = 0; i < ports.size(); i++) {
      JsonNode port = ports.get(i);
      String at = field + "[" + i + "]";
      if (!port.has("containerPort")) {
        errors.required(at + ".containerPort", "");
      } else {
        portNumber(at + ".containerPort", port.path("containerPort"), errors);
      }
      oneOf(at + ".protocol", port.path("protocol"), PROTOCOLS, errors);
    }
  }

  static void portNumber(String field, JsonNode port, FieldErrors errors) {
    if (port.asInt() < 1 || port.asInt() > LAST_PORT) {
      errors.invalid(field, port, "must be between 1 and 65535, inclusive");
    }
  }

  private static void volumes(String field, JsonNode spec, FieldErrors errors) {
    Set<String> names = new HashSet<>();
    JsonNode volumes = spec.path("volumes");
    for (int i = 0; i < volumes.size(); i++) {
      String at = field + ".volumes[" + i + "].name";
      String name = volumes.get(i).path("name").asText("");
      if (name.isEmpty()) {
        errors.required(at, "");
      } else {
        Names.label(name).forEach(c -> errors.invalid(at, name, c));
        if (!names.add(name)) {
          errors.duplicate(at, volumes.get(i).path("name"));
        }
      }
    }
    JsonNode containers = spec.path("containers");
    for (int i = 0; i < containers.size(); i++) {
      JsonNode mounts = containers.get(i).path("volumeMounts");
      for (int j = 0; j < mounts.size(); j++) {
        JsonNode name = mounts.get(j).path("name");
        if (!names.contains(name.asText(""))) {
          errors.notFound(field + ".containers[" + i + "].volumeMounts[" + j + "].name", name);
        }
      }
    }
  }

  private static void oneOf(String field, JsonNode value, Set<String> allowed, FieldErrors errors) {
    if (!value.isMissingNode() && !allowed.contains(value.asText())) {
      errors.notSupported(field, value, allowed);
    }
  }
}
