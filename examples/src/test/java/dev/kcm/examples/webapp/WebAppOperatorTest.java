package dev.kcm.examples.webapp;

import static dev.kcm.testkit.cluster.ClusterAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.testkit.cluster.KubernetesTest;
import dev.kcm.testkit.cluster.TestCluster;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The whole operator against an API server that knows its kind, on virtual time. */
@KubernetesTest(kinds = WebApp.class)
class WebAppOperatorTest {

  @Test
  void appLivesFromCreationToDeletion(TestCluster cluster) {
    cluster.start(WebAppOperator.controller());
    cluster.create(app());
    cluster.run();
    assertThat(reasons(cluster)).containsExactly("PodsNotReady");
    assertThat(cluster.get(ConfigMap.class, "default", "hello").getData()).containsValue("hi");

    cluster.updateStatus(ready(cluster.get(Deployment.class, "default", "hello")));
    cluster.run();
    assertThat(reasons(cluster)).containsExactly("Serving");

    cluster.edit(WebApp.class, "default", "hello", WebAppOperatorTest::changed);
    cluster.run();
    assertThat(cluster.get(Deployment.class, "default", "hello").getSpec().getReplicas())
        .isEqualTo(3);
    assertThat(cluster.get(ConfigMap.class, "default", "hello").getData()).containsValue("ho");
    assertThat(get(cluster).getStatus().observedGeneration()).isEqualTo(2);

    cluster.delete(get(cluster));
    cluster.run();
    assertThat(cluster.find(Deployment.class, "default", "hello")).isEmpty();
    assertThat(cluster.find(WebApp.class, "default", "hello")).isEmpty();
    assertThat(cluster.requests()).stayedWithin(WebAppOperator.controller().access());
  }

  @Test
  void rolesToApplyAreUpToDate() throws IOException {
    Path file = Path.of("webapp/rbac.yaml");
    String roles = WebAppOperator.operator(0).roles("default").yaml();
    if (System.getProperty("kcm.update") != null) {
      Files.writeString(file, roles);
    }

    assertThat(file).as("run this test with -Dkcm.update to write it anew").hasContent(roles);
  }

  private static WebApp get(TestCluster cluster) {
    return cluster.get(WebApp.class, "default", "hello");
  }

  private static List<String> reasons(TestCluster cluster) {
    List<Condition> conditions = get(cluster).getStatus().conditions();
    List<String> reasons = new ArrayList<>();
    conditions.forEach(condition -> reasons.add(condition.getReason()));
    return reasons;
  }

  private static Deployment ready(Deployment server) {
    return new DeploymentBuilder(server)
        .withStatus(new DeploymentStatusBuilder().withReplicas(2).withReadyReplicas(2).build())
        .build();
  }

  private static WebApp changed(WebApp app) {
    app.setSpec(new WebApp.Spec("nginx:1", 3, "ho"));
    return app;
  }

  private static WebApp app() {
    WebApp app = new WebApp();
    app.setMetadata(new ObjectMetaBuilder().withNamespace("default").withName("hello").build());
    app.setSpec(new WebApp.Spec("nginx:1", 2, "hi"));
    return app;
  }
}
