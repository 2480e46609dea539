package dev.kcm.core.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Selection;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.loop.FakeInformer;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Stage;
import dev.kcm.core.run.Pods;
import dev.kcm.core.run.ScriptedApi;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ManagerTest {

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(5);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Sources informers = new Sources();
  private final Map<String, ScriptedApi> clients = new LinkedHashMap<>();
  private final List<String> runs = new ArrayList<>();
  private Duration answerAfter = Duration.ZERO;
  private boolean answers = true;

  @Test
  void startsOnlyInformersThatWereAskedForAndLoadsNothingThatIsSwitchedOff() {
    Manager manager =
        builder(
                controller("pods", Pod.class),
                ControllerSpec.named("off").disabledByDefault().wiredBy(ManagerTest::failingWiring),
                ControllerSpec.named("gated").requires("Alpha").wiredBy(ManagerTest::failingWiring))
            .create(environment);
    manager.start();
    environment.run();

    assertThat(informers.started).containsExactly("pods");
    assertThat(clients.keySet()).containsExactly("pods");
    assertThat(manager.health().keySet()).containsExactly("pods");
  }

  @Test
  void doesAtTheStopWhatControllersWanted() {
    List<String> done = new ArrayList<>();
    Manager manager =
        builder(
                ControllerSpec.named("a")
                    .wiredBy(
                        context -> {
                          context.atStop(
                              () -> {
                                throw new IllegalStateException("test");
                              });
                          context.atStop(() -> done.add("a"));
                          return List.of();
                        }))
            .create(environment);
    manager.start();
    environment.run();
    assertThat(done).isEmpty();

    var first = manager.stop(Duration.ZERO);
    var second = manager.stop(Duration.ZERO);
    environment.advance(Duration.ofMinutes(1));

    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
    assertThat(done).containsExactly("a");
  }

  @Test
  void twoManagersOfOneNameShowTheErrorsOfTheProcessOnce() {
    Manager one = builder().create(environment);
    Manager other = builder().create(environment);
    one.standBy();
    other.standBy();
    environment.run();

    assertThat(meters.find("kcm_uncaught_errors_total").meters()).hasSize(1);

    var stops = List.of(one.stop(Duration.ZERO), other.stop(Duration.ZERO));
    environment.advance(Duration.ofMinutes(1));
    assertThat(stops).allSatisfy(stop -> assertThat(stop).isCompleted());
    assertThat(meters.getMeters()).isEmpty();
  }

  @Test
  void selectionAndGatesTurnControllersOn() {
    Manager manager =
        builder(
                ControllerSpec.named("off").disabledByDefault().wiredBy(context -> List.of()),
                ControllerSpec.named("gated").requires("Alpha").wiredBy(context -> List.of()))
            .selecting(spec -> true)
            .gates("Alpha"::equals)
            .create(environment);

    assertThat(manager.health().keySet()).containsExactly("off", "gated");
  }

  @Test
  void standbyWarmsTheCachesAndWorksOnNothing() {
    Manager manager = manager(controller("pods", Pod.class));
    manager.standBy();
    environment.run();
    informers.of(Pod.class).sync().put(Pods.named("a"));
    environment.advance(Duration.ofMinutes(1));

    assertThat(informers.started).containsExactly("pods");
    assertThat(runs).isEmpty();
    assertThat(clients).isEmpty();
    assertThat(manager.notReadyBecause()).isEmpty();
    assertThat(meters.getMeters())
        .extracting(meter -> meter.getId().getName())
        .containsExactly("kcm_uncaught_errors_total");

    manager.start();
    environment.run();
    assertThat(runs).containsExactly("pods a");
    assertThat(running("pods")).isEqualTo(1);
  }

  @Test
  void showsWhatEachControllerDoesAndWouldDo() {
    Manager manager = manager(controller("pods", Pod.class), controller("nodes", Node.class));
    manager.start();
    environment.run();
    informers.of(Pod.class).sync().put(Pods.named("a"));
    informers.of(Node.class).state("BLOCKED (403 nodes/list)");
    environment.run();

    assertThat(manager.states())
        .extracting(ControllerState::name, state -> state.trouble() == null)
        .containsExactly(tuple("pods", true), tuple("nodes", false));
    assertThat(manager.states().get(0).text())
        .startsWith("pods\npods: depth 0, delayed 0, in flight 0 of ")
        .contains("default/a [1] at ");
    assertThat(manager.states().get(1).text()).startsWith("nodes: ").contains("BLOCKED (403");
    assertThat(manager.explain("pods", new ObjectKey("default", "b")).get("pods").text())
        .isEqualTo("default/b: no such object");
    assertThatThrownBy(() -> manager.explain("none", new ObjectKey("", "b")))
        .hasMessage("no controller none, there are: [pods, nodes]");
  }

  @Test
  @DisplayName("T-93 of five controllers one cannot sync: four run, readiness names the fifth")
  void aControllerThatCannotSyncHoldsUpNobody() {
    Manager manager =
        manager(
            controller("pods", Pod.class),
            controller("nodes", Node.class),
            controller("services", Service.class),
            controller("secrets", Secret.class),
            controller("maps", ConfigMap.class));
    manager.start();
    environment.run();
    List.of(Pod.class, Node.class, Service.class, ConfigMap.class)
        .forEach(type -> informers.of(type).sync());
    informers.of(Secret.class).state("BLOCKED (403 secrets/list)");
    environment.run();

    assertThat(manager.health().values().stream().filter(Optional::isEmpty)).hasSize(4);
    assertThat(manager.notReadyBecause())
        .hasValue("secrets: secrets is waiting for secrets: BLOCKED (403 secrets/list)");
  }

  @Test
  void readinessHasAReasonBeforeTheStartAndAfterTheStop() {
    Manager manager = manager(controller("pods", Pod.class));
    assertThat(manager.notReadyBecause()).hasValue("pods: not started");

    manager.start();
    environment.run();
    informers.of(Pod.class).sync();
    environment.run();
    assertThat(manager.notReadyBecause()).isEmpty();

    CompletableFuture<StopReport> stop = manager.stop(Manager.GRACE);
    environment.run();
    assertThat(stop).isCompleted();
    assertThat(manager.notReadyBecause()).hasValue("pods: stopped");
  }

  @Test
  void aManagerThatStandsByNamesCachesThatAreNotWarm() {
    Manager manager = manager(controller("pods", Pod.class), controller("nodes", Node.class));
    manager.standBy();
    environment.run();
    informers.of(Pod.class).sync();
    informers.of(Node.class).state("BLOCKED (403 nodes/list)");
    assertThat(manager.notReadyBecause())
        .hasValue("nodes: the cache waits for nodes: BLOCKED (403 nodes/list)");

    informers.of(Node.class).sync();
    assertThat(manager.notReadyBecause()).isEmpty();
  }

  @Test
  void anInformerThatFallsSilentLaterIsNamedUntilItHearsAgain() {
    Manager manager = manager(controller("pods", Pod.class), controller("nodes", Node.class));
    manager.start();
    environment.run();
    informers.of(Pod.class).sync();
    informers.of(Node.class).sync();
    environment.run();

    informers.of(Node.class).stale(true);
    informers.of(Node.class).state("BACKOFF (503 nodes/list)");
    assertThat(manager.notReadyBecause())
        .hasValue("nodes: nothing heard of nodes for 180 s: BACKOFF (503 nodes/list)");
    informers.of(Node.class).stale(false);
    assertThat(manager.notReadyBecause()).isEmpty();
  }

  @Test
  void eachInformerIsAHealthContributorOfItsOwn() {
    Manager manager = manager(controller("pods", Pod.class), controller("nodes", Node.class));
    assertThat(manager.informerHealth()).as("before the wiring").isEmpty();
    manager.start();
    environment.run();
    informers.of(Pod.class).sync();
    informers.of(Node.class).state("BLOCKED (403 nodes/list)");
    assertThat(manager.informerHealth())
        .containsExactly(
            Map.entry(
                "informer-nodes",
                Optional.of("the cache waits for nodes: BLOCKED (403 nodes/list)")),
            Map.entry("informer-pods", Optional.empty()));

    informers.of(Node.class).sync();
    informers.of(Pod.class).stale(true);
    informers.of(Pod.class).state("BACKOFF (503 pods/list)");
    assertThat(manager.informerHealth())
        .containsExactly(
            Map.entry("informer-nodes", Optional.empty()),
            Map.entry(
                "informer-pods",
                Optional.of("nothing heard of pods for 180 s: BACKOFF (503 pods/list)")));
  }

  @Test
  void silenceIsNoTroubleForAManagerThatIsToldSo() {
    Manager manager =
        builder(controller("pods", Pod.class)).staleAfter(Duration.ZERO).create(environment);
    manager.start();
    environment.run();
    informers.of(Pod.class).sync();
    environment.run();
    informers.of(Pod.class).stale(true);

    assertThat(manager.notReadyBecause()).isEmpty();
    assertThatThrownBy(() -> builder().staleAfter(Duration.ofSeconds(-1)))
        .hasMessage("manager test-manager: staleAfter is PT-1S, allowed: zero (never) or more");
  }

  @Test
  void aControllerWithNothingToDoIsSkippedAndIsNoReasonForConcern() {
    Manager manager =
        builder(ControllerSpec.named("keyless").wiredBy(context -> List.of())).create(environment);
    manager.start();
    environment.run();

    assertThat(manager.skipped()).containsExactly("keyless");
    assertThat(manager.loops("keyless")).isEmpty();
    assertThat(manager.notReadyBecause()).isEmpty();
    assertThat(meters.find("running_managed_controllers").tag("name", "keyless").gauge()).isNull();
  }

  @Test
  void aWiringOrAClientThatFailsIsNamedAndHoldsUpNobody() {
    Manager manager =
        builder(
                controller("pods", Pod.class),
                ControllerSpec.named("broken").wiredBy(ManagerTest::failingWiring),
                controller("denied", Node.class))
            .clients(this::clientUnlessDenied)
            .create(environment);
    manager.start();
    environment.run();
    informers.of(Pod.class).sync().put(Pods.named("a"));
    environment.run();

    assertThat(runs).containsExactly("pods a");
    assertThat(manager.health().get("broken").orElseThrow())
        .isEqualTo("cannot be wired: java.lang.IllegalStateException: scripted");
    assertThat(manager.health().get("denied").orElseThrow())
        .isEqualTo("cannot be started: java.lang.IllegalStateException: scripted");
  }

  @Test
  @DisplayName("T-94 lost leadership: no key is handed out, no write leaves, and it can lead again")
  void cancellingEndsWorkAtOnceAndStartBeginsAgain() {
    answerAfter = Duration.ofSeconds(1);
    Manager manager = manager(controller("pods", Pod.class));
    manager.start();
    environment.run();
    informers.of(Pod.class).sync();
    for (int i = 0; i < 5; i++) {
      informers.of(Pod.class).put(Pods.named("p" + i));
    }
    environment.run();
    assertThat(clients.get("pods").requests()).hasSize(1);

    manager.cancel();
    environment.advance(Duration.ofMinutes(1));
    assertThat(clients.get("pods").requests()).hasSize(1);
    assertThat(running("pods")).isZero();
    assertThat(informers.stopped).isFalse();

    manager.start();
    environment.advance(Duration.ofMinutes(1));
    assertThat(clients.get("pods").objects()).hasSize(10);
    assertThat(running("pods")).isEqualTo(1);
  }

  @Test
  @DisplayName("T-92 a stop takes its steps in order and reports the key that did not end")
  void stopsInOrderAndReportsWhatDidNotEnd() {
    Manager manager = manager(controller("pods", Pod.class), controller("nodes", Node.class));
    manager.start();
    environment.run();
    informers.of(Pod.class).sync();
    informers.of(Node.class).sync();
    answers = false;
    informers.of(Pod.class).put(Pods.named("stuck"));
    environment.run();

    CompletableFuture<StopReport> stop = manager.stop(Duration.ofSeconds(30));
    CompletableFuture<StopReport> again = manager.stop(Duration.ofSeconds(1));
    environment.advance(Duration.ofSeconds(29));
    assertThat(stop).isNotDone();
    assertThat(informers.stopped).isFalse();
    environment.advance(Duration.ofSeconds(2));

    StopReport report = stop.join();
    assertThat(again.join()).isEqualTo(report);
    assertThat(report.clean()).isFalse();
    assertThat(report.steps())
        .extracting(StopReport.Step::name)
        .containsExactly("controllers", "informers", "events", "clients");
    assertThat(report.step("controllers").orElseThrow().detail())
        .isEqualTo("still being worked on: pods default/stuck");
    assertThat(report.text()).startsWith("controllers 30000 ms INCOMPLETE: still");
    assertThat(clients.values()).allMatch(ScriptedApi::isClosed);
    assertThat(meters.getMeters()).isEmpty();
  }

  @Test
  void informersThatDoNotEndAreReportedAndDoNotHoldUpTheRest() {
    informers.ends = false;
    Manager manager = manager(controller("pods", Pod.class));
    manager.start();
    environment.run();
    CompletableFuture<StopReport> stop = manager.stop(Manager.GRACE);
    environment.advance(Duration.ofSeconds(6));

    assertThat(stop.join().step("informers").orElseThrow().detail())
        .isEqualTo("not done after 6000 ms");
    assertThat(stop.join().step("clients").orElseThrow().complete()).isTrue();
  }

  @Test
  void afterAStopNothingStartsAgain() {
    Manager manager = manager(controller("pods", Pod.class));
    CompletableFuture<StopReport> stop = manager.stop(Manager.GRACE);
    manager.start();
    environment.run();

    assertThat(stop.join().clean()).isTrue();
    assertThat(informers.started).isEmpty();
  }

  @Test
  @DisplayName("T-95 a thousand lives of the whole runtime leave no meter and no timer behind")
  void aThousandLivesLeaveNothingBehind() {
    for (int life = 0; life < 1000; life++) {
      informers.byType.clear();
      informers.stopped = false;
      Manager manager = manager(controller("pods", Pod.class), controller("nodes", Node.class));
      manager.start();
      environment.run();
      informers.of(Pod.class).sync().put(Pods.named("a"));
      informers.of(Node.class).sync();
      environment.run();
      CompletableFuture<StopReport> stop = manager.stop(Manager.GRACE);
      environment.advance(Duration.ofSeconds(30));
      assertThat(stop.join().clean()).as("life %d", life).isTrue();
      assertThat(informers.of(Pod.class).handlers()).isZero();
    }

    assertThat(runs).hasSize(1000);
    assertThat(meters.getMeters()).isEmpty();
    assertThat(environment.hasWork()).isFalse();
  }

  @Test
  void saysWhatIsMissingOrGivenTwice() {
    assertThatThrownBy(
            () -> Manager.named("m").informers(informers).meters(meters).create(environment))
        .hasMessage("manager m has no clients: call clients(..)");
    ControllerSpec twice = controller("pods", Pod.class);
    assertThatThrownBy(() -> manager(twice, twice)).hasMessage("controller pods is given twice");
    assertThatThrownBy(() -> manager(twice).loops("bots"))
        .hasMessage("no controller bots, there are: [pods]");
  }

  private Manager manager(ControllerSpec... specs) {
    return builder(specs).create(environment);
  }

  private Manager.Builder builder(ControllerSpec... specs) {
    return Manager.named("test-manager")
        .controllers(List.of(specs))
        .clients(this::client)
        .informers(informers)
        .meters(meters);
  }

  private <T extends HasMetadata> ControllerSpec controller(String name, Class<T> type) {
    return ControllerSpec.named(name)
        .wiredBy(
            context -> {
              Informer<T> informer = context.informer(ResourceType.of(type));
              return List.of(
                  Loop.<T>named(name)
                      .on(informer, Enqueue.self())
                      .reading((key, settled) -> informer.lister().get(key))
                      .deciding((object, now) -> decide(name, object))
                      .build());
            });
  }

  private Plan decide(String controller, HasMetadata object) {
    String name = object.getMetadata().getName();
    runs.add(controller + " " + name);
    return Plan.of(
        Stage.keepGoing(
            List.of(
                Action.create(Pods.TYPE, Pods.named(name + "-1"), "missing"),
                Action.create(Pods.TYPE, Pods.named(name + "-2"), "missing"))));
  }

  private ScriptedApi client(String name) {
    ScriptedApi api = ScriptedApi.on(environment);
    api.after(r -> answers ? Optional.of(answerAfter) : Optional.empty());
    clients.put(name, api);
    return api;
  }

  private double running(String controller) {
    return meters
        .get("running_managed_controllers")
        .tags("name", controller, "manager", "test-manager")
        .gauge()
        .value();
  }

  private static List<Loop<?>> failingWiring(ControllerContext context) {
    throw new IllegalStateException("scripted");
  }

  private ScriptedApi clientUnlessDenied(String name) {
    if (name.equals("denied")) {
      throw new IllegalStateException("scripted");
    }
    return client(name);
  }

  /** Informers filled by hand. Confined to the thread of the test. */
  private final class Sources implements InformerSource {

    private final Map<Class<?>, FakeInformer<?>> byType = new LinkedHashMap<>();
    private List<String> started = new ArrayList<>();
    private boolean stopped;
    private boolean ends = true;

    @SuppressWarnings("unchecked") // The map holds the informer of a class under that class.
    private <T extends HasMetadata> FakeInformer<T> of(Class<T> type) {
      return (FakeInformer<T>)
          byType.computeIfAbsent(
              type, absent -> FakeInformer.of(ResourceType.of(type), environment));
    }

    @Override
    public <T extends HasMetadata> Informer<T> informer(ResourceType<T> type, Selection selection) {
      return of(type.type());
    }

    @Override
    public void start() {
      started = byType.values().stream().map(i -> i.type().plural()).toList();
    }

    @Override
    public CompletionStage<List<String>> stop(Duration drain) {
      stopped = true;
      return ends ? CompletableFuture.completedFuture(List.of()) : new CompletableFuture<>();
    }
  }

  @Test
  void keysOfOneControllerAreNotTheOthersConcern() {
    Manager manager = manager(controller("pods", Pod.class));
    manager.start();
    environment.run();
    informers.of(Pod.class).sync();
    environment.run();
    manager.loops("pods").get(0).enqueue(new ObjectKey("default", "unknown"));
    environment.run();

    assertThat(runs).isEmpty();
    assertThat(manager.loops("pods").get(0).inFlight()).isZero();
  }
}
