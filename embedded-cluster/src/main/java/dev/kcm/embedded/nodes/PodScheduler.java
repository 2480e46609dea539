package dev.kcm.embedded.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.nodes.LeastLoaded.Candidate;
import dev.kcm.embedded.nodes.LeastLoaded.Placement;
import dev.kcm.embedded.patch.PatchType;
import dev.kcm.embedded.resource.StatusException;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Binds pods to nodes. Confined to the mailbox. */
final class PodScheduler {

  private static final Logger LOG = LoggerFactory.getLogger(PodScheduler.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final ApiCalls calls;
  private final Mailbox mailbox;
  private final Clock clock;

  private final Map<String, Candidate> nodes = new HashMap<>();
  private final Map<String, Assignment> assignments = new HashMap<>();
  private final Map<String, JsonNode> pending = new LinkedHashMap<>();
  private boolean retrying;

  private record Assignment(String node, Demand demand, Set<HostPort> ports) {}

  PodScheduler(ApiCalls calls, Mailbox mailbox, Clock clock) {
    this.calls = calls;
    this.mailbox = mailbox;
    this.clock = clock;
  }

  void resetPods() {
    pending.clear();
    new ArrayList<>(assignments.keySet()).forEach(this::release);
  }

  void resetNodes() {
    nodes.clear();
  }

  void podPresent(JsonNode pod) {
    String uid = uid(pod);
    String node = pod.path("spec").path("nodeName").asText();
    String phase = pod.path("status").path("phase").asText();
    if (phase.equals("Succeeded") || phase.equals("Failed")) {
      podGone(pod);
    } else if (!node.isEmpty()) {
      pending.remove(uid);
      assign(uid, node, pod);
    } else if (isMine(pod) && !assignments.containsKey(uid)) {
      pending.put(uid, pod);
      schedule(uid, pod);
    } else {
      pending.remove(uid);
    }
  }

  void podGone(JsonNode pod) {
    pending.remove(uid(pod));
    if (assignments.containsKey(uid(pod))) {
      release(uid(pod));
      retryPending(Duration.ZERO);
    }
  }

  void nodePresent(JsonNode node) {
    String name = node.path("metadata").path("name").asText();
    nodes.put(name, candidate(name, node));
    retryPending(Duration.ZERO);
  }

  void nodeGone(JsonNode node) {
    nodes.remove(node.path("metadata").path("name").asText());
  }

  private static boolean isMine(JsonNode pod) {
    JsonNode spec = pod.path("spec");
    return !pod.path("metadata").hasNonNull("deletionTimestamp")
        && spec.path("schedulingGates").isEmpty()
        && spec.path("schedulerName").asText("default-scheduler").equals("default-scheduler");
  }

  private void schedule(String uid, JsonNode pod) {
    Placement placement = LeastLoaded.place(pod, nodes.values());
    try {
      if (placement instanceof Placement.On on) {
        calls.create(ApiCalls.Target.pod(pod, "binding"), binding(pod, on.node()));
        pending.remove(uid);
        assign(uid, on.node(), pod);
      } else if (placement instanceof Placement.Nowhere nowhere) {
        explain(pod, nowhere.message());
      }
    } catch (StatusException e) {
      boolean settled = e.code() == 404 || e.code() == 409;
      LOG.debug("Cannot schedule {}: {}", uid, e.getMessage());
      if (settled) {
        pending.remove(uid);
      } else {
        retryPending(RETRY);
      }
    }
  }

  private Candidate candidate(String name, JsonNode node) {
    Demand taken = Demand.NOTHING;
    Set<HostPort> ports = new HashSet<>();
    for (Assignment assignment : assignments.values()) {
      if (assignment.node().equals(name)) {
        taken = taken.plus(assignment.demand());
        ports.addAll(assignment.ports());
      }
    }
    return new Candidate(node, Demand.allocatable(node), taken, ports);
  }

  private void assign(String uid, String node, JsonNode pod) {
    Assignment assignment = new Assignment(node, Demand.of(pod), HostPort.of(pod));
    if (assignments.putIfAbsent(uid, assignment) == null) {
      nodes.computeIfPresent(
          node,
          (name, old) -> {
            old.ports().addAll(assignment.ports());
            return new Candidate(
                old.node(), old.room(), old.taken().plus(assignment.demand()), old.ports());
          });
    }
  }

  private void release(String uid) {
    Assignment assignment = assignments.remove(uid);
    if (assignment != null) {
      nodes.computeIfPresent(
          assignment.node(),
          (name, old) -> {
            old.ports().removeAll(assignment.ports());
            return new Candidate(
                old.node(), old.room(), old.taken().minus(assignment.demand()), old.ports());
          });
    }
  }

  private void retryPending(Duration delay) {
    if (retrying || pending.isEmpty()) {
      return;
    }
    retrying = true;
    Runnable retry =
        () -> {
          retrying = false;
          List.copyOf(pending.entrySet())
              .forEach(entry -> schedule(entry.getKey(), entry.getValue()));
        };
    if (delay.isZero()) {
      mailbox.post(retry);
    } else {
      mailbox.postAfter(delay, retry);
    }
  }

  private static ObjectNode binding(JsonNode pod, String node) {
    ObjectNode binding = JsonNodeFactory.instance.objectNode();
    binding.put("apiVersion", "v1").put("kind", "Binding");
    ObjectNode metadata = binding.putObject("metadata");
    metadata.set("name", pod.path("metadata").path("name"));
    metadata.set("namespace", pod.path("metadata").path("namespace"));
    metadata.set("uid", pod.path("metadata").path("uid"));
    binding.putObject("target").put("kind", "Node").put("name", node);
    return binding;
  }

  /** Says in the pod's status why it waits, unless it says so already. */
  private void explain(JsonNode pod, String message) {
    for (JsonNode condition : pod.path("status").path("conditions")) {
      if (condition.path("type").asText().equals("PodScheduled")
          && condition.path("message").asText().equals(message)) {
        return;
      }
    }
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    ObjectNode condition = patch.putObject("status").putArray("conditions").addObject();
    condition.put("type", "PodScheduled").put("status", "False").put("reason", "Unschedulable");
    condition.put("message", message).putNull("lastProbeTime");
    condition.put("lastTransitionTime", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    calls.patch(ApiCalls.Target.pod(pod, "status"), PatchType.STRATEGIC, patch);
    record(pod, message);
  }

  /** An Event that cannot be recorded keeps nobody from anything. */
  private void record(JsonNode pod, String message) {
    String namespace = pod.path("metadata").path("namespace").asText();
    try {
      calls.create(
          ApiCalls.Target.events(namespace),
          PodEvents.warning(
              pod, "default-scheduler", "FailedScheduling", message, clock.instant()));
    } catch (StatusException e) {
      LOG.debug("No Event about {}: {}", uid(pod), e.getMessage());
    }
  }

  private static String uid(JsonNode pod) {
    return pod.path("metadata").path("uid").asText();
  }
}
