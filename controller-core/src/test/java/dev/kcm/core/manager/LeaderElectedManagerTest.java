package dev.kcm.core.manager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Selection;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.loop.FakeInformer;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.run.Pods;
import dev.kcm.core.run.ScriptedApi;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LeaderElectedManagerTest {

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(9);
  private final FakeInformer<Pod> pods = FakeInformer.of(Pods.TYPE, environment);
  private final ScriptedApi api = ScriptedApi.on(environment);
  private final Lead lead = new Lead();
  private final List<String> told = new ArrayList<>();

  private final LeaderElectedManager elected =
      LeaderElectedManager.of(
          Manager.named("test")
              .controllers(List.of(ControllerSpec.named("pods").wiredBy(this::wire)))
              .clients(name -> api)
              .informers(new OneInformer())
              .meters(new SimpleMeterRegistry())
              .fence(lead)
              .create(environment),
          lead,
          () -> told.add("lost"));

  @Test
  void worksOnlyWhileLeading() {
    elected.start();
    environment.run();
    pods.sync().put(Pods.named("a"));
    environment.advance(Duration.ofMinutes(1));
    assertThat(told).containsExactlyInAnyOrder("informers started", "campaign");
    assertThat(api.requests()).isEmpty();

    lead.win();
    environment.run();
    assertThat(api.requests()).hasSize(1);
  }

  @Test
  @DisplayName(
      "LE-14 leadership is given back after the last run has ended, and before the clients")
  void givesLeadershipBackAfterTheLastRunHasEnded() {
    api.after(r -> Optional.of(Duration.ofSeconds(3)));
    leadAndWork();

    CompletableFuture<StopReport> stop = elected.stop(Manager.GRACE);
    environment.advance(Duration.ofMillis(2900));
    assertThat(told).doesNotContain("released");
    environment.advance(Duration.ofMillis(200));

    assertThat(stop.join().clean()).isTrue();
    assertThat(stop.join().steps())
        .extracting(StopReport.Step::name)
        .containsExactly("controllers", "informers", "events", "leadership", "clients");
    assertThat(told).contains("released").doesNotContain("abandoned");
  }

  @Test
  @DisplayName("LE-14 while a run has not ended the lease is left to run out")
  void letsLeadershipRunOutWhileARunHasNotEnded() {
    api.after(r -> Optional.empty());
    leadAndWork();

    CompletableFuture<StopReport> stop = elected.stop(Duration.ofSeconds(5));
    environment.advance(Duration.ofSeconds(10));

    assertThat(stop.join().step("leadership").orElseThrow().detail())
        .isEqualTo("not given back, because controllers still work");
    assertThat(told).contains("abandoned").doesNotContain("released");
  }

  @Test
  void aReleaseThatFailsIsReported() {
    lead.releases = false;
    leadAndWork();

    CompletableFuture<StopReport> stop = elected.stop(Manager.GRACE);
    environment.advance(Duration.ofMinutes(1));

    assertThat(stop.join().step("leadership").orElseThrow().complete()).isFalse();
    assertThat(stop.join().step("clients").orElseThrow().complete()).isTrue();
  }

  @Test
  @DisplayName("T-94 after a loss nothing is written, and leading again works")
  void afterALossNothingIsWrittenUntilLeadingAgain() {
    leadAndWork();
    lead.lose();
    pods.put(Pods.named("b"));
    environment.advance(Duration.ofMinutes(1));
    assertThat(api.requests()).hasSize(1);
    assertThat(told).contains("lost");

    lead.win();
    environment.advance(Duration.ofMinutes(1));
    assertThat(api.requests("create")).anyMatch(r -> r.key().name().equals("b"));
  }

  @Test
  void aStandbyIsReadyOnceItsCachesAreWarm() {
    assertThat(elected.notReadyBecause()).hasValue("pods: not started");
    elected.start();
    environment.run();
    assertThat(elected.notReadyBecause()).hasValue("pods: the cache waits for pods: LISTING");
    pods.sync();
    assertThat(elected.notReadyBecause()).isEmpty();
  }

  @Test
  void aColdStandbyAsksForNothingUntilItLeads() {
    LeaderElectedManager cold = elected.coldStandby();
    assertThat(cold.notReadyBecause()).hasValue("pods: not started");
    cold.start();
    cold.start();
    environment.advance(Duration.ofMinutes(1));
    assertThat(told).containsExactly("campaign");
    assertThat(cold.notReadyBecause()).isEmpty();

    lead.win();
    environment.run();
    assertThat(told).contains("informers started");
    assertThat(cold.notReadyBecause()).hasValue("pods: pods is waiting for pods: LISTING");
    pods.sync().put(Pods.named("a"));
    environment.run();
    assertThat(api.requests()).hasSize(1);
    assertThat(cold.notReadyBecause()).isEmpty();
  }

  private void leadAndWork() {
    elected.start();
    lead.win();
    environment.run();
    pods.sync().put(Pods.named("a"));
    environment.run();
    assertThat(api.requests()).hasSize(1);
  }

  private List<Loop<?>> wire(ControllerContext context) {
    Informer<Pod> informer = context.informer(Pods.TYPE);
    return List.of(
        Loop.<Pod>named("pods")
            .on(informer, Enqueue.self())
            .reading((key, settled) -> informer.lister().get(key))
            .deciding((pod, now) -> copyOf(pod))
            .build());
  }

  private static Plan copyOf(Pod pod) {
    return Plan.of(Action.create(Pods.TYPE, Pods.named(pod.getMetadata().getName()), "missing"));
  }

  /** Candidacy by hand. Confined to the thread of the test. */
  private final class Lead implements Candidacy {

    private Runnable onStarted = () -> {};
    private Runnable onLost = () -> {};
    private boolean leading;
    private boolean releases = true;

    private void win() {
      leading = true;
      onStarted.run();
    }

    private void lose() {
      leading = false;
      onLost.run();
    }

    @Override
    public void campaign(Runnable started, Runnable lost) {
      told.add("campaign");
      onStarted = started;
      onLost = lost;
    }

    @Override
    public CompletionStage<Void> release() {
      told.add("released");
      leading = false;
      return releases
          ? CompletableFuture.completedFuture(null)
          : CompletableFuture.failedFuture(new IllegalStateException("conflict"));
    }

    @Override
    public void abandon() {
      told.add("abandoned");
    }

    @Override
    public Optional<String> closedBecause() {
      return leading ? Optional.empty() : Optional.of("not leading");
    }
  }

  /** The informer of pods. Confined to the thread of the test. */
  private final class OneInformer implements InformerSource {

    @Override
    @SuppressWarnings("unchecked") // There is only one type.
    public <T extends HasMetadata> Informer<T> informer(ResourceType<T> type, Selection selection) {
      return (Informer<T>) pods;
    }

    @Override
    public void start() {
      told.add("informers started");
    }

    @Override
    public CompletionStage<List<String>> stop(Duration drain) {
      return CompletableFuture.completedFuture(List.of());
    }
  }
}
