package dev.kcm.controllers.node.nodelifecycle;

import dev.kcm.controllers.shared.nodes.NodeConditions;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.RememberingReconciler;
import dev.kcm.core.plan.Report;
import dev.kcm.core.plan.Stage;
import dev.kcm.core.plan.Turn;
import dev.kcm.core.plan.Verdict;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.Taint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Sends pods away from nodes that are not ready, by a taint, no faster than the state of their zone
 * allows. While all zones are lost it takes those taints away again.
 *
 * <p>Immutable.
 */
final class ZonesReconciler implements RememberingReconciler<ZonesSnapshot, ZonesMemory> {

  /** Nodes whose taints are taken away in one run. */
  static final int BATCH = 50;

  /** How often one run writes to a node that others change. */
  private static final int ROUNDS = 3;

  private static final String SEND_AWAY = "the node is not ready and it is its turn";
  private static final String ALL_LOST = "all zones are lost, so nobody is sent away";

  private static final Turnstile CLOSED = Turnstile.open(0, Duration.ZERO);

  /** Who has been waiting longest; when it does not say, by name. */
  private static final Comparator<Node> LONGEST =
      Comparator.comparing(ZonesReconciler::since)
          .thenComparing(node -> node.getMetadata().getName());

  @Override
  public Turn<ZonesMemory> decide(ZonesSnapshot snapshot, ZonesMemory memory, Instant now) {
    boolean allLost = snapshot.isAllLost();
    Map<String, Turnstile> turnstiles = turnstiles(snapshot, memory, allLost);
    List<Node> chosen = allLost ? List.of() : choose(snapshot, turnstiles);
    List<Action> writes = allLost ? relief(snapshot.tainted(), now) : taints(chosen, now);
    Verdict end = allLost ? afterRelief(snapshot) : untilNext(snapshot, turnstiles, chosen);
    Stage measures = Stage.keepGoing(ZoneMeasures.of(snapshot, memory));
    Plan plan = Plan.of(measures, Stage.parallel(writes)).ending(end);
    return new Turn<>(
        writes.isEmpty() ? plan : plan.then(report -> afterWrites(report, end, now, 1)),
        new ZonesMemory(turnstiles));
  }

  private static Map<String, Turnstile> turnstiles(
      ZonesSnapshot snapshot, ZonesMemory memory, boolean allLost) {
    Map<String, Turnstile> next = new HashMap<>();
    snapshot
        .zones()
        .forEach(
            (name, zone) -> {
              double rate = allLost ? 0 : rate(zone, snapshot.config());
              Turnstile known = memory.turnstiles().get(name);
              next.put(
                  name,
                  known == null
                      ? Turnstile.open(rate, snapshot.uptime())
                      : known.at(rate, snapshot.uptime()));
            });
    return next;
  }

  static double rate(Zone zone, NodeLifecycleConfig config) {
    if (zone.state(config.unhealthyZoneThreshold()) != Zone.State.PARTIAL) {
      return config.evictionRate();
    }
    return zone.size() > config.largeClusterSizeThreshold() ? config.secondaryEvictionRate() : 0;
  }

  /** One of each zone that may let one pass. */
  private static List<Node> choose(ZonesSnapshot snapshot, Map<String, Turnstile> turnstiles) {
    List<Node> chosen = new ArrayList<>();
    new TreeMap<>(snapshot.zones())
        .forEach(
            (name, zone) -> {
              Turnstile turnstile = turnstiles.getOrDefault(name, CLOSED);
              if (!zone.waiting().isEmpty() && turnstile.isOpen(snapshot.uptime())) {
                zone.waiting().stream().min(LONGEST).ifPresent(chosen::add);
                turnstiles.put(name, turnstile.passed(snapshot.uptime()));
              }
            });
    return chosen;
  }

  private static List<Action> taints(List<Node> nodes, Instant now) {
    return nodes.stream().flatMap(node -> write(node, SEND_AWAY, now).stream()).toList();
  }

  private static List<Action> relief(List<Node> tainted, Instant now) {
    return tainted.stream()
        .sorted(Comparator.comparing(node -> node.getMetadata().getName()))
        .limit(BATCH)
        .flatMap(node -> write(node, ALL_LOST, now).stream())
        .toList();
  }

  private static Optional<Action> write(Node node, String why, Instant now) {
    Optional<List<Taint>> taints =
        why.equals(SEND_AWAY)
            ? ConditionTaints.withHealthTaint(node, now)
            : ConditionTaints.withoutHealthTaints(node);
    return NodePatch.of(node, taints, Map.of(), why);
  }

  private static Verdict afterRelief(ZonesSnapshot snapshot) {
    return snapshot.tainted().size() > BATCH ? Verdict.after(Duration.ZERO) : Verdict.DONE;
  }

  /** The next look is when the first zone with somebody left waiting lets one pass. */
  private static Verdict untilNext(
      ZonesSnapshot snapshot, Map<String, Turnstile> turnstiles, List<Node> chosen) {
    Optional<Duration> next =
        snapshot.zones().entrySet().stream()
            .filter(zone -> !chosen.containsAll(zone.getValue().waiting()))
            .map(zone -> turnstiles.getOrDefault(zone.getKey(), CLOSED))
            .filter(turnstile -> turnstile.perSecond() > 0)
            .map(Turnstile::opens)
            .min(Duration::compareTo);
    return next.map(opens -> Verdict.after(opens.minus(snapshot.uptime()))).orElse(Verdict.DONE);
  }

  /** Others write taints of the same node at the same time: what conflicts is looked at anew. */
  private static Plan afterWrites(Report report, Verdict end, Instant now, int round) {
    List<Action> counts = new ArrayList<>();
    List<Action> looks = new ArrayList<>();
    Map<String, String> whyByNode = new HashMap<>();
    Verdict last = end;
    for (Report.Result result : report.results()) {
      if (!(result.action() instanceof Action.Patch<?> patch)) {
        continue;
      }
      if (result instanceof Report.Applied applied) {
        ZoneMeasures.eviction(applied, SEND_AWAY).ifPresent(counts::add);
      } else if (result instanceof Report.Rejected rejected && isConflict(rejected, round)) {
        whyByNode.put(patch.key().name(), patch.why());
        looks.add(Action.fetch(Kinds.NODES, patch.key(), "the node was changed meanwhile"));
      } else if (result instanceof Report.Rejected rejected) {
        last = Verdict.retry(rejected.error());
      }
    }
    Plan plan = Plan.of(Stage.keepGoing(counts), Stage.parallel(looks)).ending(last);
    Verdict later = last;
    return looks.isEmpty()
        ? plan
        : plan.then(answers -> writeAgain(answers, whyByNode, later, now, round));
  }

  private static boolean isConflict(Report.Rejected rejected, int round) {
    return round < ROUNDS && rejected.error().kind() == ApiError.Kind.CONFLICT;
  }

  private static Plan writeAgain(
      Report answers, Map<String, String> whyByNode, Verdict end, Instant now, int round) {
    List<Action> writes = new ArrayList<>();
    for (Report.Applied applied : answers.applied()) {
      if (applied.answer() instanceof Node live) {
        String why = whyByNode.getOrDefault(live.getMetadata().getName(), ALL_LOST);
        write(live, why, now).ifPresent(writes::add);
      }
    }
    Verdict last =
        answers.firstRejected().map(rejected -> Verdict.retry(rejected.error())).orElse(end);
    return writes.isEmpty()
        ? Plan.verdict(last)
        : Plan.of(Stage.parallel(writes)).then(report -> afterWrites(report, last, now, round + 1));
  }

  private static String since(Node node) {
    NodeCondition ready = NodeConditions.of(node, NodeConditions.READY);
    return ready == null || ready.getLastTransitionTime() == null
        ? ""
        : ready.getLastTransitionTime();
  }
}
