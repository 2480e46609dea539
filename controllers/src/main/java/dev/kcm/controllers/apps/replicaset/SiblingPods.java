package dev.kcm.controllers.apps.replicaset;

import dev.kcm.controllers.shared.objects.LabelMatcher;
import dev.kcm.controllers.shared.pods.LabelledPods;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.OwnerReferences;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Pods of all ReplicaSets under the controller of one, so that a rollout takes pods away where
 * there are most of the deployment, not of the set.
 *
 * <p>Thread-safe: it only reads listers.
 */
final class SiblingPods implements Function<ReplicaSet, List<Pod>> {

  private static final String CONTROLLER_UID = "controllerUID";

  private final Lister<ReplicaSet> sets;
  private final LabelledPods pods;

  private SiblingPods(Lister<ReplicaSet> sets, LabelledPods pods) {
    this.sets = sets;
    this.pods = pods;
  }

  /** Over two informers; the indexes it needs are made. */
  static SiblingPods in(Informer<ReplicaSet> sets, Informer<Pod> pods) {
    sets.ensureIndex(CONTROLLER_UID, set -> controllerUid(set).stream().toList());
    return new SiblingPods(sets.lister(), LabelledPods.in(pods));
  }

  /** The pods, each once; none when the set has no controller. */
  @Override
  public List<Pod> apply(ReplicaSet set) {
    Optional<String> controller = controllerUid(set);
    if (controller.isEmpty()) {
      return List.of();
    }
    Map<ObjectKey, Pod> related = new LinkedHashMap<>();
    for (ReplicaSet sibling : sets.byIndex(CONTROLLER_UID, controller.get())) {
      for (Pod pod : matching(sibling)) {
        related.put(ObjectKey.of(pod), pod);
      }
    }
    return List.copyOf(related.values());
  }

  private List<Pod> matching(ReplicaSet set) {
    LabelMatcher selector = ReplicaSetKind.KIND.owner(set).selector();
    return pods.candidates(ObjectKey.of(set).namespace(), requiredLabels(set)).stream()
        .filter(pod -> selector.matches(pod.getMetadata().getLabels()))
        .toList();
  }

  private static Map<String, String> requiredLabels(ReplicaSet set) {
    LabelSelector selector = set.getSpec() == null ? null : set.getSpec().getSelector();
    return selector == null || selector.getMatchLabels() == null
        ? Map.of()
        : selector.getMatchLabels();
  }

  private static Optional<String> controllerUid(ReplicaSet set) {
    return OwnerReferences.controllerOf(set).map(reference -> reference.getUid());
  }
}
