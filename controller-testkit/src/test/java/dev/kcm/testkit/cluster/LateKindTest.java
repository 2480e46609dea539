package dev.kcm.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Informers;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Kinds that are defined while their informer already waits for them. */
@KubernetesTest
class LateKindTest {

  private static final ResourceType<GenericKubernetesResource> DEFINITIONS =
      ResourceType.generic(
          "apiextensions.k8s.io",
          "v1",
          "CustomResourceDefinition",
          "customresourcedefinitions",
          false);

  private static final ResourceType<GenericKubernetesResource> THINGS =
      ResourceType.generic("example.com", "v1", "Thing", "things", true);

  private static final String DEFINITION =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: things.example.com}
      spec:
        group: example.com
        scope: Namespaced
        names: {plural: things, singular: thing, kind: Thing, listKind: ThingList}
        versions:
        - name: v1
          served: true
          storage: true
          schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
      """;

  @Test
  @DisplayName("INF-62 a kind that comes is synced at once where definitions are followed")
  void syncsAtOnceWhereDefinitionsAreFollowed(TestCluster cluster) {
    Informers informers =
        Informers.builder(cluster.client())
            .environment(cluster.environment())
            .followDefinitions()
            .build();
    Informer<GenericKubernetesResource> things = informers.get(THINGS);
    informers.start();
    cluster.advance(Duration.ofMinutes(10));
    assertThat(things.state()).isEqualTo("BLOCKED (404 things.example.com/list)");
    assertThat(informers.list()).as("what nobody asked for is not shown").hasSize(1);

    cluster.await(
        cluster
            .client()
            .create(
                DEFINITIONS, Serialization.unmarshal(DEFINITION, GenericKubernetesResource.class)));
    cluster.advance(Duration.ofSeconds(3));
    assertThat(things.hasSynced()).isTrue();
    cluster.await(informers.stop(Duration.ofSeconds(1)).toCompletableFuture());
  }
}
