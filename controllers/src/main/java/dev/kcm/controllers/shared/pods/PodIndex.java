package dev.kcm.controllers.shared.pods;

import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.OwnerReferences;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.List;

/**
 * The index of pods by controller, shared by all controllers that own pods. A pod is filed under
 * namespace, kind, name and UID of its controller together, so that a forged reference that has
 * only the UID right does not lead to it; one without a controller under its namespace.
 *
 * <p>Immutable.
 */
public final class PodIndex {

  /** Name of the index. */
  public static final String CONTROLLER = "podController";

  private PodIndex() {}

  /** Makes sure the informer has the index. */
  public static void ensure(Informer<Pod> pods) {
    pods.ensureIndex(CONTROLLER, PodIndex::valuesOf);
  }

  /** The values a pod is filed under. */
  public static List<String> valuesOf(Pod pod) {
    String namespace = ObjectKey.of(pod).namespace();
    return List.of(
        OwnerReferences.controllerOf(pod).map(r -> value(namespace, r)).orElse(namespace));
  }

  /** The pods an owner has or could adopt: those it controls, and the orphans of its namespace. */
  public static List<Pod> candidates(Lister<Pod> pods, HasMetadata owner, ResourceType<?> type) {
    String namespace = ObjectKey.of(owner).namespace();
    OwnerReference reference = OwnerReferences.controllerReference(owner, type);
    List<Pod> candidates = new ArrayList<>(pods.byIndex(CONTROLLER, value(namespace, reference)));
    candidates.addAll(pods.byIndex(CONTROLLER, namespace));
    return candidates;
  }

  private static String value(String namespace, OwnerReference reference) {
    return String.join(
        "/", namespace, reference.getKind(), reference.getName(), reference.getUid());
  }
}
