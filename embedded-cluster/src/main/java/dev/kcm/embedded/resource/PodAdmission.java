package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.Objects.Held;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Completes new pods: service account, priority by class, the tolerations that keep them on a lost
 * node for five minutes, and what their runtime class asks for.
 *
 * <p>Thread-safe: without state of its own.
 */
final class PodAdmission {

  private static final List<String> LOST_NODE =
      List.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable");
  private static final int SECONDS_ON_LOST_NODE = 300;
  private static final String EFFECT = "NoExecute";
  private static final String PREEMPTS = "PreemptLowerPriority";
  private static final Map<String, Integer> BUILT_IN =
      Map.of("system-cluster-critical", 2_000_000_000, "system-node-critical", 2_000_001_000);

  private final Objects objects;
  private final Optional<Kind> priorityClasses;

  private final ServiceAccountAdmission accounts;
  private final RuntimeClassAdmission runtimes;

  PodAdmission(
      Objects objects,
      Optional<Kind> priorityClasses,
      ServiceAccountAdmission accounts,
      RuntimeClassAdmission runtimes) {
    this.runtimes = runtimes;
    this.objects = objects;
    this.accounts = accounts;
    this.priorityClasses = priorityClasses;
  }

  void complete(ObjectNode pod) {
    ObjectNode spec = Trees.child(pod, "spec");
    accounts.complete(pod);
    setPriority(pod, spec);
    LOST_NODE.forEach(taint -> tolerate(spec, taint));
    runtimes.complete(pod);
  }

  private void setPriority(ObjectNode pod, ObjectNode spec) {
    String className = spec.path("priorityClassName").asText("");
    if (BUILT_IN.containsKey(className)) {
      spec.put("priority", BUILT_IN.get(className));
      Trees.putIfAbsent(spec, "preemptionPolicy", PREEMPTS);
    } else if (className.isEmpty()) {
      usePriority(spec, defaultClass());
    } else {
      usePriority(spec, namedClass(pod, className));
    }
  }

  private static void usePriority(ObjectNode spec, JsonNode priorityClass) {
    if (priorityClass.has("value")) {
      Trees.putIfAbsent(spec, "priorityClassName", Meta.name(priorityClass));
    }
    spec.put("priority", priorityClass.path("value").asInt(0));
    Trees.putIfAbsent(
        spec, "preemptionPolicy", priorityClass.path("preemptionPolicy").asText(PREEMPTS));
  }

  private JsonNode namedClass(JsonNode pod, String name) {
    return priorityClasses
        .map(kind -> objects.get(kind, "", name))
        .map(Held::object)
        .orElseThrow(
            () ->
                Statuses.forbidden(
                    "",
                    "pods",
                    Meta.name(pod),
                    "no PriorityClass with name " + name + " was found"));
  }

  private JsonNode defaultClass() {
    return priorityClasses.stream()
        .flatMap(kind -> objects.list(kind, "").entries().stream())
        .map(Map.Entry::getValue)
        .filter(priorityClass -> priorityClass.path("globalDefault").asBoolean())
        .findFirst()
        .orElse(Trees.object());
  }

  private static void tolerate(ObjectNode spec, String taint) {
    boolean covered = Trees.items(spec, "tolerations").stream().anyMatch(t -> covers(t, taint));
    if (!covered) {
      ArrayNode tolerations = Trees.listChild(spec, "tolerations");
      tolerations
          .addObject()
          .put("key", taint)
          .put("operator", "Exists")
          .put("effect", EFFECT)
          .put("tolerationSeconds", SECONDS_ON_LOST_NODE);
    }
  }

  private static boolean covers(JsonNode toleration, String taint) {
    String key = toleration.path("key").asText("");
    String effect = toleration.path("effect").asText("");
    return (key.isEmpty() || key.equals(taint)) && (effect.isEmpty() || effect.equals(EFFECT));
  }
}
