package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Defaults of the kinds that do not run pods, and of pods themselves.
 *
 * <p>Immutable.
 */
final class CoreDefaults {

  private static final String TYPE = "type";
  private static final int CLIENT_IP_SECONDS = 10_800;

  static final Map<String, Consumer<ObjectNode>> BY_KIND =
      Map.of(
          KindKey.POD,
          PodDefaults::pod,
          "v1/PodTemplate",
          PodDefaults::template,
          KindKey.SERVICE,
          CoreDefaults::service,
          "v1/Secret",
          secret -> Trees.putIfAbsent(secret, TYPE, "Opaque"),
          "v1/PersistentVolume",
          CoreDefaults::volume,
          "v1/PersistentVolumeClaim",
          CoreDefaults::claim,
          KindKey.NODE,
          CoreDefaults::node,
          "storage.k8s.io/v1/StorageClass",
          CoreDefaults::storageClass,
          "storage.k8s.io/v1/CSIDriver",
          CoreDefaults::driver,
          "discovery.k8s.io/v1/EndpointSlice",
          CoreDefaults::slice);

  private CoreDefaults() {}

  private static ObjectNode spec(ObjectNode object) {
    return Trees.child(object, "spec");
  }

  private static void service(ObjectNode service) {
    ObjectNode spec = spec(service);
    Trees.putIfAbsent(spec, TYPE, "ClusterIP");
    Trees.putIfAbsent(spec, "sessionAffinity", "None");
    String type = spec.path(TYPE).asText();
    if (spec.path("sessionAffinity").asText().equals("ClientIP")) {
      ObjectNode config = Trees.child(Trees.child(spec, "sessionAffinityConfig"), "clientIP");
      Trees.putIfAbsent(config, "timeoutSeconds", CLIENT_IP_SECONDS);
    }
    for (ObjectNode port : Trees.items(spec, "ports")) {
      Trees.putIfAbsent(port, "protocol", "TCP");
      if (Trees.isUnset(port, "targetPort") || port.path("targetPort").asText().equals("0")) {
        port.set("targetPort", port.path("port"));
      }
    }
    if (!type.equals("ExternalName")) {
      Trees.putIfAbsent(spec, "internalTrafficPolicy", "Cluster");
    }
    if (type.equals("NodePort") || type.equals("LoadBalancer")) {
      Trees.putIfAbsent(spec, "externalTrafficPolicy", "Cluster");
    }
    if (type.equals("LoadBalancer")) {
      Trees.putIfAbsent(spec, "allocateLoadBalancerNodePorts", true);
    }
    for (ObjectNode ingress : Trees.items(service.path("status").path("loadBalancer"), "ingress")) {
      if (ingress.has("ip")) {
        Trees.putIfAbsent(ingress, "ipMode", "VIP");
      }
    }
  }

  private static void volume(ObjectNode volume) {
    ObjectNode spec = spec(volume);
    Trees.putIfAbsent(spec, "persistentVolumeReclaimPolicy", "Retain");
    Trees.putIfAbsent(spec, "volumeMode", "Filesystem");
    if (spec.get("hostPath") instanceof ObjectNode hostPath && !hostPath.has(TYPE)) {
      hostPath.put(TYPE, "");
    }
  }

  private static void claim(ObjectNode claim) {
    Trees.putIfAbsent(spec(claim), "volumeMode", "Filesystem");
    Trees.child(spec(claim), "resources");
  }

  private static void node(ObjectNode node) {
    ObjectNode spec = spec(node);
    String range = spec.path("podCIDR").asText("");
    String first = spec.path("podCIDRs").path(0).asText("");
    if (range.isEmpty() && !first.isEmpty()) {
      spec.put("podCIDR", first);
    } else if (!range.isEmpty() && first.isEmpty()) {
      spec.putArray("podCIDRs").add(range);
    }
  }

  private static void storageClass(ObjectNode storageClass) {
    Trees.putIfAbsent(storageClass, "reclaimPolicy", "Delete");
    Trees.putIfAbsent(storageClass, "volumeBindingMode", "Immediate");
  }

  private static void driver(ObjectNode driver) {
    ObjectNode spec = spec(driver);
    Trees.putIfAbsent(spec, "attachRequired", true);
    Trees.putIfAbsent(spec, "podInfoOnMount", false);
    Trees.putIfAbsent(spec, "storageCapacity", false);
    Trees.putIfAbsent(spec, "requiresRepublish", false);
    Trees.putIfAbsent(spec, "seLinuxMount", false);
    Trees.putIfAbsent(spec, "fsGroupPolicy", "ReadWriteOnceWithFSType");
    if (spec.path("volumeLifecycleModes").isEmpty()) {
      spec.putArray("volumeLifecycleModes").add("Persistent");
    }
  }

  private static void slice(ObjectNode slice) {
    for (ObjectNode port : Trees.items(slice, "ports")) {
      if (!port.has("name")) {
        port.put("name", "");
      }
      Trees.putIfAbsent(port, "protocol", "TCP");
    }
  }
}
