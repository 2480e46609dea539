package dev.kcm.testkit.cluster;

import static dev.kcm.testkit.cluster.ClusterAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.NamespaceSet;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.loop.Reader;
import dev.kcm.core.loop.RunContext;
import dev.kcm.core.manager.ControllerContext;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.core.manager.Manager;
import dev.kcm.core.manager.Operator;
import dev.kcm.core.manager.StopReport;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole operators, on virtual time. */
@KubernetesTest
class OperatorTest {

  @Test
  void anOperatorWithoutElectionWorksAtOnce(TestCluster cluster) {
    Operator operator = operator(cluster).create(cluster.environment());
    assertThat(operator.notReadyBecause()).hasValue("greeting: not started");
    operator.start();
    cluster.create(Greetings.person("ann"));
    cluster.run();

    assertThat(cluster.find(ConfigMap.class, "default", "ann")).isPresent();
    assertThat(operator.isLeader()).isTrue();
    assertThat(operator.notReadyBecause()).isEmpty();
    assertThat(operator.notAliveBecause()).isEmpty();
    assertThatThrownBy(operator::port).hasMessage("operator greetings serves no port");
    assertThat(stop(cluster, operator).clean()).isTrue();
  }

  @Test
  void oneOfTwoWorksAndTheOtherTakesOverWhenItStops(TestCluster cluster) {
    Operator first = elected(cluster, "first");
    Operator second = elected(cluster, "second");
    first.start();
    cluster.advance(Duration.ofSeconds(5));
    second.start();
    cluster.advance(Duration.ofSeconds(30));
    assertThat(first.isLeader()).isTrue();
    assertThat(second.isLeader()).isFalse();
    assertThat(second.notReadyBecause()).as("warm and waiting").isEmpty();
    cluster.create(Greetings.person("ann"));
    cluster.run();
    assertThat(cluster.find(ConfigMap.class, "default", "ann")).isPresent();

    StopReport report = stop(cluster, first);
    assertThat(report.clean()).isTrue();
    assertThat(report.steps())
        .extracting(StopReport.Step::name)
        .containsExactly("controllers", "informers", "events", "leadership", "clients");
    cluster.create(Greetings.person("bob"));
    cluster.advance(Duration.ofSeconds(5));

    assertThat(cluster.find(ConfigMap.class, "default", "bob")).isPresent();
    assertThat(cluster.get(Lease.class, "default", "greetings").getSpec().getHolderIdentity())
        .isEqualTo("second");
    assertThat(cluster.requests()).sent(2, Verb.CREATE, "configmaps");
    stop(cluster, second);
  }

  @Test
  void aLeaderThatCannotRenewLosesAndLeadsAgainLater(TestCluster cluster) {
    Operator operator = elected(cluster, "only");
    operator.start();
    cluster.advance(Duration.ofSeconds(5));
    cluster.faults().on(Verb.UPDATE, "leases").everyCall().hang();
    cluster.faults().on(Verb.GET, "leases").everyCall().hang();
    cluster.advance(Duration.ofSeconds(60));
    assertThat(operator.isLeader()).isFalse();
    cluster.create(Greetings.person("ann"));
    cluster.run();
    assertThat(cluster.find(ConfigMap.class, "default", "ann")).isEmpty();

    cluster.faults().clear();
    cluster.advance(Duration.ofSeconds(60));
    assertThat(operator.isLeader()).isTrue();
    assertThat(cluster.find(ConfigMap.class, "default", "ann")).isPresent();
    stop(cluster, operator);
  }

  @Test
  @DisplayName("LE-11, HLP-24 readers are told the term of leadership, another one after a loss")
  void readersAreToldTheTermOfLeadership(TestCluster cluster) {
    List<Optional<String>> terms = new ArrayList<>();
    Operator operator =
        cluster
            .operator("terms")
            .controllers(
                ControllerSpec.named("terms")
                    .wiredBy(
                        context ->
                            List.of(
                                Loop.<HasMetadata>named("terms")
                                    .on(context.informer(Greetings.PEOPLE), Enqueue.self())
                                    .reading(new TermReader(terms))
                                    .deciding((person, now) -> Plan.NOTHING)
                                    .build())))
            .leaderElection("default", config -> config.withIdentity("only"))
            .create(cluster.environment());
    operator.start();
    cluster.advance(Duration.ofSeconds(5));
    Lease lease = cluster.get(Lease.class, "default", "terms");
    cluster.create(Greetings.person("ann"));
    cluster.run();
    cluster.delete(lease);
    cluster.advance(Duration.ofSeconds(60));
    assertThat(operator.isLeader()).isTrue();
    terms.clear();
    cluster.create(Greetings.person("bob"));
    cluster.run();

    assertThat(terms).doesNotContain(Optional.empty());
    assertThat(terms.get(0).orElseThrow()).doesNotStartWith(lease.getMetadata().getUid());
    stop(cluster, operator);
  }

  @Test
  @DisplayName("HLP-12 an operator writes events with series where it is told to")
  void eventsAreOfTheGroupThatIsAskedFor(TestCluster cluster) {
    Operator operator =
        cluster
            .operator("telling")
            .controllers(ControllerSpec.named("telling").wiredBy(c -> List.of(telling(c))))
            .eventSeries("pod-1")
            .create(cluster.environment());
    operator.start();
    cluster.create(Greetings.person("ann"));
    cluster.run();
    stop(cluster, operator);

    assertThat(cluster.list(Event.class))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getReportingController()).isEqualTo("telling");
              assertThat(event.getReportingInstance()).isEqualTo("pod-1");
              assertThat(event.getRegarding().getName()).isEqualTo("ann");
              assertThat(event.getEventTime()).isNotNull();
            });
    assertThatThrownBy(() -> cluster.operator("telling").eventSeries(""))
        .hasMessageContaining("allowed: 1 to 128 characters");
  }

  private static Loop<ServiceAccount> telling(ControllerContext context) {
    Informer<ServiceAccount> people = context.informer(Greetings.PEOPLE);
    return Loop.<ServiceAccount>named("telling")
        .on(people, Enqueue.self())
        .reading((key, settled) -> people.lister().get(key))
        .deciding(
            (person, now) ->
                Plan.of(
                    new Action.Emit(
                        person, Greetings.PEOPLE, Action.Severity.NORMAL, "Seen", "seen", "tell")))
        .build();
  }

  /**
   * Notes the terms of runs. Confined to the thread of the test.
   *
   * @param terms as told
   */
  private record TermReader(List<Optional<String>> terms) implements Reader<HasMetadata> {

    @Override
    public Optional<HasMetadata> read(ObjectKey key, boolean settled) {
      throw new AssertionError("runs are told more");
    }

    @Override
    public Optional<HasMetadata> read(RunContext run) {
      terms.add(run.term());
      return Optional.empty();
    }
  }

  @Test
  @DisplayName("an operator of some namespaces looks at those, also at one that comes later")
  void anOperatorKeepsToItsNamespaces(TestCluster cluster) {
    NamespaceSet watched = NamespaceSet.changing(List.of("default"));
    Operator operator = operator(cluster).namespaces(watched).create(cluster.environment());
    operator.start();
    cluster.create(Greetings.person("ann"));
    ServiceAccount bob = Greetings.person("bob");
    bob.getMetadata().setNamespace("kube-system");
    cluster.create(bob);
    cluster.run();
    assertThat(cluster.find(ConfigMap.class, "default", "ann")).isPresent();
    assertThat(cluster.find(ConfigMap.class, "kube-system", "bob")).isEmpty();
    assertThat(operator.manager().informerHealth())
        .containsOnlyKeys("informer-configmaps", "informer-serviceaccounts")
        .containsValue(Optional.empty());

    watched.add("kube-system");
    cluster.run();
    assertThat(cluster.find(ConfigMap.class, "kube-system", "bob")).isPresent();
    stop(cluster, operator);
  }

  @Test
  void aColdStandbyWatchesNothing(TestCluster cluster) {
    Operator first = elected(cluster, "first");
    Operator second =
        operator(cluster)
            .leaderElection("default", config -> config.withLabels(Map.of()))
            .coldStandby()
            .create(cluster.environment());
    first.start();
    cluster.advance(Duration.ofSeconds(5));
    int watches = cluster.server().openWatches();
    second.start();
    cluster.advance(Duration.ofSeconds(5));

    assertThat(second.notReadyBecause()).isEmpty();
    assertThat(cluster.server().openWatches()).isLessThanOrEqualTo(watches + 1);
    stop(cluster, first);
    cluster.advance(Duration.ofSeconds(5));
    assertThat(second.isLeader()).isTrue();
    stop(cluster, second);
  }

  @Test
  @DisplayName(
      "T-92 a stop with three runs under way: one is fast, one is slow, one ignores it and is"
          + " named")
  void stopsInOrderAndNamesTheRunThatDoesNotEnd(TestCluster cluster) {
    cluster.faults().on(Verb.CREATE, "configmaps").call(1).delay(Duration.ofSeconds(1));
    cluster.faults().on(Verb.CREATE, "configmaps").call(2).delay(Duration.ofSeconds(4));
    cluster.faults().on(Verb.CREATE, "configmaps").call(3).hang();
    Manager manager = cluster.manager(busy(3)).create(cluster.environment());
    manager.start();
    cluster.run();
    cluster.create(Greetings.person("fast"));
    cluster.create(Greetings.person("slow"));
    cluster.create(Greetings.person("stuck"));
    cluster.create(Greetings.person("waiting"));
    assertThat(cluster.requests()).sent(3, Verb.CREATE, "configmaps");

    CompletableFuture<StopReport> stop = manager.stop(Duration.ofSeconds(5));
    cluster.advance(Duration.ofSeconds(4));
    assertThat(cluster.find(ConfigMap.class, "default", "slow")).isPresent();
    assertThat(stop).isNotDone();
    cluster.advance(Duration.ofSeconds(1));

    StopReport report = stop.join();
    assertThat(report.steps())
        .extracting(StopReport.Step::name)
        .containsExactly("controllers", "informers", "events", "clients");
    assertThat(report.steps())
        .extracting(StopReport.Step::complete)
        .containsExactly(false, true, true, true);
    assertThat(report.step("controllers").orElseThrow().detail())
        .isEqualTo("still being worked on: greeting default/stuck");
    assertThat(cluster.find(ConfigMap.class, "default", "fast")).isPresent();
    assertThat(cluster.find(ConfigMap.class, "default", "stuck")).isEmpty();
    assertThat(cluster.find(ConfigMap.class, "default", "waiting")).isEmpty();
    assertThat(cluster.server().openWatches()).isZero();
    assertThat(cluster.meters().getMeters()).isEmpty();
  }

  @Test
  @DisplayName("T-93 one of five controllers cannot sync: four work, readiness names the fifth")
  void aControllerThatMayNotListHoldsUpNobody(TestCluster cluster) {
    cluster.faults().on(Verb.LIST, "secrets").everyCall().status(403, "Forbidden");
    cluster.faults().on(Verb.WATCH, "secrets").everyCall().status(403, "Forbidden");
    Manager manager =
        cluster.start(
            Greetings.controller(),
            looking("pods", Pod.class),
            looking("nodes", Node.class),
            looking("services", Service.class),
            looking("secrets", Secret.class));
    cluster.create(Greetings.person("ann"));
    cluster.advance(Duration.ofMinutes(10));

    assertThat(manager.health().values().stream().filter(Optional::isEmpty)).hasSize(4);
    assertThat(manager.notReadyBecause().orElseThrow())
        .startsWith("secrets: secrets is waiting for secrets: ")
        .contains("403");
    assertThat(cluster.find(ConfigMap.class, "default", "ann")).isPresent();

    cluster.faults().clear();
    cluster.advance(Duration.ofMinutes(2));
    assertThat(manager.notReadyBecause()).as("granted while running").isEmpty();
  }

  @Test
  @DisplayName("T-95 a thousand lives of a whole operator: no meter, watch, timer or heap growth")
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  void aThousandLivesLeaveNothingBehind(TestCluster cluster) {
    cluster.create(Greetings.person("ann"));
    long before = 0;
    for (int life = 0; life < 1000; life++) {
      Operator operator = elected(cluster, "life-" + life);
      operator.start();
      cluster.run();
      assertThat(operator.isLeader()).as("life %d leads", life).isTrue();
      assertThat(stop(cluster, operator).clean()).as("life %d", life).isTrue();
      if (life == 100) {
        before = usedHeap(cluster);
      }
    }

    assertThat(cluster.meters().getMeters()).isEmpty();
    assertThat(cluster.server().openWatches()).isZero();
    assertThat(usedHeap(cluster) - before)
        .as("bytes kept from 900 lives")
        .isLessThan(4L * 1024 * 1024);
  }

  private static long usedHeap(TestCluster cluster) {
    cluster.advance(Duration.ofMinutes(2)); // Deadlines of stops run out.
    cluster.requests().clear();
    cluster.server().compact();
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  private static StopReport stop(TestCluster cluster, Operator operator) {
    CompletableFuture<StopReport> stop = operator.stop();
    cluster.eventually(() -> assertThat(stop).isDone());
    return stop.join();
  }

  private static Operator elected(TestCluster cluster, String identity) {
    return operator(cluster)
        .leaderElection("default", config -> config.withIdentity(identity))
        .create(cluster.environment());
  }

  private static Operator.Builder operator(TestCluster cluster) {
    return cluster.operator("greetings").controllers(Greetings.controller());
  }

  /** As the greeter, with several workers. */
  private static ControllerSpec busy(int workers) {
    return ControllerSpec.named("greeting")
        .wiredBy(
            context -> {
              var people = context.informer(Greetings.PEOPLE);
              return List.of(
                  Loop.<HasMetadata>named("greeting")
                      .on(people, Enqueue.self())
                      .reading((key, settled) -> people.lister().get(key).map(p -> p))
                      .deciding(
                          (person, now) ->
                              Plan.of(
                                  Action.create(
                                      Greetings.GREETINGS, greeting(person), "not greeted")))
                      .workers(workers)
                      .build());
            });
  }

  private static ConfigMap greeting(HasMetadata person) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName(person.getMetadata().getName())
        .endMetadata()
        .build();
  }

  private static <T extends HasMetadata> ControllerSpec looking(String name, Class<T> type) {
    return ControllerSpec.named(name)
        .wiredBy(
            context -> {
              var informer = context.informer(ResourceType.of(type));
              return List.of(
                  Loop.<T>named(name)
                      .on(informer, Enqueue.self())
                      .reading((key, settled) -> informer.lister().get(key))
                      .deciding((object, now) -> Plan.NOTHING)
                      .build());
            });
  }
}
