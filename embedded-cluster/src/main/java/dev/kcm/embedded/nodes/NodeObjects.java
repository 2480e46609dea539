package dev.kcm.embedded.nodes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Makes the objects that a kubelet writes about its node. Immutable. */
final class NodeObjects {

  static final int LEASE_SECONDS = 40;

  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final NodeSettings settings;

  NodeObjects(NodeSettings settings) {
    this.settings = settings;
  }

  /** The Node with which a kubelet registers. */
  ObjectNode node(String name, String address, Instant now) {
    ObjectNode node = object("v1", "Node");
    ObjectNode labels = node.putObject("metadata").put("name", name).putObject("labels");
    labels.put("beta.kubernetes.io/arch", "amd64").put("beta.kubernetes.io/os", "linux");
    labels.put("kubernetes.io/arch", "amd64").put("kubernetes.io/os", "linux");
    labels.put("kubernetes.io/hostname", name);
    node.putObject("spec").put("providerID", "simulated://" + name);
    ObjectNode status = node.putObject("status");
    resources(status.putObject("capacity"));
    resources(status.putObject("allocatable"));
    ArrayNode addresses = status.putArray("addresses");
    addresses.addObject().put("type", "InternalIP").put("address", address);
    addresses.addObject().put("type", "Hostname").put("address", name);
    status.putObject("daemonEndpoints").putObject("kubeletEndpoint").put("Port", 10250);
    describe(status.putObject("nodeInfo"));
    addConditions(status.putArray("conditions"), now, true);
    return node;
  }

  private void resources(ObjectNode resources) {
    resources.put("cpu", String.valueOf(settings.cpus()));
    resources.put("ephemeral-storage", "100Gi");
    resources.put("memory", settings.memoryGib() + "Gi");
    resources.put("pods", String.valueOf(settings.pods()));
  }

  private static void describe(ObjectNode info) {
    info.put("architecture", "amd64").put("operatingSystem", "linux");
    info.put("bootID", "").put("machineID", "").put("systemUUID", "");
    info.put("containerRuntimeVersion", "simulated://1.0").put("kernelVersion", "6.1.0");
    info.put("kubeletVersion", "v1.34.2").put("kubeProxyVersion", "");
    info.put("osImage", "Simulated Linux");
  }

  /**
   * A strategic merge patch of the status that says that the node is well.
   *
   * @param changed whether somebody has called the node unwell since the last report
   */
  static ObjectNode heartbeat(Instant now, boolean changed) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    addConditions(patch.putObject("status").putArray("conditions"), now, changed);
    return patch;
  }

  private static void addConditions(ArrayNode conditions, Instant now, boolean changed) {
    List<Condition> all =
        List.of(
            new Condition(
                "MemoryPressure",
                "False",
                "KubeletHasSufficientMemory",
                "kubelet has sufficient memory available"),
            new Condition(
                "DiskPressure",
                "False",
                "KubeletHasNoDiskPressure",
                "kubelet has no disk pressure"),
            new Condition(
                "PIDPressure",
                "False",
                "KubeletHasSufficientPID",
                "kubelet has sufficient PID available"),
            new Condition("Ready", "True", "KubeletReady", "kubelet is posting ready status"));
    String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    for (Condition condition : all) {
      ObjectNode node = conditions.addObject();
      node.put("type", condition.type()).put("status", condition.status());
      node.put("lastHeartbeatTime", time);
      if (changed) {
        node.put("lastTransitionTime", time);
      }
      node.put("reason", condition.reason()).put("message", condition.message());
    }
  }

  private record Condition(String type, String status, String reason, String message) {}

  /** The lease of a node, owned by its Node object. */
  static ObjectNode lease(String name, String nodeUid, Instant now) {
    ObjectNode lease = object("coordination.k8s.io/v1", "Lease");
    ObjectNode metadata = lease.putObject("metadata").put("name", name);
    metadata.put("namespace", "kube-node-lease");
    ObjectNode owner = metadata.putArray("ownerReferences").addObject();
    owner.put("apiVersion", "v1").put("kind", "Node").put("name", name).put("uid", nodeUid);
    ObjectNode spec = lease.putObject("spec").put("holderIdentity", name);
    spec.put("leaseDurationSeconds", LEASE_SECONDS).put("renewTime", MICROS.format(now));
    return lease;
  }

  /** A merge patch that renews a lease. */
  static ObjectNode renewal(String name, Instant now) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    ObjectNode spec = patch.putObject("spec").put("holderIdentity", name);
    spec.put("leaseDurationSeconds", LEASE_SECONDS).put("renewTime", MICROS.format(now));
    return patch;
  }

  private static ObjectNode object(String apiVersion, String kind) {
    return JsonNodeFactory.instance.objectNode().put("apiVersion", apiVersion).put("kind", kind);
  }
}
