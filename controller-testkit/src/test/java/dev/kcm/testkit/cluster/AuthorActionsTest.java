package dev.kcm.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.api.Fence;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Finalizers;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Report;
import dev.kcm.core.run.Cancellation;
import dev.kcm.core.run.Expectations;
import dev.kcm.core.run.PlanExecutor;
import dev.kcm.core.run.Run;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.embedded.resource.ApiServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What authors build with, against an API server that judges it. */
class AuthorActionsTest {

  private static final ResourceType<ConfigMap> MAPS = ResourceType.of(ConfigMap.class);
  private static final ObjectKey KEY = new ObjectKey("default", "page");

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(1);
  private final ApiServer server = ApiServer.builder().build();
  private final InProcessApiClient client = InProcessApiClient.of(server, environment);
  private final PlanExecutor executor = PlanExecutor.named("test").create(client, environment);

  @AfterEach
  void close() {
    executor.close();
    server.close();
  }

  @Test
  void finalizersComeAndGoAndAStaleViewIsAConflict() {
    ConfigMap seen = made(Map.of("a", "1"));
    Report added = run(Plan.of(Finalizers.add(MAPS, seen, "test.kcm.dev/x")));
    Report stale = run(Plan.of(Finalizers.add(MAPS, seen, "test.kcm.dev/y")));
    ConfigMap with = live();
    run(Plan.of(Finalizers.remove(MAPS, with, "test.kcm.dev/x")));

    assertThat(added.allApplied()).isTrue();
    assertThat(with.getMetadata().getFinalizers()).containsExactly("test.kcm.dev/x");
    assertThat(stale.firstRejected().orElseThrow().error().kind()).isEqualTo(Kind.CONFLICT);
    assertThat(live().getMetadata().getFinalizers()).isEmpty();
  }

  @Test
  void aMergePatchChangesWhatDiffersAndNeverAnotherIncarnation() {
    ConfigMap seen = made(Map.of("a", "1", "b", "2"));
    ConfigMap wanted = new ConfigMapBuilder(seen).withData(Map.of("a", "1", "c", "3")).build();
    run(Plan.of(Action.mergePatch(MAPS, seen, wanted, "out of date")));
    assertThat(live().getData()).containsExactlyInAnyOrderEntriesOf(Map.of("a", "1", "c", "3"));

    run(Plan.of(Action.delete(MAPS, seen, "replaced")));
    made(Map.of("other", "1"));
    Report late = run(Plan.of(Action.mergePatch(MAPS, seen, wanted, "out of date")));

    assertThat(late.firstRejected().orElseThrow().error().kind()).isEqualTo(Kind.CONFLICT);
    assertThat(live().getData()).containsOnlyKeys("other");
  }

  @Test
  void applyCreatesTakesBackItsOwnFieldsAndForcesOnlyWhenTold() {
    run(Plan.of(Action.apply(MAPS, page(Map.of("a", "1", "b", "2")), "first", "missing")));
    run(Plan.of(Action.apply(MAPS, page(Map.of("a", "1")), "first", "b is not wanted")));
    assertThat(live().getData()).containsExactlyEntriesOf(Map.of("a", "1"));

    Action.Apply<ConfigMap> other = Action.apply(MAPS, page(Map.of("a", "9")), "second", "mine");
    Report refused = run(Plan.of(other));
    Report forced = run(Plan.of(other.forced()));

    assertThat(refused.firstRejected().orElseThrow().error().kind()).isEqualTo(Kind.CONFLICT);
    assertThat(forced.allApplied()).isTrue();
    assertThat(live().getData()).containsExactlyEntriesOf(Map.of("a", "9"));
  }

  private ConfigMap made(Map<String, String> data) {
    var answer = client.create(MAPS, page(data));
    environment.run();
    return answer.join();
  }

  private ConfigMap live() {
    var answer = client.get(MAPS, KEY);
    environment.run();
    return answer.join();
  }

  private Report run(Plan plan) {
    AtomicReference<Report> seen = new AtomicReference<>();
    Run run =
        new Run(
            KEY,
            "1",
            Expectations.withTicker(environment.ticker()),
            Cancellation.within(Fence.OPEN),
            (key, delay) -> {},
            result -> {});
    var unused =
        executor.run(
            run,
            plan.then(
                report -> {
                  seen.set(report);
                  return Plan.NOTHING;
                }));
    environment.run();
    return Optional.ofNullable(seen.get()).orElseThrow();
  }

  private static ConfigMap page(Map<String, String> data) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName("page")
        .endMetadata()
        .withData(data)
        .build();
  }
}
