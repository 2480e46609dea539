package dev.kcm.controllers.wiring;

import static org.awaitility.Awaitility.await;

import dev.kcm.controllers.catalog.CatalogConfig;
import dev.kcm.controllers.node.podgc.PodGcConfig;
import dev.kcm.controllers.shared.pods.PodStates;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The pod garbage collector on real threads: one pass comes at the start. */
class PodGcWiringIT {

  private static final CatalogConfig CONFIG =
      CatalogConfig.builder().podGc(new PodGcConfig(1)).build();

  @Test
  void finishedPodsBeyondTheThresholdGoInTheFirstPass() {
    try (RunningManager manager =
        RunningManager.standing(CONFIG, "pod-garbage-collector-controller")) {
      for (String name : List.of("a", "b", "c")) {
        Pod pod = manager.create(PodStates.TYPE, pod(name));
        manager.updateStatus(
            PodStates.TYPE,
            new PodBuilder(pod).editStatus().withPhase("Succeeded").endStatus().build());
      }
      manager.create(PodStates.TYPE, pod("running"));

      manager.start();

      await().until(() -> manager.list(PodStates.TYPE, "default").size() == 2);
    }
  }

  private static Pod pod(String name) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("c")
        .withImage("nginx")
        .endContainer()
        .endSpec()
        .build();
  }
}
