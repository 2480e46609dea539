package dev.kcm.controllers.shared.replicas;

import dev.kcm.controllers.shared.objects.LabelMatcher;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.EventMapper;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.OwnerReferences;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Events of pods: they wake the owner of the pod and tell its expectations what arrived; a pod
 * without a controller wakes every owner that could adopt it.
 *
 * <p>Thread-safe: it only reads a lister.
 *
 * @param <T> model class of the owner
 */
public final class PodMapper<T extends HasMetadata> implements EventMapper<Pod> {

  private final ReplicaKind<T> kind;
  private final Lister<T> owners;

  private PodMapper(ReplicaKind<T> kind, Lister<T> owners) {
    this.kind = kind;
    this.owners = owners;
  }

  /** A mapper to owners of a kind. */
  public static <T extends HasMetadata> PodMapper<T> to(ReplicaKind<T> kind, Lister<T> owners) {
    return new PodMapper<>(kind, owners);
  }

  @Override
  public void added(Pod pod, boolean initial, Keys keys) {
    Optional<OwnerReference> controller = OwnerReferences.controllerOf(pod);
    if (isTerminating(pod)) {
      // A restart of this process can show a pod for the first time when it is on its way out.
      gone(pod, keys);
    } else if (controller.isPresent()) {
      resolve(pod, controller).ifPresent(owner -> arrived(ObjectKey.of(owner), keys));
    } else {
      enqueueMatching(pod, keys);
    }
  }

  @Override
  public void updated(Pod old, Pod current, Keys keys) {
    if (sameText(old, current, ObjectMeta::getResourceVersion)) {
      return;
    }
    if (!sameText(old, current, ObjectMeta::getUid)) {
      // Deleted and created again under one name while the watch was interrupted.
      gone(old, keys);
      added(current, false, keys);
    } else if (isTerminating(current)) {
      terminating(old, current, keys);
    } else {
      changed(old, current, keys);
    }
  }

  @Override
  public void deleted(ObjectKey key, @Nullable Pod last, boolean finalStateUnknown, Keys keys) {
    if (last != null) {
      gone(last, keys);
    }
  }

  private void terminating(Pod old, Pod current, Keys keys) {
    gone(current, keys);
    if (labelsChanged(old, current)) {
      gone(old, keys);
    }
  }

  private void changed(Pod old, Pod current, Keys keys) {
    Optional<OwnerReference> before = OwnerReferences.controllerOf(old);
    Optional<OwnerReference> after = OwnerReferences.controllerOf(current);
    boolean ownerChanged = !before.equals(after);
    if (ownerChanged) {
      resolve(old, before).ifPresent(owner -> keys.enqueue(ObjectKey.of(owner)));
    }
    if (after.isPresent()) {
      resolve(current, after).ifPresent(owner -> wake(owner, old, current, keys));
    } else if (ownerChanged || labelsChanged(old, current)) {
      enqueueMatching(current, keys);
    }
  }

  private void wake(T owner, Pod old, Pod current, Keys keys) {
    ObjectKey key = ObjectKey.of(owner);
    keys.enqueue(key);
    Duration minReady = kind.owner(owner).minReady();
    if (!minReady.isZero() && !PodStates.isReady(old) && PodStates.isReady(current)) {
      keys.enqueueAfter(key, minReady);
    }
  }

  private static void arrived(ObjectKey owner, Keys keys) {
    keys.expectations().creationObserved(owner);
    keys.enqueue(owner);
  }

  private void gone(Pod pod, Keys keys) {
    Optional<T> owner = resolve(pod, OwnerReferences.controllerOf(pod));
    if (owner.isPresent()) {
      ObjectKey key = ObjectKey.of(owner.get());
      keys.expectations().deletionObserved(key, ObjectKey.of(pod));
      keys.enqueue(key);
    }
  }

  private Optional<T> resolve(Pod pod, Optional<OwnerReference> controller) {
    if (controller.isEmpty() || !kind.type().kind().equals(controller.get().getKind())) {
      return Optional.empty();
    }
    OwnerReference reference = controller.get();
    return owners
        .get(new ObjectKey(ObjectKey.of(pod).namespace(), reference.getName()))
        .filter(owner -> owner.getMetadata().getUid().equals(reference.getUid()));
  }

  /** A pod without labels, and an owner with an empty selector, match nothing here. */
  private void enqueueMatching(Pod pod, Keys keys) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    if (labels == null || labels.isEmpty()) {
      return;
    }
    for (T owner : owners.inNamespace(ObjectKey.of(pod).namespace())) {
      LabelMatcher selector = kind.owner(owner).selector();
      if (!selector.isEmpty() && selector.matches(labels)) {
        keys.enqueue(ObjectKey.of(owner));
      }
    }
  }

  private static boolean isTerminating(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() != null;
  }

  private static boolean labelsChanged(Pod old, Pod current) {
    return !labels(old).equals(labels(current));
  }

  private static Map<String, String> labels(Pod pod) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    return labels == null ? Map.of() : labels;
  }

  private static boolean sameText(
      Pod old, Pod current, Function<ObjectMeta, @Nullable String> field) {
    return Objects.equals(field.apply(old.getMetadata()), field.apply(current.getMetadata()));
  }
}
