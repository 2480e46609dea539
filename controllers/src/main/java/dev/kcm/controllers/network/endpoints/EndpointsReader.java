package dev.kcm.controllers.network.endpoints;

import dev.kcm.controllers.shared.services.ServiceAddresses;
import dev.kcm.controllers.shared.services.ServicePods;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.Reader;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.util.List;
import java.util.Optional;

/**
 * Reads a Service, its Endpoints and its pods from the caches.
 *
 * <p>Thread-safe: listers are.
 */
final class EndpointsReader implements Reader<EndpointsSnapshot> {

  private final Lister<Service> services;
  private final Lister<Endpoints> endpoints;
  private final ServicePods pods;

  EndpointsReader(Lister<Service> services, Lister<Endpoints> endpoints, ServicePods pods) {
    this.services = services;
    this.endpoints = endpoints;
    this.pods = pods;
  }

  @Override
  public Optional<EndpointsSnapshot> read(ObjectKey key, boolean settled) {
    Optional<Service> service = services.get(key);
    Optional<Endpoints> written = endpoints.get(key);
    if (service.isEmpty() && written.isEmpty()) {
      return Optional.empty();
    }
    List<Pod> selected =
        service.filter(ServiceAddresses::leadsToPods).map(pods::of).orElse(List.of());
    return Optional.of(
        new EndpointsSnapshot(key, service.orElse(null), written.orElse(null), selected));
  }
}
