package dev.kcm.controllers.shared.replicas;

import dev.kcm.controllers.shared.objects.LabelMatcher;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.time.Duration;

/**
 * What the engine sees of an object that owns replicas.
 *
 * @param object the object itself, from the cache
 * @param selector which pods are its own
 * @param desired how many pods it wants
 * @param template what its pods look like; empty when it has none
 * @param minReady how long a pod is ready before it counts as available
 * @param status its status now
 */
public record ReplicaOwner(
    HasMetadata object,
    LabelMatcher selector,
    int desired,
    PodTemplateSpec template,
    Duration minReady,
    ReplicaStatus status) {

  ObjectKey key() {
    return ObjectKey.of(object);
  }

  String uid() {
    return object.getMetadata().getUid();
  }

  long generation() {
    return ReplicaStatus.read(object.getMetadata().getGeneration());
  }

  boolean isDeleting() {
    return object.getMetadata().getDeletionTimestamp() != null;
  }
}
