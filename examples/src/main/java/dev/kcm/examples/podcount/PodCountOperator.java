package dev.kcm.examples.podcount;

import dev.kcm.core.access.Access;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.manager.ControllerContext;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.core.manager.Operator;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.examples.podcount.PodCountReconciler.Snapshot;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;

/** Runs against the cluster of the surroundings: the pod's own, or the user's kubeconfig. */
public final class PodCountOperator {

  private PodCountOperator() {}

  /** Runs until the process is told to end. */
  public static void main(String[] args) throws InterruptedException {
    Operator.named("podcount").controllers(controller()).create().runUntilTerminated();
  }

  static ControllerSpec controller() {
    return ControllerSpec.named("podcount")
        .access(
            Access.to(PodCountReconciler.NAMESPACES)
                .watch("which there are")
                .patch("the label with the number"),
            Access.to(PodCountReconciler.PODS).watch("what to count"))
        .wiredBy(context -> List.of(loop(context)));
  }

  private static Loop<Snapshot> loop(ControllerContext context) {
    Informer<Namespace> namespaces = context.informer(PodCountReconciler.NAMESPACES);
    Informer<Pod> pods = context.informer(PodCountReconciler.PODS);
    return Loop.<Snapshot>named("podcount")
        .on(namespaces, Enqueue.self())
        .on(pods, Enqueue.to(pod -> List.of(namespaceOf(pod))))
        .reading(
            (key, settled) ->
                namespaces
                    .lister()
                    .get(key)
                    .map(namespace -> new Snapshot(namespace, running(pods, key.name()))))
        .deciding(new PodCountReconciler())
        .build();
  }

  private static ObjectKey namespaceOf(Pod pod) {
    return new ObjectKey("", pod.getMetadata().getNamespace());
  }

  private static long running(Informer<Pod> pods, String namespace) {
    return pods.lister().inNamespace(namespace).stream()
        .filter(pod -> !pod.isMarkedForDeletion() && pod.getStatus() != null)
        .filter(pod -> "Running".equals(pod.getStatus().getPhase()))
        .count();
  }
}
