package dev.kcm.examples.webapp;

import static dev.kcm.core.plan.Stage.Order.KEEP_GOING;
import static dev.kcm.testkit.PlanAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.examples.webapp.WebAppReconciler.Snapshot;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebAppReconcilerTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

  private final WebApp app = TestWebApp.named("hello", "nginx:1", 2, "hi");
  private final ConfigMap page = TestWebApp.page(app);
  private final Deployment server = TestWebApp.server(app, 2);

  @Test
  void newAppFirstGetsItsFinalizerBesideThoseOfOthers() {
    app.getMetadata().setFinalizers(List.of("others.example/keep"));

    assertThat(decide(null, null))
        .patches(
            WebApp.class,
            "{\"metadata\":{\"finalizers\":[\"others.example/keep\",\"examples.kcm.dev/server\"],"
                + "\"uid\":\"uid-of-hello\",\"resourceVersion\":\"7\"}}")
        .because("finalizer examples.kcm.dev/server is missing")
        .creates(0, ConfigMap.class);
  }

  @Test
  void createsWhatIsMissingAndSaysSo() {
    Plan plan = decide(null, null);

    assertThat(plan)
        .creates(1, ConfigMap.class)
        .because("page is not as wanted")
        .creates(1, Deployment.class)
        .because("server is not as wanted")
        .inOrder(KEEP_GOING)
        .updatesStatus(1, WebApp.class);
    Deployment created = (Deployment) ((Action.Create<?>) plan.actions().get(1)).object();
    assertThat(created.getSpec().getReplicas()).isEqualTo(2);
    assertThat(created.getSpec().getTemplate().getSpec().getContainers().get(0).getImage())
        .isEqualTo("nginx:1");
    assertThat(created.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(owner -> assertThat(owner.getUid()).isEqualTo("uid-of-hello"));
  }

  @ParameterizedTest(name = "message {0}, image {1}, replicas {2}: {3} and {4} updates")
  @CsvSource({
    "hi, nginx:1, 2, 0, 0",
    "hi, nginx:2, 2, 0, 1",
    "hi, nginx:1, 5, 0, 1",
    "ho, nginx:1, 2, 1, 0",
    "ho, nginx:2, 0, 1, 1"
  })
  void updatesExactlyTheChildrenThatDiffer(
      String message, String image, int replicas, int pages, int servers) {
    app.setSpec(new WebApp.Spec(image, replicas, message));

    List<Action> updates = decide(page, server).actions();

    assertThat(updates).filteredOn(a -> updatedKind(a).equals("ConfigMap")).hasSize(pages);
    assertThat(updates).filteredOn(a -> updatedKind(a).equals("Deployment")).hasSize(servers);
  }

  @ParameterizedTest(name = "{0} of 2 ready: {1} {2}")
  @CsvSource({
    "0, False, PodsNotReady, 0 of 2 pods are ready",
    "1, False, PodsNotReady, 1 of 2 pods are ready",
    "2, True, Serving, 2 of 2 pods are ready"
  })
  void statusTellsHowManyPodsServe(int ready, String status, String reason, String message) {
    WebApp.Status written = statusOf(decide(page, TestWebApp.server(app, ready)));

    assertThat(written.observedGeneration()).isEqualTo(2);
    assertThat(written.readyReplicas()).isEqualTo(ready);
    Condition condition = written.conditions().get(0);
    assertThat(condition.getType()).isEqualTo("Ready");
    assertThat(condition.getStatus()).isEqualTo(status);
    assertThat(condition.getReason()).isEqualTo(reason);
    assertThat(condition.getMessage()).isEqualTo(message);
    assertThat(condition.getLastTransitionTime()).isEqualTo("2026-01-02T03:04:05Z");
  }

  @Test
  void transitionTimeStaysWhileTheConditionDoes() {
    WebApp before = settled(0);

    WebApp.Status later =
        statusOf(decide(before, page, TestWebApp.server(app, 1), NOW.plusSeconds(60)));

    assertThat(later.conditions().get(0).getLastTransitionTime()).isEqualTo("2026-01-02T03:04:05Z");
    assertThat(later.conditions().get(0).getMessage()).isEqualTo("1 of 2 pods are ready");
  }

  @Test
  void settledAppGivesNothing() {
    assertThat(decide(settled(2), page, server, NOW.plusSeconds(60))).doesNothing();
  }

  @Test
  void childrenOfOthersAreLeftAloneAndTold() {
    ConfigMap foreign =
        new ConfigMapBuilder(page).editMetadata().withOwnerReferences().endMetadata().build();

    Plan plan = decide(foreign, null);

    assertThat(plan.actions()).hasSize(1);
    assertThat(statusOf(plan).conditions().get(0).getReason()).isEqualTo("NameTaken");
  }

  @Test
  void deletedAppTakesItsServerDownFirst() {
    app.getMetadata().setDeletionTimestamp(NOW.toString());

    assertThat(decide(page, server))
        .deletes(Deployment.class, "hello")
        .because("app is being deleted");
  }

  @Test
  void deletedAppWaitsForItsServer() {
    app.getMetadata().setDeletionTimestamp(NOW.toString());
    Deployment going =
        new DeploymentBuilder(server)
            .editMetadata()
            .withDeletionTimestamp(NOW.toString())
            .endMetadata()
            .build();

    assertThat(decide(page, going)).doesNothing();
  }

  @Test
  void deletedAppIsLetGoOnceItsServerIsGone() {
    app.getMetadata().setDeletionTimestamp(NOW.toString());

    assertThat(decide(page, null))
        .patches(
            WebApp.class,
            "{\"metadata\":{\"finalizers\":[],\"uid\":\"uid-of-hello\",\"resourceVersion\":\"7\"}}")
        .because("finalizer examples.kcm.dev/server is done with");
  }

  @Test
  void deletedAppThatWasLetGoIsLeftToOthers() {
    app.getMetadata().setDeletionTimestamp(NOW.toString());
    app.getMetadata().setFinalizers(List.of("others.example/keep"));

    assertThat(decide(page, server)).doesNothing();
  }

  private Plan decide(ConfigMap existingPage, Deployment existingServer) {
    return decide(app, existingPage, existingServer, NOW);
  }

  private static Plan decide(WebApp of, ConfigMap page, Deployment server, Instant now) {
    Snapshot snapshot = new Snapshot(of, Optional.ofNullable(page), Optional.ofNullable(server));
    return new WebAppReconciler().decide(snapshot, now);
  }

  private WebApp settled(int ready) {
    Plan plan = decide(page, TestWebApp.server(app, ready));
    WebApp copy = Serialization.clone(app);
    copy.setStatus(statusOf(plan));
    return copy;
  }

  private static WebApp.Status statusOf(Plan plan) {
    assertThat(plan).updatesStatus(1, WebApp.class);
    int last = plan.actions().size() - 1;
    return ((WebApp) ((Action.Update<?>) plan.actions().get(last)).object()).getStatus();
  }

  private static String updatedKind(Action action) {
    return action instanceof Action.Patch<?> patch ? patch.type().kind() : "";
  }
}
