package dev.kcm.examples.podcount;

import static dev.kcm.testkit.cluster.ClusterAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.testkit.cluster.KubernetesTest;
import dev.kcm.testkit.cluster.TestCluster;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole operator against an API server with a node that runs pods, on virtual time. */
@KubernetesTest(nodes = 1)
class PodCountOperatorTest {

  @BeforeEach
  void start(TestCluster cluster) {
    cluster.start(PodCountOperator.controller());
    cluster.run();
  }

  @Test
  void labelFollowsPodsThatStartAndEnd(TestCluster cluster) {
    assertThat(label(cluster, "default")).isEqualTo("0");
    cluster.create(pod("one"));
    cluster.create(pod("two"));
    cluster.eventually(() -> assertThat(label(cluster, "default")).isEqualTo("2"));

    cluster.delete(cluster.get(Pod.class, "default", "one"));
    cluster.eventually(() -> assertThat(label(cluster, "default")).isEqualTo("1"));
    assertThat(label(cluster, "kube-system")).isEqualTo("0");
    assertThat(cluster.requests()).stayedWithin(PodCountOperator.controller().access());
  }

  @Test
  void labelThatSomebodyOverwritesIsPutRight(TestCluster cluster) {
    cluster.edit(Namespace.class, "", "default", PodCountOperatorTest::mislabelled);
    cluster.run();

    assertThat(label(cluster, "default")).isEqualTo("0");
  }

  @Test
  void aCountThatStaysIsNotWritten(TestCluster cluster) {
    cluster.requests().clear();
    cluster.edit(
        Namespace.class,
        "",
        "default",
        namespace -> {
          namespace.getMetadata().getLabels().put("team", "web");
          return namespace;
        });
    cluster.run();

    assertThat(cluster.requests()).sent(0, Verb.PATCH, "namespaces").wroteNothing();
  }

  private static String label(TestCluster cluster, String namespace) {
    return cluster
        .get(Namespace.class, "", namespace)
        .getMetadata()
        .getLabels()
        .get(PodCountReconciler.LABEL);
  }

  private static Namespace mislabelled(Namespace namespace) {
    namespace.getMetadata().getLabels().put(PodCountReconciler.LABEL, "7");
    return namespace;
  }

  private static Pod pod(String name) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withTerminationGracePeriodSeconds(0L)
        .addNewContainer()
        .withName("web")
        .withImage("nginx")
        .endContainer()
        .endSpec()
        .build();
  }
}
