package dev.kcm.controllers.shared.services;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.controllers.shared.pods.TestPod;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ServicePodMapperTest {

  private static final Instant NOW = VirtualEnvironment.seeded(0).wallClock().now();
  private static final ObjectKey WEB = new ObjectKey("shop", "web");
  private static final ObjectKey BLUE = new ObjectKey("shop", "blue");
  private static final ObjectKey POD = new ObjectKey("shop", "p");

  private final ModelCluster cluster =
      ModelCluster.of(
          VirtualEnvironment.seeded(1),
          List.of(
              TestService.web().build(),
              TestService.named("blue").selecting(Map.of("app", "web", "color", "blue")).build(),
              TestService.named("none").selecting(Map.of()).build(),
              TestService.named("other").selecting(Map.of("app", "db")).build()));
  private final ModelCaches caches = ModelCaches.of(cluster, 1);
  private final ModelLoop<Object> loop = ModelLoop.over(caches);

  @Test
  void aNewPodWakesTheServicesThatSelectIt() {
    start(Duration.ZERO, TestPod.named("p").labels(Map.of("app", "web", "x", "y")).build());
    assertThat(loop.takeQueued()).containsExactly(WEB);
  }

  @Test
  void aPodThatIsGoneWakesThemAgain() {
    Pod pod = TestPod.named("p").labels(Map.of("app", "web", "color", "blue")).build();
    start(Duration.ZERO, pod);
    assertThat(loop.takeQueued()).containsExactlyInAnyOrder(WEB, BLUE);
    cluster.remove(pod);
    caches.catchUp();
    assertThat(loop.takeQueued()).containsExactlyInAnyOrder(WEB, BLUE);
  }

  @Test
  void podsOfOtherNamespacesWakeNobody() {
    start(Duration.ZERO, TestPod.named("p").namespace("x").labels(Map.of("app", "web")).build());
    assertThat(loop.takeQueued()).isEmpty();
  }

  @Test
  @DisplayName("Changes that do not stand in endpoints wake nobody")
  void otherChangesWakeNobody() {
    startWithWebPod();
    change(p -> new PodBuilder(p).editSpec().withNodeName("n2").endSpec().build());
    assertThat(loop.takeQueued()).isEmpty();
  }

  @Test
  void readinessAddressesAndDeletionWakeTheServices() {
    startWithWebPod();
    change(p -> ready(p));
    assertThat(loop.takeQueued()).containsExactly(WEB);
    change(p -> new PodBuilder(p).editStatus().addNewPodIP("10.0.0.1").endStatus().build());
    assertThat(loop.takeQueued()).containsExactly(WEB);
    change(p -> new PodBuilder(p).editStatus().withPhase("Succeeded").endStatus().build());
    assertThat(loop.takeQueued()).containsExactly(WEB);
    change(
        p ->
            new PodBuilder(p)
                .editMetadata()
                .withDeletionTimestamp(NOW.toString())
                .endMetadata()
                .build());
    assertThat(loop.takeQueued()).containsExactly(WEB);
  }

  @Test
  @DisplayName("Labels alone: only Services that select it anew or no longer")
  void changedLabelsWakeTheDifference() {
    startWithWebPod();
    change(p -> labelled(p, Map.of("app", "web", "color", "blue")));
    assertThat(loop.takeQueued()).containsExactly(BLUE);
    change(p -> labelled(p, Map.of("app", "db")));
    assertThat(loop.takeQueued())
        .containsExactlyInAnyOrder(WEB, BLUE, new ObjectKey("shop", "other"));
  }

  @Test
  @DisplayName("Labels and readiness: all Services of before and after")
  void changedLabelsAndStateWakeTheUnion() {
    startWithWebPod();
    change(p -> ready(labelled(p, Map.of("app", "web", "color", "blue"))));
    assertThat(loop.takeQueued()).containsExactlyInAnyOrder(WEB, BLUE);
  }

  @Test
  void aChangedHostnameWakesTheServices() {
    startWithWebPod();
    change(p -> new PodBuilder(p).editSpec().withHostname("h").endSpec().build());
    assertThat(loop.takeQueued()).containsExactly(WEB);
  }

  @Test
  void aBatchPeriodDelaysTheKey() {
    start(Duration.ofSeconds(1), TestPod.named("p").labels(Map.of("app", "web")).build());
    assertThat(loop.takeQueued()).isEmpty();
    assertThat(loop.takeDelayed()).isEqualTo(Map.of(WEB, Duration.ofSeconds(1)));
  }

  @Test
  void findsThePodsOfAService() {
    ServicePods pods = ServicePods.in(caches.informer(PodStates.TYPE));
    cluster.put(TestPod.named("a").labels(Map.of("app", "web", "color", "blue")).build());
    cluster.put(TestPod.named("b").labels(Map.of("app", "web")).build());
    cluster.put(TestPod.named("c").labels(Map.of("color", "blue")).build());
    caches.catchUp();
    assertThat(pods.of(TestService.web().build())).hasSize(2);
    assertThat(pods.of(TestService.web().selecting(Map.of("app", "web", "color", "blue")).build()))
        .extracting(pod -> pod.getMetadata().getName())
        .containsExactly("a");
    assertThat(pods.of(TestService.web().selecting(Map.of()).build())).isEmpty();
  }

  private void startWithWebPod() {
    start(Duration.ZERO, TestPod.named("p").labels(Map.of("app", "web")).build());
    assertThat(loop.takeQueued()).containsExactly(WEB);
  }

  private void start(Duration batch, Pod pod) {
    SelectingServices services = SelectingServices.in(caches.informer(Kinds.SERVICES));
    var unused = loop.on(caches.informer(PodStates.TYPE), new ServicePodMapper(services, batch));
    cluster.put(pod);
    caches.catchUp();
  }

  private void change(UnaryOperator<Pod> edit) {
    cluster.change(Pod.class, POD, edit);
    caches.catchUp();
  }

  private static Pod labelled(Pod pod, Map<String, String> labels) {
    return new PodBuilder(pod).editMetadata().withLabels(labels).endMetadata().build();
  }

  private static Pod ready(Pod pod) {
    return new PodBuilder(pod)
        .editStatus()
        .addNewCondition()
        .withType("Ready")
        .withStatus("True")
        .endCondition()
        .endStatus()
        .build();
  }
}
