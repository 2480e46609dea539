package dev.kcm.controllers.wiring;

import static dev.kcm.testkit.cluster.ClusterAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.lifecycle.namespace.NamespaceConfig;
import dev.kcm.controllers.lifecycle.namespace.NamespaceController;
import dev.kcm.core.object.ApiError;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.testkit.cluster.TestCluster;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Namespaces go away with all their content, on virtual time. */
class NamespaceWiringIT {

  private final TestCluster cluster = TestCluster.builder().nodes(1).start();

  @BeforeEach
  void start() {
    cluster.start(NamespaceController.spec(NamespaceConfig.defaults()));
    cluster.create(new NamespaceBuilder().withNewMetadata().withName("shop").endMetadata().build());
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void aNamespaceDisappearsWithAllThatIsInIt() {
    cluster.create(pod("till"));
    cluster.create(map("prices"));
    cluster.create(secret("safe"));
    cluster.create(map("other", "default"));
    cluster.eventually(
        () ->
            assertThat(cluster.get(Pod.class, "shop", "till").getStatus().getPhase())
                .isEqualTo("Running"));

    cluster.delete(cluster.get(Namespace.class, "", "shop"));
    assertThat(cluster.get(Namespace.class, "", "shop").getStatus().getPhase())
        .isEqualTo("Terminating");

    cluster.eventually(
        Duration.ofMinutes(2),
        () -> assertThat(cluster.find(Namespace.class, "", "shop")).isEmpty());
    assertThat(cluster.list(Pod.class)).isEmpty();
    assertThat(cluster.list(Secret.class)).isEmpty();
    assertThat(cluster.find(ConfigMap.class, "shop", "prices")).isEmpty();
    assertThat(cluster.find(ConfigMap.class, "default", "other")).isPresent();
  }

  @Test
  void whatAFinalizerHoldsHoldsTheNamespaceAndItSaysSo() {
    ConfigMap held =
        new ConfigMapBuilder(map("prices"))
            .editMetadata()
            .withFinalizers("shop.dev/hold")
            .endMetadata()
            .build();
    cluster.create(held);
    cluster.delete(cluster.get(Namespace.class, "", "shop"));
    cluster.eventually(
        () ->
            assertThat(cluster.get(Namespace.class, "", "shop").getStatus().getConditions())
                .anySatisfy(
                    condition -> {
                      assertThat(condition.getType()).isEqualTo("NamespaceFinalizersRemaining");
                      assertThat(condition.getMessage())
                          .isEqualTo(
                              "Some content in the namespace has finalizers remaining:"
                                  + " shop.dev/hold in 1 resource instances");
                    }));

    cluster.edit(
        ConfigMap.class,
        "shop",
        "prices",
        map -> new ConfigMapBuilder(map).editMetadata().withFinalizers().endMetadata().build());
    cluster.eventually(() -> assertThat(cluster.find(Namespace.class, "", "shop")).isEmpty());
  }

  @Test
  void refusalsAreOvercome() {
    cluster.create(map("prices"));
    cluster
        .faults()
        .on(Verb.DELETECOLLECTION, "configmaps")
        .call(1)
        .fail(ApiError.of(ApiError.Kind.SERVER_ERROR, 500, "not now"));
    cluster.delete(cluster.get(Namespace.class, "", "shop"));
    cluster.eventually(
        Duration.ofMinutes(1),
        () -> assertThat(cluster.find(Namespace.class, "", "shop")).isEmpty());
  }

  @Test
  void nothingIsAskedForANamespaceThatStays() {
    cluster.requests().clear();
    cluster.advance(Duration.ofMinutes(30));
    assertThat(cluster.requests().writes()).isEmpty();
    assertThat(cluster.requests().of(Verb.GET, "namespaces")).isEmpty();
  }

  private static Pod pod(String name) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withTerminationGracePeriodSeconds(30L)
        .addNewContainer()
        .withName("c")
        .withImage("i")
        .endContainer()
        .endSpec()
        .build();
  }

  private static ConfigMap map(String name) {
    return map(name, "shop");
  }

  private static ConfigMap map(String name, String namespace) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .endMetadata()
        .build();
  }

  private static Secret secret(String name) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withName(name)
        .endMetadata()
        .build();
  }
}
