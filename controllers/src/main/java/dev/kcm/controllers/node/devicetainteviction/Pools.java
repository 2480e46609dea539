package dev.kcm.controllers.node.devicetainteviction;

import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Lister;
import io.fabric8.kubernetes.api.model.resource.v1.Device;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceSlice;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Devices by pool. Of the slices of a pool only those of its highest generation count: the others
 * are about to be replaced.
 *
 * <p>Thread-safe: it only reads a lister.
 */
final class Pools {

  private static final String INDEX = "slicePool";

  private final Lister<ResourceSlice> slices;

  private Pools(Lister<ResourceSlice> slices) {
    this.slices = slices;
  }

  /** Over the informer of slices; the index it needs is made. */
  static Pools of(Informer<ResourceSlice> slices) {
    slices.ensureIndex(INDEX, slice -> List.of(PoolName.of(slice).indexValue()));
    return new Pools(slices.lister());
  }

  /** The device of a name; should several slices have one, that of the first of them by name. */
  Optional<Device> device(PoolName pool, String name) {
    return current(pool)
        .sorted(Comparator.comparing(slice -> slice.getMetadata().getName()))
        .flatMap(slice -> slice.getSpec().getDevices().stream())
        .filter(device -> name.equals(device.getName()))
        .findFirst();
  }

  /** All pools. */
  List<PoolName> names() {
    return slices.indexValues(INDEX).stream().map(PoolName::ofIndexValue).toList();
  }

  /** The devices of a pool. */
  List<Device> devices(PoolName pool) {
    return current(pool).flatMap(slice -> slice.getSpec().getDevices().stream()).toList();
  }

  private Stream<ResourceSlice> current(PoolName pool) {
    List<ResourceSlice> parts = slices.byIndex(INDEX, pool.indexValue());
    long newest = parts.stream().mapToLong(Pools::generation).max().orElse(0);
    return parts.stream().filter(slice -> generation(slice) == newest);
  }

  private static long generation(ResourceSlice slice) {
    Long generation = slice.getSpec().getPool().getGeneration();
    return generation == null ? 0 : generation;
  }
}
