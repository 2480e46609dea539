package dev.kcm.embedded.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.embedded.nodes.Kubelet.Surroundings;
import dev.kcm.embedded.resource.ApiServer;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * The nodes of an embedded cluster and its scheduler.
 *
 * <p>Thread-safe: public methods only post to the mailbox, in whose turns everything happens.
 */
public final class SimulatedNodes implements AutoCloseable {

  private final NodeSettings settings;
  private final Mailbox mailbox;
  private final Map<String, Kubelet> kubelets;
  private final AddressPool addresses = AddressPool.forPods();
  private final PodScheduler scheduler;
  private final Follower pods;
  private final Follower nodes;

  /** Written in turns, read by anyone: all nodes have registered. */
  private volatile boolean ready;

  private SimulatedNodes(
      ApiServer server, NodeSettings settings, Clock clock, ScheduledExecutorService executor) {
    this.settings = settings;
    mailbox = new Mailbox(executor);
    kubelets = kubelets(server, new Surroundings(settings, clock, mailbox, addresses));
    ApiCalls calls = ApiCalls.scheduler(server);
    scheduler = new PodScheduler(calls, mailbox, clock);
    pods = new Follower(calls, ApiCalls.Target.pods(), mailbox, new PodListener());
    nodes = new Follower(calls, ApiCalls.Target.nodes(), mailbox, new NodeListener());
  }

  private static Map<String, Kubelet> kubelets(ApiServer server, Surroundings surroundings) {
    AddressPool addresses = AddressPool.forNodes();
    Map<String, Kubelet> kubelets = new LinkedHashMap<>();
    for (int i = 0; i < surroundings.settings().count(); i++) {
      String name = "node-" + i;
      kubelets.put(
          name, new Kubelet(name, addresses.take(), surroundings, ApiCalls.node(server, name)));
    }
    return kubelets;
  }

  /**
   * Starts nodes and scheduler.
   *
   * @param server the API server they work with
   * @param settings number and behaviour of the nodes
   * @param clock clock of the cluster
   * @param executor runs all work; stays the caller's to close
   */
  public static SimulatedNodes start(
      ApiServer server, NodeSettings settings, Clock clock, ScheduledExecutorService executor) {
    SimulatedNodes started = new SimulatedNodes(server, settings, clock, executor);
    started.mailbox.post(started::begin);
    return started;
  }

  private void begin() {
    kubelets.values().forEach(Kubelet::register);
    ready = kubelets.values().stream().allMatch(Kubelet::isRegistered);
    nodes.start();
    pods.start();
    mailbox.postAfter(settings.leaseRenewal(), this::tick);
  }

  private void tick() {
    kubelets.values().forEach(Kubelet::tick);
    ready = ready || kubelets.values().stream().allMatch(Kubelet::isRegistered);
    mailbox.postAfter(settings.leaseRenewal(), this::tick);
  }

  /** Whether all nodes have registered. */
  public boolean isReady() {
    return ready;
  }

  /** The names of the nodes, whether they run or not. */
  public Collection<String> names() {
    return List.copyOf(kubelets.keySet());
  }

  /**
   * Makes a node fall silent, as when its machine loses power: no lease, no reports, pods neither
   * start nor end. Does nothing to a node that is stopped already.
   *
   * @throws IllegalArgumentException when there is no node of that name
   */
  public void stopNode(String name) {
    Kubelet kubelet = require(name);
    mailbox.post(kubelet::stop);
  }

  /**
   * Brings a stopped node back. Does nothing to a node that runs.
   *
   * @throws IllegalArgumentException when there is no node of that name
   */
  public void startNode(String name) {
    Kubelet kubelet = require(name);
    mailbox.post(kubelet::start);
  }

  private Kubelet require(String name) {
    Kubelet kubelet = kubelets.get(name);
    if (kubelet == null) {
      throw new IllegalArgumentException(
          "There is no simulated node \"%s\", only %s".formatted(name, kubelets.keySet()));
    }
    return kubelet;
  }

  /** Ends all work at once; objects stay as they are. Idempotent. */
  @Override
  public void close() {
    mailbox.close();
    pods.close();
    nodes.close();
  }

  private void onKubelet(JsonNode pod, Consumer<Kubelet> action) {
    Kubelet kubelet = kubelets.get(pod.path("spec").path("nodeName").asText());
    if (kubelet != null) {
      action.accept(kubelet);
    }
  }

  /** Whether the pod is on a node that an earlier life of the cluster had. */
  private boolean isElsewhere(JsonNode pod) {
    return !kubelets.containsKey(pod.path("spec").path("nodeName").asText());
  }

  private static String address(JsonNode pod) {
    return pod.path("status").path("podIP").asText();
  }

  private final class PodListener implements Follower.Listener {

    @Override
    public void reset() {
      scheduler.resetPods();
      kubelets.values().forEach(Kubelet::resetPods);
    }

    @Override
    public void present(JsonNode pod) {
      scheduler.podPresent(pod);
      onKubelet(pod, kubelet -> kubelet.podPresent(pod));
      if (isElsewhere(pod)) {
        addresses.claim(address(pod));
      }
    }

    @Override
    public void gone(JsonNode pod) {
      scheduler.podGone(pod);
      onKubelet(pod, kubelet -> kubelet.podGone(pod));
      if (isElsewhere(pod)) {
        addresses.release(address(pod));
      }
    }
  }

  private final class NodeListener implements Follower.Listener {

    @Override
    public void reset() {
      scheduler.resetNodes();
    }

    @Override
    public void present(JsonNode node) {
      scheduler.nodePresent(node);
      Kubelet kubelet = kubelets.get(node.path("metadata").path("name").asText());
      if (kubelet != null) {
        kubelet.nodePresent(node);
      }
    }

    @Override
    public void gone(JsonNode node) {
      scheduler.nodeGone(node);
    }
  }
}
