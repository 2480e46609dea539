package dev.kcm.controllers.shared.replicas;

import dev.kcm.controllers.shared.pods.PodIndex;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.Reader;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads an owner and its pods from the caches.
 *
 * <p>Thread-safe: listers are.
 *
 * @param <T> model class of the owner
 */
public final class ReplicasReader<T extends HasMetadata> implements Reader<ReplicasSnapshot> {

  private final ReplicaKind<T> kind;
  private final ReplicasConfig config;
  private final Lister<T> owners;
  private final Lister<Pod> pods;
  private final Function<T, List<Pod>> related;

  private ReplicasReader(
      ReplicaKind<T> kind,
      ReplicasConfig config,
      Lister<T> owners,
      Lister<Pod> pods,
      Function<T, List<Pod>> related) {
    this.kind = kind;
    this.config = config;
    this.owners = owners;
    this.pods = pods;
    this.related = related;
  }

  /**
   * A reader over two informers; the index it needs is made.
   *
   * @param related pods of owners under the same controller; asked only when pods are to go
   */
  public static <T extends HasMetadata> ReplicasReader<T> of(
      ReplicaKind<T> kind,
      ReplicasConfig config,
      Informer<T> owners,
      Informer<Pod> pods,
      Function<T, List<Pod>> related) {
    PodIndex.ensure(pods);
    return new ReplicasReader<>(kind, config, owners.lister(), pods.lister(), related);
  }

  @Override
  public Optional<ReplicasSnapshot> read(ObjectKey key, boolean settled) {
    return owners.get(key).map(object -> snapshot(object, settled));
  }

  private ReplicasSnapshot snapshot(T object, boolean settled) {
    ReplicaOwner owner = kind.owner(object);
    List<Pod> candidates = PodIndex.candidates(pods, object, kind.type());
    long active = candidates.stream().filter(PodStates::isActive).count();
    boolean mayShrink = settled && active > owner.desired();
    List<Pod> siblings = mayShrink ? related.apply(object) : List.of();
    return new ReplicasSnapshot(owner, candidates, siblings, settled, config);
  }
}
