package dev.kcm.testkit.cluster;

import static dev.kcm.testkit.cluster.ClusterAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.embedded.resource.ApiRequest.Verb;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Over HTTPS, in real time, with fabric8's client beside ours. */
@KubernetesTest(https = true)
class HttpsClusterTest {

  @Test
  void aControllerAndFabric8SeeTheSameObjects(TestCluster cluster, KubernetesClient fabric8) {
    cluster.start(Greetings.controller());
    fabric8.serviceAccounts().resource(Greetings.person("ann")).create();

    cluster.eventually(
        () ->
            assertThat(cluster.find(ConfigMap.class, "default", "ann"))
                .get()
                .satisfies(map -> assertThat(map.getData()).containsEntry("text", "Hello ann")));
    assertThat(fabric8.configMaps().inNamespace("default").withName("ann").get()).isNotNull();
    assertThat(cluster.requests()).sent(1, Verb.CREATE, "configmaps");
  }

  @Test
  void aLostAnswerIsSeenAsABrokenConnection(TestCluster cluster) {
    cluster.faults().on(Verb.CREATE, "configmaps").next().dropAfterCommit();
    cluster.start(Greetings.controller());
    cluster.create(Greetings.person("ann"));

    cluster.eventually(
        () -> assertThat(cluster.find(ConfigMap.class, "default", "ann")).isPresent());
  }

  @Test
  void realTimeCannotBeMoved(TestCluster cluster) {
    assertThatThrownBy(() -> cluster.advance(Duration.ofSeconds(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("real time passes by itself");
  }
}
