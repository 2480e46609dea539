package dev.kcm.embedded.nodes;

import static dev.kcm.embedded.nodes.Objects.candidate;
import static dev.kcm.embedded.nodes.Objects.node;
import static dev.kcm.embedded.nodes.Objects.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.nodes.LeastLoaded.Candidate;
import dev.kcm.embedded.nodes.LeastLoaded.Placement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeastLoadedTest {

  private static final JsonNode SMALL = yaml("spec: {containers: [{name: c}]}");

  @Test
  void takesTheEmptiestNodeAndOfEqualsTheFirst() {
    Candidate a = candidate(node("a"), new Demand(1, 0, 0));
    Candidate b = candidate(node("b"), Demand.NOTHING);
    Candidate c = candidate(node("c"), Demand.NOTHING);

    assertThat(LeastLoaded.place(SMALL, List.of(a, c, b))).isEqualTo(new Placement.On("b"));
  }

  @Test
  void countsTheScarcestResource() {
    Candidate busy = candidate(node("a"), new Demand(0, 1900, 0));
    Candidate full = candidate(node("b"), new Demand(2, 0, 0));
    JsonNode pod = yaml("spec: {containers: [{name: c, resources: {requests: {cpu: 50m}}}]}");

    assertThat(LeastLoaded.place(pod, List.of(busy, full))).isEqualTo(new Placement.On("a"));
  }

  @Test
  void explainsWhyNoNodeFits() {
    ObjectNode tainted = node("a");
    tainted
        .withArray("/spec/taints")
        .addObject()
        .put("key", "gpu")
        .put("value", "yes")
        .put("effect", "NoSchedule");
    ObjectNode cordoned = node("b");
    cordoned.withObject("/spec").put("unschedulable", true);
    Candidate full = candidate(node("c"), new Demand(3, 0, 0));

    assertThat(
            LeastLoaded.place(
                SMALL,
                List.of(
                    candidate(tainted, Demand.NOTHING),
                    candidate(cordoned, Demand.NOTHING),
                    full,
                    full)))
        .isEqualTo(
            new Placement.Nowhere(
                "0/4 nodes are available: 1 node(s) had untolerated taint {gpu: yes}, 1 node(s) were"
                    + " unschedulable, 2 Too many pods."));
    assertThat(LeastLoaded.place(SMALL, List.of()))
        .isEqualTo(new Placement.Nowhere("no nodes available to schedule pods"));
  }

  @ParameterizedTest
  @CsvSource({"Exists, NoSchedule, true", "Exists, NoExecute, false", "Equal, NoSchedule, true"})
  void podsThatTolerateTheTaintOfCordonedNodesGoThere(
      String operator, String effect, boolean goes) {
    ObjectNode cordoned = node("a");
    cordoned.withObject("/spec").put("unschedulable", true);
    JsonNode pod =
        yaml(
            "spec: {tolerations: [{key: node.kubernetes.io/unschedulable, operator: %s, effect: %s}]}"
                .formatted(operator, effect));

    assertThat(
            LeastLoaded.place(pod, List.of(candidate(cordoned, Demand.NOTHING)))
                instanceof Placement.On)
        .isEqualTo(goes);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{hostPort: 80} | false",
        "{hostPort: 80, protocol: UDP} | true",
        "{hostPort: 81} | true",
        "{hostPort: 80, hostIP: 10.0.0.1} | false",
        "{hostPort: 90, hostIP: 10.0.0.1} | false",
        "{hostPort: 90, hostIP: 10.0.0.2} | true",
        "{hostPort: 90, hostIP: 0.0.0.0} | false",
        "{containerPort: 80} | true"
      })
  void keepsPodsApartThatWantOnePortOfANode(String port, boolean fits) {
    Candidate taken =
        new Candidate(
            node("a"),
            Demand.allocatable(node("a")),
            Demand.NOTHING,
            Set.of(new HostPort("", "TCP", 80), new HostPort("10.0.0.1", "TCP", 90)));
    JsonNode pod = yaml("spec: {containers: [{name: c, ports: [" + port + "]}]}");

    Placement expected =
        fits
            ? new Placement.On("a")
            : new Placement.Nowhere(
                "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod"
                    + " ports.");
    assertThat(LeastLoaded.place(pod, List.of(taken))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "'{cpu: 2}', true",
    "'{cpu: 2001m}', false",
    "'{memory: 1Gi}', true",
    "'{memory: 1025Mi}', false",
    "'{cpu: 500m, memory: 1M}', true"
  })
  void fitsRequestsIntoWhatIsLeft(String requests, boolean fits) {
    JsonNode pod = yaml("spec: {containers: [{name: c, resources: {requests: " + requests + "}}]}");
    Placement placement = LeastLoaded.place(pod, List.of(candidate(node("a"), Demand.NOTHING)));

    assertThat(placement instanceof Placement.On).isEqualTo(fits);
  }

  @Test
  void sumsContainersAndTakesTheLargestInitContainer() {
    JsonNode pod =
        yaml(
            """
            spec:
              initContainers: [{name: i, resources: {requests: {cpu: "1", memory: 10}}}]
              containers:
              - {name: a, resources: {requests: {cpu: 100m, memory: 1Ki}}}
              - {name: b, resources: {requests: {cpu: 0.25, memory: "1.5"}}}
            """);

    assertThat(Demand.of(pod)).isEqualTo(new Demand(1, 1000, 1026));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nodeSelector: {size: '5'} | true",
        "nodeSelector: {size: '6'} | false",
        "nodeSelector: {none: ''} | false",
        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchFields: [{key: metadata.name, operator: In, values: [a]}]}]}}} | true",
        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchFields: [{key: metadata.name, operator: In, values: [b]}]}]}}} | false",
        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{}, {matchExpressions: [{key: size, operator: Gt, values: ['4']}]}]}}} | true",
        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: size, operator: Lt, values: ['4']}]}]}}} | false",
        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: size, operator: Exists}, {key: x, operator: DoesNotExist}, {key: size, operator: NotIn, values: ['4']}]}]}}} | true",
        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{}]}}} | false"
      })
  void honoursNodeSelectorsAndRequiredAffinity(String spec, boolean matches) {
    assertThat(NodeAffinity.matches(yaml("spec: {" + spec + "}"), node("a"))).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | false",
        "[{operator: Exists}] | true",
        "[{key: k, operator: Exists, effect: NoSchedule}] | true",
        "[{key: k, operator: Exists, effect: NoExecute}] | false",
        "[{key: k, value: v}] | true",
        "[{key: k, operator: Equal, value: w}] | false",
        "[{key: other, operator: Exists}] | false"
      })
  void honoursTolerations(String tolerations, boolean tolerated) {
    ObjectNode node = node("a");
    node.withArray("/spec/taints")
        .addObject()
        .put("key", "k")
        .put("value", "v")
        .put("effect", "NoSchedule");
    JsonNode pod = yaml("spec: {tolerations: " + tolerations + "}");

    assertThat(Tolerations.untolerated(pod, node).isEmpty()).isEqualTo(tolerated);
  }

  @Test
  void overlooksSoftTaintsAndTheNotReadyTaintOfReadyNodes() {
    ObjectNode node = node("a");
    node.withArray("/spec/taints").addObject().put("key", "k").put("effect", "PreferNoSchedule");
    node.withArray("/spec/taints")
        .addObject()
        .put("key", "node.kubernetes.io/not-ready")
        .put("effect", "NoSchedule");
    assertThat(Tolerations.untolerated(SMALL, node)).isEmpty();

    ((ObjectNode) node.at("/status/conditions/0")).put("status", "Unknown");
    assertThat(Tolerations.untolerated(SMALL, node)).isPresent();
  }

  @Test
  void spreadsEvenlyWhateverTheOrderOfNodes() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      List<Candidate> candidates = new ArrayList<>();
      for (int i = 0; i <= random.nextInt(6); i++) {
        candidates.add(
            candidate(
                node("n" + i),
                new Demand(random.nextInt(4), random.nextInt(2000), random.nextInt(1 << 30))));
      }
      Placement first = LeastLoaded.place(SMALL, candidates);
      Collections.shuffle(candidates, random);
      assertThat(LeastLoaded.place(SMALL, candidates)).as("seed " + seed).isEqualTo(first);
      if (first instanceof Placement.On on) {
        Candidate chosen =
            candidates.stream().filter(c -> c.name().equals(on.node())).findFirst().orElseThrow();
        assertThat(chosen.taken().pods()).as("seed " + seed).isLessThan(3);
      }
    }
  }
}
