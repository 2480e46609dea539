package dev.kcm.embedded.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.nodes.PodLifecycle.Step;
import dev.kcm.embedded.patch.PatchType;
import dev.kcm.embedded.resource.StatusException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One simulated node. Confined to the mailbox. */
final class Kubelet {

  private static final Logger LOG = LoggerFactory.getLogger(Kubelet.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final String name;
  private final String address;
  private final Surroundings surroundings;
  private final ApiCalls calls;
  private final Map<String, PodState> pods = new HashMap<>();

  private boolean running = true;
  private boolean registered;
  private Instant reported = Instant.EPOCH;
  private @Nullable JsonNode node;

  /**
   * What all kubelets of a cluster share.
   *
   * @param settings how nodes behave
   * @param clock clock of the cluster
   * @param mailbox in whose turns everything happens
   * @param addresses addresses of pods
   */
  record Surroundings(NodeSettings settings, Clock clock, Mailbox mailbox, AddressPool addresses) {}

  /** A pod of this node. */
  private static final class PodState {
    JsonNode pod;
    String address = "";
    boolean stepUnderWay;
    boolean removed;

    PodState(JsonNode pod) {
      this.pod = pod;
    }
  }

  Kubelet(String name, String address, Surroundings surroundings, ApiCalls calls) {
    this.name = name;
    this.address = address;
    this.surroundings = surroundings;
    this.calls = calls;
  }

  boolean isRegistered() {
    return registered;
  }

  /** Makes the Node and its lease, or takes over those of an earlier life. */
  void register() {
    if (!running) {
      return;
    }
    Instant now = surroundings.clock().instant();
    try {
      node = findOrCreate(now);
      reported = now;
      renewLease();
      registered = true;
    } catch (StatusException e) {
      LOG.warn("Node {} cannot register, trying again: {}", name, e.getMessage());
      surroundings.mailbox().postAfter(RETRY, this::register);
    }
  }

  private JsonNode findOrCreate(Instant now) {
    try {
      NodeObjects objects = new NodeObjects(surroundings.settings());
      return calls.create(ApiCalls.Target.nodes(), objects.node(name, address, now));
    } catch (StatusException e) {
      if (e.code() != 409) {
        throw e;
      }
      return calls.get(ApiCalls.Target.node(name, ""));
    }
  }

  /** Renews the lease, and reports the node's state when it is due. */
  void tick() {
    if (!running || !registered) {
      return;
    }
    try {
      renewLease();
      reportIfDue();
    } catch (StatusException e) {
      LOG.debug("Node {} cannot report: {}", name, e.getMessage());
    }
  }

  private void renewLease() {
    Instant now = surroundings.clock().instant();
    try {
      calls.patch(ApiCalls.Target.lease(name), PatchType.MERGE, NodeObjects.renewal(name, now));
    } catch (StatusException e) {
      JsonNode owner = node;
      if (e.code() != 404 || owner == null) {
        throw e;
      }
      String uid = owner.path("metadata").path("uid").asText();
      calls.create(ApiCalls.Target.leases(), NodeObjects.lease(name, uid, now));
    }
  }

  private void reportIfDue() {
    Instant now = surroundings.clock().instant();
    JsonNode known = node;
    boolean doubted = known != null && !Tolerations.isReady(known);
    boolean due = !now.isBefore(reported.plus(surroundings.settings().heartbeat()));
    if (doubted || due) {
      ApiCalls.Target status = ApiCalls.Target.node(name, "status");
      node = calls.patch(status, PatchType.STRATEGIC, NodeObjects.heartbeat(now, doubted));
      reported = now;
    }
  }

  /** Falls silent: no lease, no reports, nothing done for pods. */
  void stop() {
    running = false;
  }

  /** Comes back after a stop. */
  void start() {
    if (running) {
      return;
    }
    running = true;
    if (registered) {
      tick();
    } else {
      register();
    }
    List.copyOf(pods.keySet()).forEach(this::proceed);
  }

  void nodePresent(JsonNode seen) {
    node = seen;
  }

  void podPresent(JsonNode pod) {
    String uid = uid(pod);
    PodState state = pods.computeIfAbsent(uid, absent -> new PodState(pod));
    state.pod = pod;
    if (state.address.isEmpty()) {
      state.address = pod.path("status").path("podIP").asText();
      surroundings.addresses().claim(state.address);
    }
    proceed(uid);
  }

  void podGone(JsonNode pod) {
    PodState state = pods.remove(uid(pod));
    if (state != null) {
      surroundings.addresses().release(state.address);
    }
  }

  void resetPods() {
    List.copyOf(pods.values()).forEach(state -> podGone(state.pod));
  }

  private void proceed(String uid) {
    PodState state = pods.get(uid);
    if (state == null || state.removed || state.stepUnderWay || !running) {
      return;
    }
    Step step = next(state.pod);
    if (step instanceof Step.Run run) {
      later(uid, state, run.after());
    } else if (step instanceof Step.Remove remove) {
      later(uid, state, remove.after());
    }
  }

  private Step next(JsonNode pod) {
    // Some spread that is the same each time a pod is looked at.
    double spread = (uid(pod).hashCode() & 0xffff) / 65536.0;
    return new PodLifecycle(surroundings.settings()).next(pod, spread);
  }

  private void later(String uid, PodState state, Duration delay) {
    state.stepUnderWay = true;
    surroundings.mailbox().postAfter(delay, () -> take(uid));
  }

  /** Takes the step that fits the pod as it is now. */
  private void take(String uid) {
    PodState state = pods.get(uid);
    if (state == null) {
      return;
    }
    state.stepUnderWay = false;
    if (!running || state.removed) {
      return;
    }
    Step step = next(state.pod);
    try {
      if (step instanceof Step.Run) {
        run(state);
      } else if (step instanceof Step.Remove) {
        remove(state);
      }
    } catch (StatusException e) {
      if (e.code() != 404) {
        LOG.debug("Node {} is hindered at pod {}: {}", name, uid, e.getMessage());
        later(uid, state, RETRY);
      }
    }
  }

  private void run(PodState state) {
    if (state.address.isEmpty()) {
      boolean ofHost = state.pod.path("spec").path("hostNetwork").asBoolean();
      state.address = ofHost ? address : surroundings.addresses().take();
    }
    JsonNode patch =
        PodStatus.running(state.pod, address, state.address, surroundings.clock().instant());
    calls.patch(ApiCalls.Target.pod(state.pod, "status"), PatchType.STRATEGIC, patch);
  }

  private void remove(PodState state) {
    if (!state.pod.path("metadata").path("finalizers").isEmpty()) {
      // Whoever holds the pod by a finalizer waits for its containers to end.
      JsonNode patch = PodStatus.ended(state.pod, surroundings.clock().instant());
      calls.patch(ApiCalls.Target.pod(state.pod, "status"), PatchType.STRATEGIC, patch);
    }
    ObjectNode options = JsonNodeFactory.instance.objectNode();
    options.put("apiVersion", "v1").put("kind", "DeleteOptions").put("gracePeriodSeconds", 0);
    options.putObject("preconditions").set("uid", state.pod.path("metadata").path("uid"));
    calls.delete(ApiCalls.Target.pod(state.pod, ""), options);
    state.removed = true;
  }

  private static String uid(JsonNode pod) {
    return pod.path("metadata").path("uid").asText();
  }
}
