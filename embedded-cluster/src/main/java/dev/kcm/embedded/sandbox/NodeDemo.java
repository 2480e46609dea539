package dev.kcm.embedded.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Gives nodes their pod addresses, loses one and gets it back: steps H1 and H2. */
final class NodeDemo {

  /** Silence after which a node of the demo is lost; its kubelets renew leases more often. */
  static final Duration GRACE = Duration.ofSeconds(6);

  /** The managers' ranges of pod addresses, of which each node gets a part. */
  static final String CLUSTER_CIDR = "10.244.0.0/16";

  private static final String NODES = "/api/v1/nodes";
  private static final String PODS = "/api/v1/namespaces/default/pods";
  private static final String CONTROLLERS = "/api/v1/namespaces/default/replicationcontrollers";
  private static final String LABEL = "stays-5s";
  private static final int STAY_SECONDS = 5;
  private static final int REPLICAS = 6;
  private static final Duration PROMPT = Duration.ofSeconds(20);

  private final Protocol protocol;
  private final Kube kube;
  private final Consumer<String> stopNode;
  private final Consumer<String> startNode;

  NodeDemo(Protocol protocol, Kube kube, Consumer<String> stopNode, Consumer<String> startNode) {
    this.protocol = protocol;
    this.kube = kube;
    this.stopNode = stopNode;
    this.startNode = startNode;
  }

  /**
   * Runs both steps.
   *
   * @param nodes names of the simulated nodes; the loss of one needs two or more
   */
  void run(List<String> nodes) throws IOException, InterruptedException {
    nodesGetRanges(nodes);
    if (nodes.size() > 1) {
      aNodeIsLostAndComesBack(nodes.get(1));
    }
  }

  private void nodesGetRanges(List<String> nodes) throws IOException, InterruptedException {
    protocol.step("H1", "Each node gets a range of pod addresses, none gets another's");
    protocol.did("kubectl get nodes -o custom-columns=NAME:.metadata.name,CIDR:.spec.podCIDR");
    Waiting.Seen<List<String>> ranges =
        Waiting.until(PROMPT, this::ranges, seen -> seen.size() == nodes.size());
    protocol.check(
        "ranges",
        nodes.size() + " different parts of " + CLUSTER_CIDR,
        ranges.value(),
        ranges.held()
            && Set.copyOf(ranges.value()).size() == nodes.size()
            && ranges.value().stream().allMatch(r -> r.matches("10\\.244\\.\\d+\\.0/24")));
    protocol.did("kubectl create -f node-spare.json");
    protocol.equal("create", 201, kube.create(NODES, spare()).code());
    Waiting.Seen<List<String>> more =
        Waiting.until(PROMPT, this::ranges, seen -> seen.size() == nodes.size() + 1);
    protocol.within("the new node has one", Duration.ofSeconds(2), more);
    protocol.equal("different ranges", nodes.size() + 1, Set.copyOf(more.value()).size());
    protocol.did("kubectl delete node spare");
    kube.delete(NODES + "/spare").ok();
    protocol.equal("ranges of the others", ranges.value(), ranges());
  }

  private void aNodeIsLostAndComesBack(String lost) throws IOException, InterruptedException {
    protocol.step("H2", "A lost node is noticed, its pods move, and it comes back");
    protocol.did("kubectl create -f rc.json   # " + REPLICAS + " pods that stay for 5 s");
    kube.create(CONTROLLERS, replicas()).ok();
    Waiting.Seen<Integer> ready =
        Waiting.until(PROMPT, () -> readyPods("").size(), count -> count == REPLICAS);
    protocol.equal("pods that are ready", REPLICAS, ready.value());
    protocol.check(
        "pods on " + lost, "1 or more", readyPods(lost).size(), !readyPods(lost).isEmpty());

    protocol.did("poweroff   # " + lost);
    stopNode.accept(lost);
    Duration noticed = GRACE.plusSeconds(4);
    Waiting.Seen<String> status =
        Waiting.until(
            noticed.multipliedBy(2), () -> readyReason(lost), "Unknown NodeStatusUnknown"::equals);
    protocol.equal("its condition Ready", "Unknown NodeStatusUnknown", status.value());
    protocol.within("noticed", noticed, status);
    Set<String> wanted =
        new TreeSet<>(
            List.of(
                "node.kubernetes.io/unreachable:NoExecute",
                "node.kubernetes.io/unreachable:NoSchedule"));
    Waiting.Seen<Set<String>> taints = Waiting.until(PROMPT, () -> taints(lost), wanted::equals);
    protocol.equal("its taints", wanted, taints.value());
    Waiting.Seen<Integer> unready =
        Waiting.until(PROMPT, () -> readyPods(lost).size(), count -> count == 0);
    protocol.equal("its pods that are ready", 0, unready.value());
    Waiting.Seen<Integer> moved =
        Waiting.until(PROMPT, () -> readyPods("").size(), count -> count == REPLICAS);
    protocol.equal("pods that are ready, on other nodes", REPLICAS, moved.value());
    protocol.within("moved", Duration.ofSeconds(STAY_SECONDS + 5L), moved);

    protocol.did("poweron   # " + lost);
    startNode.accept(lost);
    Waiting.Seen<Set<String>> clean = Waiting.until(PROMPT, () -> taints(lost), Set::isEmpty);
    protocol.equal("its taints", Set.of(), clean.value());
    protocol.equal("its condition Ready", "True KubeletReady", readyReason(lost));
    Waiting.Seen<Integer> left =
        Waiting.until(PROMPT, () -> pods(lost, false).size(), count -> count == 0);
    protocol.equal("pods it still had", 0, left.value());
    protocol.did("kubectl delete rc " + LABEL);
    kube.merge(CONTROLLERS + "/" + LABEL, Kube.JSON.readTree("{\"spec\":{\"replicas\":0}}")).ok();
    Waiting.Seen<Integer> none =
        Waiting.until(PROMPT, () -> pods("", false).size(), count -> count == 0);
    protocol.equal("pods left", 0, none.value());
    kube.delete(CONTROLLERS + "/" + LABEL).ok();
  }

  private List<String> ranges() throws IOException, InterruptedException {
    List<String> ranges = new ArrayList<>();
    for (JsonNode node : kube.get(NODES).ok().path("items")) {
      if (node.path("spec").has("podCIDR")) {
        ranges.add(node.path("spec").path("podCIDR").asText());
      }
    }
    return ranges;
  }

  private String readyReason(String name) throws IOException, InterruptedException {
    for (JsonNode condition : kube.get(NODES + "/" + name).ok().path("status").path("conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("status").asText() + " " + condition.path("reason").asText();
      }
    }
    return "";
  }

  private Set<String> taints(String name) throws IOException, InterruptedException {
    Set<String> taints = new TreeSet<>();
    for (JsonNode taint : kube.get(NODES + "/" + name).ok().path("spec").path("taints")) {
      taints.add(taint.path("key").asText() + ":" + taint.path("effect").asText());
    }
    return taints;
  }

  private List<String> readyPods(String node) throws IOException, InterruptedException {
    return pods(node, true);
  }

  /** Pods of the controller; with an empty node those of all. */
  private List<String> pods(String node, boolean onlyReady)
      throws IOException, InterruptedException {
    List<String> pods = new ArrayList<>();
    for (JsonNode pod : kube.get(PODS + "?labelSelector=name%3D" + LABEL).ok().path("items")) {
      boolean there = node.isEmpty() || pod.path("spec").path("nodeName").asText().equals(node);
      if (there && (!onlyReady || isReady(pod))) {
        pods.add(pod.path("metadata").path("name").asText());
      }
    }
    return pods;
  }

  private static boolean isReady(JsonNode pod) {
    for (JsonNode condition : pod.path("status").path("conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }

  private static ObjectNode spare() {
    ObjectNode node = Kube.JSON.createObjectNode();
    node.put("apiVersion", "v1").put("kind", "Node");
    node.putObject("metadata").put("name", "spare");
    return node;
  }

  private static ObjectNode replicas() {
    ObjectNode rc = Kube.JSON.createObjectNode();
    rc.put("apiVersion", "v1").put("kind", "ReplicationController");
    rc.putObject("metadata").put("name", LABEL);
    ObjectNode spec = rc.putObject("spec").put("replicas", REPLICAS);
    spec.putObject("selector").put("name", LABEL);
    ObjectNode template = spec.putObject("template");
    template.putObject("metadata").putObject("labels").put("name", LABEL);
    ObjectNode pod = template.putObject("spec");
    pod.putArray("containers").addObject().put("name", "nginx").put("image", "nginx");
    pod.putArray("tolerations")
        .addObject()
        .put("key", "node.kubernetes.io/unreachable")
        .put("operator", "Exists")
        .put("effect", "NoExecute")
        .put("tolerationSeconds", STAY_SECONDS);
    return rc;
  }
}
