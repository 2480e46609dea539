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
  private static final String STOPPED = PodScript.PREFIX + "stopped";

  private final String name;
  private final String address;
  private final Surroundings surroundings;
  private final ApiCalls calls;
  private final Map<String, PodState> pods = new HashMap<>();

  /** Whether somebody stopped it, by a call or by an annotation of the Node. */
  private boolean stopped;

  private boolean stoppedByAnnotation;
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

    /** When the next step is taken; null when none is under way. */
    @Nullable Instant stepAt;

    /** Tells the step under way from those that an earlier one has replaced. */
    int turn;

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
    if (!isRunning()) {
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
    if (!isRunning() || !registered) {
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
    stopped = true;
  }

  /** Comes back after a stop. */
  void start() {
    if (stopped) {
      stopped = false;
      comeBack();
    }
  }

  private boolean isRunning() {
    return !stopped && !stoppedByAnnotation;
  }

  private void comeBack() {
    if (!isRunning()) {
      return;
    }
    if (registered) {
      tick();
    } else {
      register();
    }
    List.copyOf(pods.keySet()).forEach(this::proceed);
  }

  void nodePresent(JsonNode seen) {
    node = seen;
    boolean wanted =
        seen.path("metadata").path("annotations").path(STOPPED).asText().equals("true");
    if (wanted != stoppedByAnnotation) {
      stoppedByAnnotation = wanted;
      comeBack();
    }
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
    if (state == null || state.removed || !isRunning()) {
      return;
    }
    Step step = next(state.pod);
    if (step instanceof Step.Run run) {
      later(uid, state, run.after());
    } else if (step instanceof Step.Report report) {
      later(uid, state, report.after());
    } else if (step instanceof Step.Prepare) {
      later(uid, state, Duration.ZERO);
    } else if (step instanceof Step.Remove remove) {
      later(uid, state, remove.after());
    }
  }

  private Step next(JsonNode pod) {
    // Some spread that is the same each time a pod is looked at.
    double spread = (uid(pod).hashCode() & 0xffff) / 65536.0;
    return new PodLifecycle(surroundings.settings())
        .next(pod, spread, surroundings.clock().instant());
  }

  /** Takes a step after some time, unless one is under way that comes no later. */
  private void later(String uid, PodState state, Duration delay) {
    Instant at = surroundings.clock().instant().plus(delay);
    Instant planned = state.stepAt;
    if (planned != null && !at.isBefore(planned)) {
      return;
    }
    state.stepAt = at;
    state.turn++;
    int turn = state.turn;
    surroundings.mailbox().postAfter(delay, () -> take(uid, turn));
  }

  /** Takes the step that fits the pod as it is now. */
  private void take(String uid, int turn) {
    PodState state = pods.get(uid);
    if (state == null || state.turn != turn) {
      return;
    }
    state.stepAt = null;
    if (!isRunning() || state.removed) {
      return;
    }
    Step step = next(state.pod);
    try {
      if (step instanceof Step.Run) {
        run(state);
      } else if (step instanceof Step.Report report) {
        report(uid, state, report.after());
      } else if (step instanceof Step.Prepare) {
        prepare(state);
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
    Instant now = surroundings.clock().instant();
    ObjectNode patch = PodStatus.running(state.pod, address, state.address, now);
    PodScript script = PodScript.of(state.pod);
    if (!script.isEmpty()) {
      new ScriptedPod(state.pod, script).delayReadiness(patch, now);
    }
    patchStatus(state, patch);
  }

  private void prepare(PodState state) {
    ScriptedPod pod = new ScriptedPod(state.pod, PodScript.of(state.pod));
    patchStatus(state, pod.prepare(address, surroundings.clock().instant()));
  }

  private void report(String uid, PodState state, Duration early) {
    if (!early.isZero()) {
      later(uid, state, early);
      return;
    }
    ScriptedPod pod = new ScriptedPod(state.pod, PodScript.of(state.pod));
    patchStatus(state, pod.report(surroundings.clock().instant()));
  }

  private void patchStatus(PodState state, JsonNode patch) {
    calls.patch(ApiCalls.Target.pod(state.pod, "status"), PatchType.STRATEGIC, patch);
  }

  private void remove(PodState state) {
    if (!state.pod.path("metadata").path("finalizers").isEmpty()) {
      // Whoever holds the pod by a finalizer waits for its containers to end.
      patchStatus(state, PodStatus.ended(state.pod, surroundings.clock().instant()));
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
