package dev.kcm.examples.podcount;

import dev.kcm.core.object.ResourceType;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Reconciler;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;

/**
 * Keeps the label at the count.
 *
 * <p>Immutable.
 */
final class PodCountReconciler implements Reconciler<PodCountReconciler.Snapshot> {

  static final ResourceType<Namespace> NAMESPACES = ResourceType.of(Namespace.class);
  static final ResourceType<Pod> PODS = ResourceType.of(Pod.class);

  /** The label it owns. */
  static final String LABEL = "examples.kcm.dev/running-pods";

  /**
   * All that a decision depends on.
   *
   * @param namespace the namespace
   * @param running its pods in phase Running that are not being deleted
   */
  record Snapshot(Namespace namespace, long running) {}

  @Override
  public Plan decide(Snapshot snapshot, Instant now) {
    Namespace namespace = snapshot.namespace();
    if (namespace.isMarkedForDeletion()) {
      return Plan.NOTHING;
    }
    Namespace labelled =
        new NamespaceBuilder(namespace)
            .editMetadata()
            .addToLabels(LABEL, Long.toString(snapshot.running()))
            .endMetadata()
            .build();
    // Only the label is sent, and the UID, so that another namespace of this name is spared.
    return Plan.of(Action.mergePatch(NAMESPACES, namespace, labelled, "count has changed"));
  }
}
