package dev.kcm.controllers.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kcm.controllers.auth.rootca.RootCaConfig;
import dev.kcm.controllers.catalog.CatalogConfig;
import dev.kcm.controllers.shared.bootstraptokens.TestToken;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.embedded.resource.ApiRequest;
import dev.kcm.embedded.resource.Statuses;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The controllers that look after one small thing each, on real threads. */
class SmallControllersWiringIT {

  private static final CatalogConfig CONFIG =
      CatalogConfig.builder().rootCa(new RootCaConfig("certificates")).build();

  private final RunningManager manager =
      RunningManager.of(
          CONFIG,
          "serviceaccount-controller",
          "root-ca-certificate-publisher-controller",
          "ttl-controller",
          "bootstrap-signer-controller",
          "token-cleaner-controller");

  @AfterEach
  void stop() {
    manager.close();
  }

  @Test
  void aNewNamespaceGetsItsServiceAccountAndItsCertificates() {
    manager.create(
        Kinds.NAMESPACES,
        new NamespaceBuilder().withNewMetadata().withName("shop").endMetadata().build());
    await().until(() -> manager.get(Kinds.SERVICE_ACCOUNTS, "shop", "default").isPresent());
    await().until(() -> manager.get(Kinds.CONFIG_MAPS, "shop", "kube-root-ca.crt").isPresent());

    manager.delete(Kinds.SERVICE_ACCOUNTS, "shop", "default");
    manager.delete(Kinds.CONFIG_MAPS, "shop", "kube-root-ca.crt");

    await().until(() -> manager.get(Kinds.SERVICE_ACCOUNTS, "shop", "default").isPresent());
    await()
        .untilAsserted(
            () ->
                assertThat(manager.get(Kinds.CONFIG_MAPS, "shop", "kube-root-ca.crt"))
                    .hasValueSatisfying(
                        map ->
                            assertThat(map.getData()).isEqualTo(Map.of("ca.crt", "certificates"))));
  }

  @Test
  void aFailedPublicationIsMadeUpFor() {
    manager
        .faults
        .on(ApiRequest.Verb.CREATE, "configmaps")
        .call(1)
        .fail(() -> Statuses.serviceUnavailable("not now"));
    manager.create(
        Kinds.NAMESPACES,
        new NamespaceBuilder().withNewMetadata().withName("shop").endMetadata().build());
    await().until(() -> manager.get(Kinds.CONFIG_MAPS, "shop", "kube-root-ca.crt").isPresent());
  }

  @Test
  void aNewNodeLearnsHowLongToCache() {
    manager.create(
        Kinds.NODES, new NodeBuilder().withNewMetadata().withName("n").endMetadata().build());
    await()
        .untilAsserted(
            () ->
                assertThat(manager.get(Kinds.NODES, "", "n").orElseThrow().getMetadata())
                    .satisfies(
                        metadata ->
                            assertThat(metadata.getAnnotations())
                                .containsEntry("node.alpha.kubernetes.io/ttl", "0")));
  }

  @Test
  void clusterInfoIsSignedUntilTheTokenExpires() {
    manager.create(
        Kinds.CONFIG_MAPS,
        new ConfigMapBuilder()
            .withNewMetadata()
            .withNamespace("kube-public")
            .withName("cluster-info")
            .endMetadata()
            .withData(Map.of("kubeconfig", "payload"))
            .build());
    manager.create(
        Kinds.SECRETS, withoutUid(TestToken.of("abc123").expiring(Instant.now().plusSeconds(3))));

    await().until(() -> clusterInfo().containsKey("jws-kubeconfig-abc123"));
    await()
        .until(() -> manager.get(Kinds.SECRETS, "kube-system", "bootstrap-token-abc123").isEmpty());
    await().until(() -> !clusterInfo().containsKey("jws-kubeconfig-abc123"));
    assertThat(clusterInfo()).isEqualTo(Map.of("kubeconfig", "payload"));
  }

  private Map<String, String> clusterInfo() {
    return manager.get(Kinds.CONFIG_MAPS, "kube-public", "cluster-info").orElseThrow().getData();
  }

  private static Secret withoutUid(TestToken token) {
    return new SecretBuilder(token.build()).editMetadata().withUid(null).endMetadata().build();
  }
}
