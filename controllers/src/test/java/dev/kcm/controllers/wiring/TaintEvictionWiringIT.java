package dev.kcm.controllers.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kcm.controllers.catalog.CatalogConfig;
import dev.kcm.controllers.shared.nodes.TestNode;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.core.object.ResourceType;
import dev.kcm.embedded.resource.ApiRequest;
import dev.kcm.embedded.resource.Statuses;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Taint eviction on real threads against the embedded API server. */
class TaintEvictionWiringIT {

  private final RunningManager manager =
      RunningManager.of(CatalogConfig.defaults(), "taint-eviction-controller");

  @AfterEach
  void stop() {
    manager.close();
  }

  @Test
  void podsLeaveATaintedNodeAtOnceOrLaterOrNever() {
    manager.create(
        Kinds.NODES,
        new NodeBuilder(TestNode.named("n").build())
            .editMetadata()
            .withUid(null)
            .endMetadata()
            .build());
    manager.create(PodStates.TYPE, pod("at-once", null));
    manager.create(PodStates.TYPE, pod("later", 1L));
    manager.create(PodStates.TYPE, pod("waits", 300L));
    manager
        .faults
        .on(ApiRequest.Verb.DELETE, "pods")
        .call(1)
        .fail(() -> Statuses.serviceUnavailable("not now"));
    manager.merge(
        Kinds.NODES, "", "n", "{\"spec\":{\"taints\":[{\"key\":\"k\",\"effect\":\"NoExecute\"}]}}");

    await().until(() -> goes("at-once") && goes("later"));
    assertThat(goes("waits")).isFalse();
    assertThat(
            manager
                .get(PodStates.TYPE, "default", "at-once")
                .orElseThrow()
                .getStatus()
                .getConditions())
        .anyMatch(c -> "DeletionByTaintManager".equals(c.getReason()));

    manager.merge(Kinds.NODES, "", "n", "{\"spec\":{\"taints\":null}}");
    await().until(() -> messages().contains("Cancelling deletion of Pod default/waits"));
    assertThat(messages()).contains("Marking for deletion Pod default/at-once");
  }

  private boolean goes(String name) {
    return manager
        .get(PodStates.TYPE, "default", name)
        .map(pod -> pod.getMetadata().getDeletionTimestamp() != null)
        .orElse(true);
  }

  private List<String> messages() {
    return manager.list(ResourceType.of(Event.class), "default").stream()
        .map(Event::getMessage)
        .toList();
  }

  private static Pod pod(String name, Long seconds) {
    PodBuilder pod =
        new PodBuilder()
            .withNewMetadata()
            .withNamespace("default")
            .withName(name)
            .endMetadata()
            .withNewSpec()
            .withNodeName("n")
            .addNewContainer()
            .withName("c")
            .withImage("nginx")
            .endContainer()
            .endSpec();
    return seconds == null
        ? pod.build()
        : pod.editSpec()
            .addNewToleration("NoExecute", "k", "Exists", seconds, null)
            .endSpec()
            .build();
  }
}
