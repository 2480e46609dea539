package dev.kcm.controllers.auth.rootca;

import static dev.kcm.testkit.PlanAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Verdict;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.FaultyServer;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.Rehearsal;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RootCaReconcilerTest {

  static final RootCaConfig CONFIG = new RootCaConfig("-----BEGIN CERTIFICATE-----...");

  private static final ObjectKey SHOP = new ObjectKey("", "shop");

  private final ModelCluster cluster = ModelCluster.of(VirtualEnvironment.seeded(1), List.of());
  private final ModelCaches caches = ModelCaches.of(cluster, 1);
  private final ModelLoop<RootCaSnapshot> loop = wire(caches);

  @Test
  @DisplayName("New namespace: create")
  void publishesInANewNamespace() {
    cluster.put(namespace("shop", "Active"));
    Rehearsal run = onlyRun();
    assertThat(run).creates(1, ConfigMap.class).ends(Verdict.DONE);
    ConfigMap map = published();
    assertThat(map.getData()).isEqualTo(Map.of("ca.crt", CONFIG.certificates()));
    assertThat(map.getMetadata().getAnnotations())
        .isEqualTo(Map.of("kubernetes.io/description", RootCaReconciler.DESCRIPTION));
  }

  @Test
  @DisplayName("Delete of ours: create; of another ConfigMap: nothing")
  void publishesAgainWhatWasDeleted() {
    cluster.put(map().build());
    cluster.put(map().editMetadata().withName("other").endMetadata().build());
    caches.catchUp();
    cluster.remove(map().editMetadata().withName("other").endMetadata().build());
    caches.catchUp();
    assertThat(loop.takeQueued()).isEmpty();
    cluster.remove(map().build());
    assertThat(onlyRun()).creates(1, ConfigMap.class);
  }

  @Test
  @DisplayName("Added key or changed value: update; the rest of the object is kept")
  void putsBackWhatWasChanged() {
    cluster.put(map().build());
    caches.catchUp();
    cluster.put(
        map()
            .editMetadata()
            .addToLabels("l", "v")
            .addToAnnotations("a", "b")
            .endMetadata()
            .addToData("more", "x")
            .addToBinaryData("bin", "AA==")
            .build());
    assertThat(onlyRun()).creates(0, ConfigMap.class).ends(Verdict.DONE);
    assertThat(published().getData()).isEqualTo(Map.of("ca.crt", CONFIG.certificates()));
    assertThat(published().getBinaryData()).isEqualTo(Map.of("bin", "AA=="));
    assertThat(published().getMetadata().getLabels()).isEqualTo(Map.of("l", "v"));
    assertThat(published().getMetadata().getAnnotations()).containsEntry("a", "b");
    cluster.put(map().addToData("ca.crt", "forged").build());
    assertThat(onlyRun().tried(Action.Update.class)).hasSize(1);
  }

  @Test
  @DisplayName("Other ConfigMap updated: nothing; ConfigMap added: nothing")
  void otherConfigMapsWakeNobody() {
    cluster.put(map().editMetadata().withName("other").endMetadata().build());
    cluster.put(map().editMetadata().withName("other").endMetadata().build());
    cluster.put(map().build());
    caches.catchUp();
    assertThat(loop.takeQueued()).isEmpty();
  }

  @Test
  @DisplayName("Terminating namespace update: nothing")
  void aNamespaceOnItsWayOutIsNotWoken() {
    cluster.put(namespace("shop", "Active"));
    caches.catchUp();
    List<ObjectKey> first = loop.takeQueued();
    cluster.put(namespace("shop", "Terminating"));
    caches.catchUp();
    assertThat(first).containsExactly(SHOP);
    assertThat(loop.takeQueued()).isEmpty();
  }

  @Test
  @DisplayName("Missing annotation: update; present, equal or different: no update")
  void wantsADescriptionButAnyWillDo() {
    cluster.put(map().editMetadata().withAnnotations(Map.of()).endMetadata().build());
    caches.catchUp();
    assertThat(loop.run(SHOP).tried(Action.Update.class)).hasSize(1);
    cluster.put(
        map()
            .editMetadata()
            .withAnnotations(Map.of("kubernetes.io/description", "ours"))
            .endMetadata()
            .build());
    assertThat(onlyRun().tried(Action.Update.class)).isEmpty();
    assertThat(published().getMetadata().getAnnotations())
        .containsEntry("kubernetes.io/description", "ours");
  }

  @Test
  void anIntactConfigMapCostsNoRequest() {
    cluster.put(map().build());
    caches.catchUp();
    assertThat(loop.run(SHOP).actions()).allMatch(Action.Measure.class::isInstance);
  }

  @Test
  void nothingIsCreatedInANamespaceKnownToBeGoing() {
    cluster.put(
        new NamespaceBuilder(namespace("shop", "Terminating"))
            .editMetadata()
            .withDeletionTimestamp("2026-01-01T00:00:00Z")
            .endMetadata()
            .build());
    assertThat(onlyRun()).creates(0, ConfigMap.class).ends(Verdict.DONE);
  }

  @ParameterizedTest
  @CsvSource({
    "NOT_FOUND, 404, 200, false",
    "FORBIDDEN, 403, 403, true",
    "ALREADY_EXISTS, 409, 409, true",
    "SERVER_ERROR, 500, 500, true",
    "BROKEN, 0, 500, true",
  })
  @DisplayName("Metrics: success 200, else by status code, plain error 500")
  void countsByStatusCode(ApiError.Kind kind, int status, String code, boolean retried) {
    cluster.put(namespace("shop", "Active"));
    caches.catchUp();
    ApiError error = ApiError.of(kind, status, "no");
    Rehearsal run = loop.run(SHOP, FaultyServer.before(cluster).reject(Action.Create.class, error));
    assertThat(run.tried(Action.Measure.class))
        .extracting(Action.Measure::meter, m -> m.labels().get("code"))
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(RootCaMetrics.SYNCS, code),
            org.assertj.core.groups.Tuple.tuple(RootCaMetrics.DURATION, code));
    assertThat(run.verdict() instanceof Verdict.Retry).isEqualTo(retried);
  }

  @Test
  @DisplayName("NamespaceTerminating: ok")
  void aRefusalByATerminatingNamespaceIsNoFailure() {
    cluster.terminateNamespace("shop");
    assertThat(loop.run(SHOP)).ends(Verdict.DONE);
  }

  @Test
  void feedsUpstreamsSeries() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    RootCaMetrics metrics = RootCaMetrics.in(meters);
    metrics.accept(new Action.Measure(RootCaMetrics.SYNCS, 1, Map.of("code", "200"), "x"));
    metrics.accept(new Action.Measure(RootCaMetrics.DURATION, 0.5, Map.of("code", "200"), "x"));
    assertThat(meters.get(RootCaMetrics.SYNCS).tag("code", "200").counter().count()).isEqualTo(1);
    assertThat(meters.get("root_ca_cert_publisher_sync_duration").timer().count()).isEqualTo(1);
  }

  private Rehearsal onlyRun() {
    caches.catchUp();
    assertThat(loop.takeQueued()).containsExactly(SHOP);
    return loop.run(SHOP);
  }

  private ConfigMap published() {
    return cluster.get(ConfigMap.class, new ObjectKey("shop", "kube-root-ca.crt")).orElseThrow();
  }

  static ModelLoop<RootCaSnapshot> wire(ModelCaches caches) {
    var namespaces = caches.informer(Kinds.NAMESPACES);
    var maps = caches.informer(Kinds.CONFIG_MAPS);
    return ModelLoop.<RootCaSnapshot>over(caches)
        .on(namespaces, new NamespaceMapper())
        .on(maps, new PublishedMapper())
        .reading(new RootCaReader(CONFIG, namespaces.lister(), maps.lister()))
        .deciding(new RootCaReconciler());
  }

  static Namespace namespace(String name, String phase) {
    return new NamespaceBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewStatus()
        .withPhase(phase)
        .endStatus()
        .build();
  }

  static ConfigMapBuilder map() {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withName("kube-root-ca.crt")
        .withAnnotations(Map.of("kubernetes.io/description", RootCaReconciler.DESCRIPTION))
        .endMetadata()
        .withData(Map.of("ca.crt", CONFIG.certificates()));
  }
}
