package dev.kcm.controllers.node.nodelifecycle;

import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.core.loop.EventMapper;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Pod;
import org.jspecify.annotations.Nullable;

/**
 * Events of pods: one that has a node from now on, and does not say that it is not ready.
 *
 * <p>Immutable.
 */
final class StrandedPodMapper implements EventMapper<Pod> {

  @Override
  public void added(Pod pod, boolean initial, Keys keys) {
    if (!PodStates.nodeName(pod).isEmpty() && PodsNotReady.isToBeMarked(pod)) {
      keys.enqueue(ObjectKey.of(pod));
    }
  }

  @Override
  public void updated(Pod old, Pod current, Keys keys) {
    if (!PodStates.nodeName(old).equals(PodStates.nodeName(current))) {
      added(current, false, keys);
    }
  }

  @Override
  public void deleted(ObjectKey key, @Nullable Pod last, boolean finalStateUnknown, Keys keys) {}
}
