package dev.kcm.core.run;

import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;

/** Pods for tests. */
public final class Pods {

  public static final ResourceType<Pod> TYPE = ResourceType.of(Pod.class);

  private Pods() {}

  public static Pod named(String name) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName(name)
        .withUid("uid-" + name)
        .endMetadata()
        .build();
  }
}
