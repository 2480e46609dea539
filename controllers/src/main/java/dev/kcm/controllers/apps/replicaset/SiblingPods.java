package dev.kcm.controllers.apps.replicaset;

import dev.kcm.controllers.shared.objects.LabelMatcher;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.OwnerReferences;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.util.List;
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
  private final Lister<Pod> pods;

  private SiblingPods(Lister<ReplicaSet> sets, Lister<Pod> pods) {
    this.sets = sets;
    this.pods = pods;
  }

  /** Over two informers; the index it needs is made. */
  static SiblingPods in(Informer<ReplicaSet> sets, Informer<Pod> pods) {
    sets.ensureIndex(CONTROLLER_UID, set -> controllerUid(set).stream().toList());
    return new SiblingPods(sets.lister(), pods.lister());
  }

  /** The pods, each once; none when the set has no controller. */
  @Override
  public List<Pod> apply(ReplicaSet set) {
    Optional<String> controller = controllerUid(set);
    if (controller.isEmpty()) {
      return List.of();
    }
    List<LabelMatcher> selectors =
        sets.byIndex(CONTROLLER_UID, controller.get()).stream()
            .map(sibling -> ReplicaSetKind.KIND.owner(sibling).selector())
            .toList();
    return pods.inNamespace(ObjectKey.of(set).namespace()).stream()
        .filter(pod -> selectors.stream().anyMatch(s -> s.matches(pod.getMetadata().getLabels())))
        .toList();
  }

  private static Optional<String> controllerUid(ReplicaSet set) {
    return OwnerReferences.controllerOf(set).map(reference -> reference.getUid());
  }
}
