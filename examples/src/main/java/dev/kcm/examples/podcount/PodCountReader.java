package dev.kcm.examples.podcount;

import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.Reader;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/**
 * Counts in the caches.
 *
 * <p>Thread-safe: listers are.
 *
 * @param namespaces all namespaces
 * @param pods all pods
 */
record PodCountReader(Lister<Namespace> namespaces, Lister<Pod> pods)
    implements Reader<PodCountSnapshot> {

  @Override
  public Optional<PodCountSnapshot> read(ObjectKey key, boolean settled) {
    return namespaces
        .get(key)
        .map(
            namespace ->
                new PodCountSnapshot(
                    namespace,
                    pods.inNamespace(key.name()).stream()
                        .filter(PodCountReader::isRunning)
                        .count()));
  }

  private static boolean isRunning(Pod pod) {
    return pod.getStatus() != null
        && "Running".equals(pod.getStatus().getPhase())
        && pod.getMetadata().getDeletionTimestamp() == null;
  }
}
