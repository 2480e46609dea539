package dev.kcm.testkit.cluster;

import static dev.kcm.testkit.cluster.ClusterAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.core.access.Access;
import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiException;
import dev.kcm.core.manager.Manager;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In process, on virtual time. */
@KubernetesTest(kinds = KubernetesTestTest.Widget.class, nodes = 1)
class KubernetesTestTest {

  @Group("examples.kcm.dev")
  @Version("v1")
  static final class Widget extends CustomResource<String, String> implements Namespaced {
    private static final long serialVersionUID = 1;
  }

  private Manager manager;

  @BeforeEach
  void start(TestCluster cluster) {
    manager = cluster.start(Greetings.controller());
  }

  @Test
  void nothingHappensUntilTheTestSaysSo(TestCluster cluster) {
    assertThat(cluster.requests()).wroteNothing();
    assertThat(manager.notReadyBecause()).isPresent();

    cluster.run();
    assertThat(manager.notReadyBecause()).isEmpty();
    assertThat(cluster.environment()).isInstanceOf(VirtualEnvironment.class);
  }

  @Test
  void aControllerWorksAndItsRequestsAreLogged(TestCluster cluster, Requests requests) {
    cluster.create(Greetings.person("ann"));
    cluster.run();

    assertThat(cluster.get(ConfigMap.class, "default", "ann").getData())
        .containsEntry("text", "Hello ann");
    assertThat(requests).sent(1, Verb.CREATE, "configmaps").wrote("CREATE configmaps default/");
    assertThat(requests.writes().get(0).client()).isEqualTo("greeting");
    assertThat(requests.writes().get(0).body()).isInstanceOf(ConfigMap.class);
    assertThatThrownBy(() -> assertThat(requests).wroteNothing())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("CREATE configmaps default");
  }

  @Test
  void requestsThatWereNotDeclaredAreFound(TestCluster cluster, Requests requests) {
    cluster.create(Greetings.person("ann"));
    cluster.run();
    Access people = Access.to(Greetings.PEOPLE).watch("who is to be greeted");
    Access read = Access.to(Greetings.GREETINGS).watch("what was said");
    Access written = Access.to("", "configmaps").in("default").create("greetings");
    Access elsewhere = Access.to("", "configmaps").in("kube-system").create("greetings");

    assertThat(requests).stayedWithin(List.of(people, read, written));
    assertThatThrownBy(() -> assertThat(requests).stayedWithin(List.of(people, read, elsewhere)))
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            "expected only declared requests, but there were:%nCREATE configmaps default/"
                .formatted());
  }

  @Test
  void timeOfObjectsIsVirtualAndPasses(TestCluster cluster) {
    cluster.create(Greetings.person("ann"));
    cluster.advance(Duration.ofHours(2));
    cluster.create(Greetings.person("bob"));
    cluster.run();

    assertThat(created(cluster, "bob")).isEqualTo(created(cluster, "ann").plusSeconds(7200));
  }

  @Test
  void shortcutsReadAndWrite(TestCluster cluster) {
    cluster.create(Greetings.person("ann"));
    cluster.edit(
        ConfigMap.class,
        "default",
        "ann",
        greeting -> {
          greeting.getData().put("more", "!");
          return greeting;
        });
    assertThat(cluster.list(ConfigMap.class)).hasSize(1);
    assertThat(cluster.find(ConfigMap.class, "default", "bob")).isEmpty();
    assertThatThrownBy(() -> cluster.get(ConfigMap.class, "default", "bob"))
        .isInstanceOf(ApiException.class);

    cluster.delete(cluster.get(ConfigMap.class, "default", "ann"));
    cluster.eventually(
        () -> assertThat(cluster.find(ConfigMap.class, "default", "ann")).isPresent());
    assertThat(cluster.get(ConfigMap.class, "default", "ann").getData()).doesNotContainKey("more");
  }

  @Test
  void theServerKnowsTheKindsGiven(TestCluster cluster) {
    Widget widget = new Widget();
    widget.setMetadata(new ObjectMetaBuilder().withNamespace("default").withName("w").build());
    widget.setSpec("round");
    assertThat(cluster.create(widget).getMetadata().getGeneration()).isEqualTo(1);

    Widget turned = cluster.get(Widget.class, "default", "w");
    turned.setStatus("turned");
    cluster.updateStatus(turned);
    assertThat(cluster.get(Widget.class, "default", "w").getStatus()).isEqualTo("turned");
  }

  @Test
  void simulatedNodesRunPods(TestCluster cluster) {
    cluster.create(
        new PodBuilder()
            .withNewMetadata()
            .withNamespace("default")
            .withName("p")
            .endMetadata()
            .withNewSpec()
            .addNewContainer()
            .withName("c")
            .withImage("i")
            .endContainer()
            .endSpec()
            .build());
    cluster.eventually(
        () ->
            assertThat(cluster.get(Pod.class, "default", "p").getStatus().getPhase())
                .isEqualTo("Running"));
    assertThat(cluster.list(Node.class)).hasSize(1);
  }

  @Test
  void partsAreThoseOfTheCluster(
      TestCluster cluster, ApiClient client, Environment environment, MeterRegistry meters) {
    assertThat(client).isSameAs(cluster.client());
    assertThat(environment).isSameAs(cluster.environment());
    assertThat(meters).isSameAs(cluster.meters());
    assertThatThrownBy(cluster::config)
        .hasMessage("the cluster has no port: start it with https()");
  }

  private static Instant created(TestCluster cluster, String name) {
    return Instant.parse(
        cluster.get(ConfigMap.class, "default", name).getMetadata().getCreationTimestamp());
  }
}
