package dev.kcm.embedded.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Decides on which node a pod goes: of those that meet its requirements and have room, the one with
 * the smallest share of its resources taken; of equals the one with the first name. Stateless.
 */
final class LeastLoaded {

  private LeastLoaded() {}

  /**
   * A node and what is on it.
   *
   * @param node the Node object
   * @param room what it can take in all
   * @param taken what its pods ask for
   * @param ports ports that its pods take
   */
  record Candidate(JsonNode node, Demand room, Demand taken, Set<HostPort> ports) {

    String name() {
      return node.path("metadata").path("name").asText();
    }

    /** The largest share of a resource that is taken once the pod is there too. */
    double load(Demand pod) {
      Demand after = taken.plus(pod);
      return Math.max(
          share(after.pods(), room.pods()),
          Math.max(share(after.millicpu(), room.millicpu()), share(after.memory(), room.memory())));
    }

    private static double share(long part, long whole) {
      return part == 0 ? 0 : (double) part / Math.max(1, whole);
    }
  }

  /** Where a pod goes. */
  sealed interface Placement {

    /** On this node. */
    record On(String node) implements Placement {}

    /** Nowhere, for reasons a user can read. */
    record Nowhere(String message) implements Placement {}
  }

  static Placement place(JsonNode pod, Collection<Candidate> candidates) {
    Demand demand = Demand.of(pod);
    Set<HostPort> ports = HostPort.of(pod);
    Map<String, Integer> obstacles = new TreeMap<>();
    Optional<Candidate> best =
        candidates.stream()
            .filter(
                candidate -> {
                  Optional<String> obstacle = obstacle(pod, demand, ports, candidate);
                  obstacle.ifPresent(reason -> obstacles.merge(reason, 1, Integer::sum));
                  return obstacle.isEmpty();
                })
            .min(
                Comparator.<Candidate>comparingDouble(candidate -> candidate.load(demand))
                    .thenComparing(Candidate::name));
    return best.<Placement>map(found -> new Placement.On(found.name()))
        .orElseGet(() -> new Placement.Nowhere(message(candidates.size(), obstacles)));
  }

  private static Optional<String> obstacle(
      JsonNode pod, Demand demand, Set<HostPort> ports, Candidate candidate) {
    JsonNode node = candidate.node();
    if (node.path("spec").path("unschedulable").asBoolean() && !Tolerations.ofCordon(pod)) {
      return Optional.of("node(s) were unschedulable");
    }
    Optional<JsonNode> taint = Tolerations.untolerated(pod, node);
    if (taint.isPresent()) {
      return Optional.of(
          "node(s) had untolerated taint {%s: %s}"
              .formatted(taint.get().path("key").asText(), taint.get().path("value").asText()));
    }
    if (!NodeAffinity.matches(pod, node)) {
      return Optional.of("node(s) didn't match Pod's node affinity/selector");
    }
    if (ports.stream().anyMatch(port -> candidate.ports().stream().anyMatch(port::meets))) {
      return Optional.of("node(s) didn't have free ports for the requested pod ports");
    }
    return shortage(demand, candidate);
  }

  private static Optional<String> shortage(Demand demand, Candidate candidate) {
    Demand left = candidate.room().minus(candidate.taken());
    if (left.pods() < demand.pods()) {
      return Optional.of("Too many pods");
    }
    if (demand.millicpu() > 0 && left.millicpu() < demand.millicpu()) {
      return Optional.of("Insufficient cpu");
    }
    return demand.memory() > 0 && left.memory() < demand.memory()
        ? Optional.of("Insufficient memory")
        : Optional.empty();
  }

  private static String message(int nodes, Map<String, Integer> obstacles) {
    if (nodes == 0) {
      return "no nodes available to schedule pods";
    }
    return obstacles.entrySet().stream()
        .map(entry -> entry.getValue() + " " + entry.getKey())
        .sorted()
        .collect(Collectors.joining(", ", "0/" + nodes + " nodes are available: ", "."));
  }
}
