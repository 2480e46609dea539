package dev.kcm.controllers.node.tainteviction;

import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.core.loop.EventMapper;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Events of pods: only what concerns their stay wakes them, since most changes are of their status.
 *
 * <p>Immutable.
 */
final class PodMapper implements EventMapper<Pod> {

  @Override
  public void added(Pod pod, boolean initial, Keys keys) {
    if (!PodStates.nodeName(pod).isEmpty()) {
      keys.enqueue(ObjectKey.of(pod));
    }
  }

  @Override
  public void updated(Pod old, Pod current, Keys keys) {
    if (concernsItsStay(old, current)) {
      keys.enqueue(ObjectKey.of(current));
    }
  }

  @Override
  public void deleted(ObjectKey key, @Nullable Pod last, boolean finalStateUnknown, Keys keys) {
    if (last == null || !PodStates.nodeName(last).isEmpty()) {
      keys.enqueue(key);
    }
  }

  static boolean concernsItsStay(Pod old, Pod current) {
    return !PodStates.nodeName(old).equals(PodStates.nodeName(current))
        || !TaintEvictionSnapshot.tolerations(old)
            .equals(TaintEvictionSnapshot.tolerations(current))
        || !Objects.equals(old.getMetadata().getUid(), current.getMetadata().getUid())
        || (old.getMetadata().getDeletionTimestamp() == null)
            != (current.getMetadata().getDeletionTimestamp() == null);
  }
}
