package dev.kcm.controllers.node.podgc;

import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.controllers.shared.pods.PodsOfNode;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.Reader;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.time.Ticker;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the pods that may have to go, by indexes, and remembers since when nodes have been missing.
 *
 * <p>Thread-safe: listers are, and what is remembered stands in a concurrent map.
 */
final class PodGcReader implements Reader<PodGcSnapshot> {

  /** How long a node must be missing from the cache before the server is asked. */
  static final Duration QUARANTINE = Duration.ofSeconds(40);

  private static final String STATE = "podGcState";
  private static final String TERMINATED = "terminated";
  private static final String TERMINATING = "terminating";
  private static final String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";
  private static final Set<String> LIVING = Set.of("Pending", "Running", "Unknown");

  private final PodGcConfig config;
  private final boolean observedGeneration;
  private final Lister<Pod> pods;
  private final Lister<Node> nodes;
  private final Ticker ticker;
  private final Map<String, Long> missingSince = new ConcurrentHashMap<>();

  private PodGcReader(
      PodGcConfig config,
      boolean observedGeneration,
      Lister<Pod> pods,
      Lister<Node> nodes,
      Ticker ticker) {
    this.config = config;
    this.observedGeneration = observedGeneration;
    this.pods = pods;
    this.nodes = nodes;
    this.ticker = ticker;
  }

  /** Over two informers; the indexes it needs are made. */
  static PodGcReader of(
      PodGcConfig config,
      boolean observedGeneration,
      Informer<Pod> pods,
      Informer<Node> nodes,
      Ticker ticker) {
    pods.ensureIndex(STATE, PodGcReader::states);
    PodsOfNode.ensure(pods);
    return new PodGcReader(config, observedGeneration, pods.lister(), nodes.lister(), ticker);
  }

  private static List<String> states(Pod pod) {
    List<String> states = new ArrayList<>();
    if (!LIVING.contains(PodStates.phase(pod))) {
      states.add(TERMINATED);
    }
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      states.add(TERMINATING);
    }
    return states;
  }

  @Override
  public Optional<PodGcSnapshot> read(ObjectKey key, boolean settled) {
    List<Pod> terminating = pods.byIndex(STATE, TERMINATING);
    return Optional.of(
        new PodGcSnapshot(
            config.terminatedPodThreshold() > 0 ? pods.byIndex(STATE, TERMINATED) : List.of(),
            terminating.stream().filter(this::isOnNodeOutOfService).toList(),
            orphans(),
            terminating.stream().filter(pod -> PodStates.nodeName(pod).isEmpty()).toList(),
            observedGeneration,
            config));
  }

  private boolean isOnNodeOutOfService(Pod pod) {
    return node(PodStates.nodeName(pod)).filter(PodGcReader::isOutOfService).isPresent();
  }

  private static boolean isOutOfService(Node node) {
    boolean ready =
        node.getStatus() != null
            && node.getStatus().getConditions().stream()
                .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()));
    return !ready
        && node.getSpec() != null
        && node.getSpec().getTaints().stream().anyMatch(t -> OUT_OF_SERVICE.equals(t.getKey()));
  }

  private Map<String, List<Pod>> orphans() {
    Set<String> names = pods.indexValues(PodsOfNode.INDEX);
    missingSince.keySet().removeIf(name -> !names.contains(name) || node(name).isPresent());
    Map<String, List<Pod>> orphans = new HashMap<>();
    for (String name : names) {
      if (node(name).isEmpty()) {
        long since = missingSince.computeIfAbsent(name, n -> ticker.nanos());
        if (ticker.since(since).compareTo(QUARANTINE) >= 0) {
          orphans.put(name, pods.byIndex(PodsOfNode.INDEX, name));
        }
      }
    }
    return orphans;
  }

  private Optional<Node> node(String name) {
    return nodes.get(new ObjectKey("", name));
  }
}
