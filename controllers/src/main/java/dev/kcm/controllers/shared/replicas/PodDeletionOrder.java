package dev.kcm.controllers.shared.replicas;

import dev.kcm.controllers.shared.objects.Timestamps;
import dev.kcm.controllers.shared.pods.DeletionCost;
import dev.kcm.controllers.shared.pods.PodStates;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which pod goes first when there are too many: the one whose loss hurts least.
 *
 * <p>In this order: not bound to a node before bound; Pending before Unknown before Running; not
 * ready before ready; the lower deletion cost; the one with more siblings on its node; the one that
 * became ready later; the one that restarted more often; the younger. Ages are compared by order of
 * magnitude, so that among pods of about the same age chance, here the UID, decides and not the
 * second of their start.
 *
 * <p>Immutable.
 */
final class PodDeletionOrder {

  private static final Map<String, Integer> RANK_BY_PHASE =
      Map.of("Pending", 0, "Unknown", 1, "Running", 2);

  /** Longer ages do not fit nanoseconds into a long. */
  private static final long MAX_SECONDS = Long.MAX_VALUE / 1_000_000_000L - 1;

  private final Instant now;
  private final Map<String, Integer> siblingsByNode;
  private final boolean heedsCost;

  private PodDeletionOrder(Instant now, Map<String, Integer> siblingsByNode, boolean heedsCost) {
    this.now = now;
    this.siblingsByNode = siblingsByNode;
    this.heedsCost = heedsCost;
  }

  /**
   * The order at a point in time.
   *
   * @param related pods whose number on a node counts as siblings there; only active ones do
   * @param heedsCost whether the deletion cost counts
   */
  static PodDeletionOrder at(Instant now, List<Pod> related, boolean heedsCost) {
    Map<String, Integer> siblingsByNode = new HashMap<>();
    for (Pod pod : related) {
      if (PodStates.isActive(pod)) {
        siblingsByNode.merge(PodStates.nodeName(pod), 1, Integer::sum);
      }
    }
    return new PodDeletionOrder(now, siblingsByNode, heedsCost);
  }

  /** The pods, first to go first. The order they are given in does not matter. */
  List<Pod> sort(List<Pod> pods) {
    List<Ranked> ranked = new ArrayList<>(pods.stream().map(this::rank).toList());
    ranked.sort(Comparator.comparing(Ranked::uid));
    return mergeSorted(ranked).stream().map(Ranked::pod).toList();
  }

  /**
   * The comparison is no strict weak order: ages of one magnitude are told apart by UID before
   * restarts are looked at. The library's sort may refuse such a comparison; this one does not.
   */
  private List<Ranked> mergeSorted(List<Ranked> ranked) {
    if (ranked.size() < 2) {
      return ranked;
    }
    int middle = ranked.size() / 2;
    List<Ranked> left = mergeSorted(ranked.subList(0, middle));
    List<Ranked> right = mergeSorted(ranked.subList(middle, ranked.size()));
    List<Ranked> merged = new ArrayList<>(ranked.size());
    int l = 0;
    int r = 0;
    while (l < left.size() && r < right.size()) {
      boolean rightFirst = compare(right.get(r), left.get(l)) < 0;
      merged.add(rightFirst ? right.get(r++) : left.get(l++));
    }
    merged.addAll(left.subList(l, left.size()));
    merged.addAll(right.subList(r, right.size()));
    return merged;
  }

  private int compare(Ranked a, Ranked b) {
    if (a.bound() != b.bound()) {
      return Boolean.compare(a.bound(), b.bound());
    }
    if (a.phase() != b.phase()) {
      return Integer.compare(a.phase(), b.phase());
    }
    if (a.ready() != b.ready()) {
      return Boolean.compare(a.ready(), b.ready());
    }
    if (a.cost() != b.cost()) {
      return Integer.compare(a.cost(), b.cost());
    }
    if (a.siblings() != b.siblings()) {
      return Integer.compare(b.siblings(), a.siblings());
    }
    if (a.ready() && !a.readySince().equals(b.readySince())) {
      return compareAges(a, a.readySince(), b, b.readySince());
    }
    if (a.restarts() != b.restarts()) {
      return Integer.compare(b.restarts(), a.restarts());
    }
    if (a.sidecarRestarts() != b.sidecarRestarts()) {
      return Integer.compare(b.sidecarRestarts(), a.sidecarRestarts());
    }
    return a.created().equals(b.created()) ? 0 : compareAges(a, a.created(), b, b.created());
  }

  /** A missing time goes first; then the lower order of magnitude; then the lower UID. */
  private int compareAges(Ranked a, Optional<Instant> sinceA, Ranked b, Optional<Instant> sinceB) {
    if (sinceA.isEmpty() || sinceB.isEmpty()) {
      return Boolean.compare(sinceA.isPresent(), sinceB.isPresent());
    }
    int byMagnitude = Integer.compare(magnitude(sinceA.get()), magnitude(sinceB.get()));
    return byMagnitude != 0 ? byMagnitude : a.uid().compareTo(b.uid());
  }

  /** The binary logarithm of the age in nanoseconds, cut; -1 for what is not in the past. */
  private int magnitude(Instant since) {
    Duration age = Duration.between(since, now);
    if (age.isNegative() || age.isZero()) {
      return -1;
    }
    long nanos = age.toSeconds() > MAX_SECONDS ? Long.MAX_VALUE : age.toNanos();
    return Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos);
  }

  private Ranked rank(Pod pod) {
    String node = PodStates.nodeName(pod);
    Set<String> sidecars = sidecars(pod);
    return new Ranked(
        pod,
        pod.getMetadata().getUid() == null ? "" : pod.getMetadata().getUid(),
        !node.isEmpty(),
        RANK_BY_PHASE.getOrDefault(PodStates.phase(pod), 0),
        PodStates.isReady(pod),
        heedsCost ? DeletionCost.of(pod) : DeletionCost.DEFAULT,
        siblingsByNode.getOrDefault(node, 0),
        PodStates.readySince(pod),
        pod.getStatus() == null ? 0 : mostRestarts(pod.getStatus().getContainerStatuses()),
        pod.getStatus() == null
            ? 0
            : mostRestarts(
                pod.getStatus().getInitContainerStatuses().stream()
                    .filter(status -> sidecars.contains(status.getName()))
                    .toList()),
        Timestamps.parse(pod.getMetadata().getCreationTimestamp()));
  }

  private static Set<String> sidecars(Pod pod) {
    if (pod.getSpec() == null) {
      return Set.of();
    }
    return pod.getSpec().getInitContainers().stream()
        .filter(container -> "Always".equals(container.getRestartPolicy()))
        .map(Container::getName)
        .collect(Collectors.toSet());
  }

  private static int mostRestarts(List<ContainerStatus> statuses) {
    return statuses.stream()
        .mapToInt(s -> s.getRestartCount() == null ? 0 : s.getRestartCount())
        .max()
        .orElse(0);
  }

  /** A pod with what it is compared by. */
  private record Ranked(
      Pod pod,
      String uid,
      boolean bound,
      int phase,
      boolean ready,
      int cost,
      int siblings,
      Optional<Instant> readySince,
      int restarts,
      int sidecarRestarts,
      Optional<Instant> created) {}
}
