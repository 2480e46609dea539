package dev.kcm.embedded.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** One ReplicationController of the demo and its pods, as an administrator sees them. */
final class Replicas {

  private static final String PODS = "/api/v1/namespaces/default/pods";
  private static final String CONTROLLERS = "/api/v1/namespaces/default/replicationcontrollers";

  private final Kube kube;
  private final String name;
  private final String label;

  Replicas(Kube kube, String name, String label) {
    this.kube = kube;
    this.name = name;
    this.label = label;
  }

  String name() {
    return name;
  }

  /** Creates the controller; the template is nginx with one label. */
  Kube.Answer create(int replicas) throws IOException, InterruptedException {
    ObjectNode rc = Kube.JSON.createObjectNode();
    rc.put("apiVersion", "v1").put("kind", "ReplicationController");
    rc.putObject("metadata").put("name", name);
    ObjectNode spec = rc.putObject("spec").put("replicas", replicas);
    spec.putObject("selector").put("name", label);
    ObjectNode template = spec.putObject("template");
    template.putObject("metadata").putObject("labels").put("name", label);
    ObjectNode container = template.putObject("spec").putArray("containers").addObject();
    container.put("name", "nginx").put("image", "nginx").put("imagePullPolicy", "IfNotPresent");
    container.putArray("ports").addObject().put("containerPort", 80);
    return kube.create(CONTROLLERS, rc);
  }

  /** Sets the number of replicas through the scale subresource, like {@code kubectl scale}. */
  Kube.Answer scale(int replicas) throws IOException, InterruptedException {
    ObjectNode patch = Kube.JSON.createObjectNode();
    patch.putObject("spec").put("replicas", replicas);
    return kube.merge(CONTROLLERS + "/" + name + "/scale", patch);
  }

  /**
   * Sets the number of replicas only if it is the expected one, like {@code kubectl scale
   * --current-replicas}.
   *
   * @return empty on success, else what kubectl would print
   */
  String scaleFrom(int expected, int replicas) throws IOException, InterruptedException {
    ObjectNode scale = (ObjectNode) kube.get(CONTROLLERS + "/" + name + "/scale").ok();
    int current = scale.path("spec").path("replicas").asInt();
    if (current != expected) {
      return "Expected replicas to be %d, was %d".formatted(expected, current);
    }
    scale.withObject("/spec").put("replicas", replicas);
    kube.replace(CONTROLLERS + "/" + name + "/scale", scale).ok();
    return "";
  }

  /** {@code desired/current/ready} as {@code kubectl get rc} shows them. */
  String counts() throws IOException, InterruptedException {
    JsonNode rc = kube.get(CONTROLLERS + "/" + name).ok();
    return rc.path("spec").path("replicas").asInt()
        + "/"
        + rc.path("status").path("replicas").asInt()
        + "/"
        + rc.path("status").path("readyReplicas").asInt();
  }

  /** Names of the pods with the label that are not being deleted, oldest first. */
  List<String> pods() throws IOException, InterruptedException {
    JsonNode list = kube.get(PODS + "?labelSelector=name%3D" + label).ok();
    List<JsonNode> alive = new ArrayList<>();
    for (JsonNode pod : list.path("items")) {
      if (!pod.path("metadata").has("deletionTimestamp")) {
        alive.add(pod);
      }
    }
    alive.sort(
        java.util.Comparator.comparing((JsonNode pod) -> readySince(pod))
            .thenComparing(pod -> pod.path("metadata").path("name").asText()));
    return alive.stream().map(pod -> pod.path("metadata").path("name").asText()).toList();
  }

  private static String readySince(JsonNode pod) {
    for (JsonNode condition : pod.path("status").path("conditions")) {
      if (condition.path("type").asText().equals("Ready")
          && condition.path("status").asText().equals("True")) {
        return condition.path("lastTransitionTime").asText();
      }
    }
    return "9999";
  }

  /** Number of pods with the label, terminating ones included. */
  int podCount() throws IOException, InterruptedException {
    return kube.get(PODS + "?labelSelector=name%3D" + label).ok().path("items").size();
  }

  Kube.Answer deletePod(String pod) throws IOException, InterruptedException {
    return kube.delete(PODS + "/" + pod);
  }

  /** Takes the label off a pod, so that it is the controller's no longer. */
  Kube.Answer releasePod(String pod) throws IOException, InterruptedException {
    ObjectNode patch = Kube.JSON.createObjectNode();
    patch.putObject("metadata").putObject("labels").putNull("name");
    return kube.merge(PODS + "/" + pod, patch);
  }

  /** Whether a pod names a controller. */
  boolean isOwned(String pod) throws IOException, InterruptedException {
    return kube.get(PODS + "/" + pod).ok().path("metadata").path("ownerReferences").size() > 0;
  }

  /** Messages of the events about the controller with a reason and source, repeats once. */
  Set<String> events(String reason) throws IOException, InterruptedException {
    Set<String> messages = new TreeSet<>();
    JsonNode list =
        kube.get("/api/v1/namespaces/default/events?fieldSelector=involvedObject.name%3D" + name)
            .ok();
    for (JsonNode event : list.path("items")) {
      if (event.path("reason").asText().equals(reason)
          && event.path("source").path("component").asText().equals("replication-controller")) {
        messages.add(event.path("message").asText());
      }
    }
    return messages;
  }

  /** Waits for {@code desired/current/ready} to be the given ones. */
  Waiting.Seen<String> await(String counts) throws IOException, InterruptedException {
    return Waiting.until(Duration.ofSeconds(30), this::counts, counts::equals);
  }
}
