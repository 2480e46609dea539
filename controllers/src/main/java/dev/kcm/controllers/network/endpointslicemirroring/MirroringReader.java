package dev.kcm.controllers.network.endpointslicemirroring;

import dev.kcm.controllers.shared.services.Selectors;
import dev.kcm.controllers.shared.slices.ManagedSlices;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.Reader;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.Optional;

/**
 * Reads Endpoints that are to be mirrored, and the slices of their Service, from the caches.
 *
 * <p>Thread-safe: listers are.
 */
final class MirroringReader implements Reader<MirroringSnapshot> {

  private final int maxEndpoints;
  private final Lister<Endpoints> endpoints;
  private final Lister<Service> services;
  private final ManagedSlices slices;

  MirroringReader(
      int maxEndpoints,
      Lister<Endpoints> endpoints,
      Lister<Service> services,
      ManagedSlices slices) {
    this.maxEndpoints = maxEndpoints;
    this.endpoints = endpoints;
    this.services = services;
    this.slices = slices;
  }

  @Override
  public Optional<MirroringSnapshot> read(ObjectKey key, boolean settled) {
    boolean wanted =
        services.get(key).filter(service -> Selectors.of(service).isEmpty()).isPresent();
    Optional<Endpoints> mirrored =
        wanted ? endpoints.get(key).filter(Mirrorable::is) : Optional.empty();
    List<EndpointSlice> written = slices.of(key);
    return mirrored.isEmpty() && written.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new MirroringSnapshot(key, mirrored.orElse(null), written, settled, maxEndpoints));
  }
}
