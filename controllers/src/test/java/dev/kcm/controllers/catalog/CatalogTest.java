package dev.kcm.controllers.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.controllers.apps.replicaset.ReplicaSetConfig;
import dev.kcm.controllers.apps.replicationcontroller.ReplicationControllerConfig;
import dev.kcm.controllers.network.endpoints.EndpointsConfig;
import dev.kcm.controllers.network.endpointslice.EndpointSliceConfig;
import dev.kcm.controllers.network.endpointslicemirroring.MirroringConfig;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.manager.ControllerSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogTest {

  @TempDir private Path directory;
  private Catalog catalog;

  @BeforeEach
  void fill() {
    catalog = ModelContext.everything(directory);
  }

  /** Canonical name, alias, client, event source and queue are what users and RBAC rules name. */
  @ParameterizedTest
  @CsvSource({
    "replicaset-controller, replicaset, replicaset-controller, replicaset-controller, replicaset,"
        + " true",
    "replicationcontroller-controller, replicationcontroller, replication-controller,"
        + " replication-controller, replicationmanager, true",
    "serviceaccount-controller, serviceaccount, service-account-controller,"
        + " service-account-controller, serviceaccount, true",
    "endpoints-controller, endpoint, endpoint-controller, endpoint-controller, endpoint, true",
    "endpointslice-controller, endpointslice, endpointslice-controller,"
        + " endpoint-slice-controller, endpoint_slice, true",
    "endpointslice-mirroring-controller, endpointslicemirroring,"
        + " endpointslicemirroring-controller, endpoint-slice-mirroring-controller,"
        + " endpoint_slice_mirroring, true",
    "pod-garbage-collector-controller, podgc, pod-garbage-collector, pod-garbage-collector,"
        + " orphaned_pods_nodes, true",
    "node-ipam-controller, nodeipam, node-controller, cidrAllocator, cidrallocator_node, true",
    "taint-eviction-controller, taint-eviction-controller, node-controller,"
        + " taint-eviction-controller, noexec_taint_pod, true",
    "certificatesigningrequest-approving-controller, csrapproving, certificate-controller,"
        + " certificate-controller, certificate, true",
    "serviceaccount-token-controller, serviceaccount-token, tokens-controller,"
        + " tokens-controller, serviceaccount_tokens_service, true",
    "legacy-serviceaccount-token-cleaner-controller, legacy-service-account-token-cleaner,"
        + " legacy-service-account-token-cleaner, legacy-service-account-token-cleaner,"
        + " legacy_service_account_token_cleaner, true",
    "namespace-controller, namespace, namespace-controller, namespace-controller, namespace, true",
    "certificatesigningrequest-cleaner-controller, csrcleaner, certificate-controller,"
        + " certificate-controller, certificate_cleaner, true",
    "certificatesigningrequest-signing-controller, csrsigning, certificate-controller,"
        + " certificate-controller, certificate, true",
    "ttl-controller, ttl, ttl-controller, ttl-controller, ttlcontroller, true",
    "root-ca-certificate-publisher-controller, root-ca-cert-publisher, root-ca-cert-publisher,"
        + " root-ca-cert-publisher, root_ca_cert_publisher, true",
    "bootstrap-signer-controller, bootstrapsigner, bootstrap-signer, bootstrap-signer,"
        + " bootstrap_signer_queue, false",
    "token-cleaner-controller, tokencleaner, token-cleaner, token-cleaner, token_cleaner, false",
  })
  void namesAreThoseOfUpstream(
      String name, String alias, String client, String source, String queue, boolean byDefault) {
    ControllerSpec spec = catalog.find(name).orElseThrow();
    assertThat(catalog.find(alias)).contains(spec);
    assertThat(spec.client()).isEqualTo(client);
    assertThat(spec.enabledByDefault()).isEqualTo(byDefault);
    assertThat(spec.wiring().wire(new ModelContext()))
        .isNotEmpty()
        .allSatisfy(
            (Loop<?> loop) -> {
              assertThat(loop.component()).isEqualTo(source);
              assertThat(loop.queue()).isEqualTo(queue);
            });
  }

  @Test
  void theDeviceTaintEvictionControllerSpeaksOfRulesUnderANameOfItsOwn() {
    ControllerSpec spec = catalog.find("device-taint-eviction-controller").orElseThrow();
    assertThat(spec.client()).isEqualTo("device-taint-eviction-controller");
    assertThat(spec.aliases()).isEmpty();
    assertThat(spec.enabledByDefault()).isTrue();
    assertThat(spec.requiredGates())
        .containsExactly("DynamicResourceAllocation", "DRADeviceTaints");
    assertThat(spec.wiring().wire(new ModelContext()))
        .<String>extracting(Loop::component)
        .containsExactly("device-taint-eviction-controller", "resource_slice_tracker");
  }

  @Test
  void theNodeLifecycleControllerHasItsTwoQueuesAndOneForTheZones() {
    ControllerSpec spec = catalog.find("nodelifecycle").orElseThrow();
    assertThat(spec.name()).isEqualTo("node-lifecycle-controller");
    assertThat(spec.client()).isEqualTo("node-controller");
    List<? extends Loop<?>> loops = spec.wiring().wire(new ModelContext());
    assertThat(loops).extracting(Loop::component).containsOnly("node-controller");
    assertThat(loops)
        .extracting(Loop::name)
        .containsExactly(
            "node_lifecycle_controller",
            "node_lifecycle_controller_pods",
            "node_lifecycle_controller_zones");
  }

  @Test
  void withoutAnAuthorityNothingIsSigned() {
    ControllerSpec signing = Catalog.of(CatalogConfig.defaults()).find("csrsigning").orElseThrow();
    assertThat(signing.wiring().wire(new ModelContext())).isEmpty();
  }

  @Test
  void withoutAKeyNoTokensAreMade() {
    ControllerSpec tokens =
        Catalog.of(CatalogConfig.defaults()).find("serviceaccount-token").orElseThrow();
    assertThat(tokens.wiring().wire(new ModelContext())).isEmpty();
  }

  @Test
  void tokensComeFirst() {
    assertThat(catalog.specs().get(0).name()).isEqualTo("serviceaccount-token-controller");
  }

  @Test
  void bothControllersFeedOneSeries() {
    ModelContext context = new ModelContext();
    catalog.specs().forEach(spec -> spec.wiring().wire(context));
    assertThat(context.meters().find("replicaset_controller_sorting_deletion_age_ratio").meters())
        .hasSize(1);
  }

  @Test
  void unknownNamesAreNotFound() {
    assertThat(catalog.find("no-such-controller")).isEmpty();
  }

  @Test
  void refusesANameTakenTwice() {
    ControllerSpec first = ControllerSpec.named("a").alias("x").wiredBy(context -> List.of());
    ControllerSpec second = ControllerSpec.named("x").wiredBy(context -> List.of());
    assertThatThrownBy(() -> Catalog.of(List.of(first, second)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("controller name \"x\" is taken by both a and x");
  }

  @Test
  void configsSayWhatTheyTake() {
    assertThatThrownBy(() -> new ReplicaSetConfig(0))
        .hasMessage("concurrent-replicaset-syncs is 0, allowed: 1 or more");
    assertThatThrownBy(() -> new EndpointsConfig(0, Duration.ZERO))
        .hasMessage("concurrent-endpoint-syncs is 0, allowed: 1 or more");
    assertThatThrownBy(() -> new EndpointsConfig(1, Duration.ofSeconds(-1)))
        .hasMessage("endpoint-updates-batch-period is PT-1S, allowed: zero or more");
    assertThatThrownBy(() -> new EndpointSliceConfig(51, 100, Duration.ZERO))
        .hasMessage("concurrent-service-endpoint-syncs is 51, allowed: 1 to 50");
    assertThatThrownBy(() -> new EndpointSliceConfig(5, 1001, Duration.ZERO))
        .hasMessage("max-endpoints-per-slice is 1001, allowed: 1 to 1000");
    assertThatThrownBy(() -> new MirroringConfig(0, 1, Duration.ZERO))
        .hasMessage("mirroring-concurrent-service-endpoint-syncs is 0, allowed: 1 to 50");
    assertThatThrownBy(() -> new MirroringConfig(5, 0, Duration.ZERO))
        .hasMessage("mirroring-max-endpoints-per-subset is 0, allowed: 1 to 1000");
    assertThatThrownBy(() -> new ReplicationControllerConfig(-1))
        .hasMessage("concurrent_rc_syncs is -1, allowed: 1 or more");
  }
}
