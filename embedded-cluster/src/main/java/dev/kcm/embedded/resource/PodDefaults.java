package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * Defaults of pods and of pod templates.
 *
 * <p>Stateless.
 */
final class PodDefaults {

  /** 0644 as the number that JSON carries. */
  private static final int READABLE = 420;

  private static final List<String> PROBES =
      List.of("livenessProbe", "readinessProbe", "startupProbe");
  private static final List<String> FILE_SOURCES =
      List.of("configMap", "secret", "projected", "downwardAPI");

  private PodDefaults() {}

  /** Completes a pod. */
  static void pod(ObjectNode pod) {
    ObjectNode spec = Trees.child(pod, "spec");
    spec(spec);
    for (String field : List.of("initContainers", "containers")) {
      Trees.items(spec, field).forEach(PodDefaults::requestsFromLimits);
    }
    Trees.putIfAbsent(spec, "enableServiceLinks", true);
    if (spec.path("hostNetwork").asBoolean()) {
      hostPorts(spec);
    }
  }

  /** Completes the template below a parent. */
  static void template(ObjectNode parent) {
    ObjectNode template = Trees.child(parent, "template");
    Trees.child(template, "metadata");
    ObjectNode spec = Trees.child(template, "spec");
    spec(spec);
    if (spec.path("hostNetwork").asBoolean()) {
      hostPorts(spec);
    }
  }

  private static void spec(ObjectNode spec) {
    Trees.putIfAbsent(spec, "restartPolicy", "Always");
    Trees.putIfAbsent(spec, "dnsPolicy", "ClusterFirst");
    Trees.putIfAbsent(spec, "terminationGracePeriodSeconds", 30);
    Trees.putIfAbsent(spec, "schedulerName", "default-scheduler");
    Trees.child(spec, "securityContext");
    mirrorServiceAccount(spec);
    for (String field : List.of("initContainers", "containers", "ephemeralContainers")) {
      Trees.items(spec, field).forEach(PodDefaults::container);
    }
    Trees.items(spec, "volumes").forEach(PodDefaults::volume);
  }

  /** The old and the new name of the field show the same. */
  private static void mirrorServiceAccount(ObjectNode spec) {
    if (!Trees.isUnset(spec, "serviceAccountName")) {
      spec.put("serviceAccount", spec.path("serviceAccountName").asText());
    } else if (!Trees.isUnset(spec, "serviceAccount")) {
      spec.put("serviceAccountName", spec.path("serviceAccount").asText());
    }
  }

  private static void container(ObjectNode container) {
    Trees.child(container, "resources");
    Trees.putIfAbsent(container, "terminationMessagePath", "/dev/termination-log");
    Trees.putIfAbsent(container, "terminationMessagePolicy", "File");
    Trees.putIfAbsent(container, "imagePullPolicy", pullPolicy(container.path("image").asText("")));
    for (String field : PROBES) {
      if (container.get(field) instanceof ObjectNode probe) {
        probe(probe);
      }
    }
    for (ObjectNode port : Trees.items(container, "ports")) {
      Trees.putIfAbsent(port, "protocol", "TCP");
    }
    for (ObjectNode variable : Trees.items(container, "env")) {
      if (variable.path("valueFrom").get("fieldRef") instanceof ObjectNode fieldRef) {
        Trees.putIfAbsent(fieldRef, "apiVersion", "v1");
      }
    }
  }

  /** A moving tag is pulled each time. */
  static String pullPolicy(String image) {
    if (image.contains("@")) {
      return "IfNotPresent";
    }
    String tagged = image.substring(image.lastIndexOf('/') + 1);
    boolean moving = !tagged.contains(":") || tagged.endsWith(":latest");
    return moving ? "Always" : "IfNotPresent";
  }

  private static void probe(ObjectNode probe) {
    Trees.putIfAbsent(probe, "timeoutSeconds", 1);
    Trees.putIfAbsent(probe, "periodSeconds", 10);
    Trees.putIfAbsent(probe, "successThreshold", 1);
    Trees.putIfAbsent(probe, "failureThreshold", 3);
    if (probe.get("httpGet") instanceof ObjectNode get) {
      Trees.putIfAbsent(get, "path", "/");
      Trees.putIfAbsent(get, "scheme", "HTTP");
    }
  }

  /** A limit without request is the request too. */
  private static void requestsFromLimits(ObjectNode container) {
    ObjectNode resources = Trees.child(container, "resources");
    for (Map.Entry<String, JsonNode> limit : resources.path("limits").properties()) {
      ObjectNode requests = Trees.child(resources, "requests");
      if (!requests.has(limit.getKey())) {
        requests.set(limit.getKey(), limit.getValue());
      }
    }
  }

  private static void hostPorts(ObjectNode spec) {
    for (String field : List.of("initContainers", "containers")) {
      for (ObjectNode container : Trees.items(spec, field)) {
        for (ObjectNode port : Trees.items(container, "ports")) {
          if (!port.has("hostPort")) {
            port.set("hostPort", port.path("containerPort"));
          }
        }
      }
    }
  }

  private static void volume(ObjectNode volume) {
    if (volume.size() == 1 && volume.has("name")) {
      volume.putObject("emptyDir");
    }
    for (String field : FILE_SOURCES) {
      if (volume.get(field) instanceof ObjectNode source) {
        Trees.putIfAbsent(source, "defaultMode", READABLE);
      }
    }
    if (volume.get("hostPath") instanceof ObjectNode hostPath && !hostPath.has("type")) {
      hostPath.put("type", "");
    }
    for (ObjectNode source : Trees.items(volume.path("projected"), "sources")) {
      if (source.get("serviceAccountToken") instanceof ObjectNode token) {
        Trees.putIfAbsent(token, "expirationSeconds", 3600);
      }
    }
  }
}
