package dev.kcm.testkit.docs;

import static dev.kcm.testkit.cluster.ClusterAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.testkit.cluster.Greetings;
import dev.kcm.testkit.cluster.KubernetesTest;
import dev.kcm.testkit.cluster.TestCluster;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@KubernetesTest
class GreetingTest {

  @Test
  void greetsOnceAlthoughTheAnswerIsLost(TestCluster cluster) {
    cluster.faults().on(Verb.CREATE, "configmaps").next().dropAfterCommit();
    cluster.start(Greetings.controller());
    cluster.create(Greetings.person("ann"));
    cluster.advance(Duration.ofMinutes(1));

    assertThat(cluster.get(ConfigMap.class, "default", "ann").getData())
        .containsEntry("text", "Hello ann");
    assertThat(cluster.requests()).sent(1, Verb.CREATE, "configmaps");
  }
}
