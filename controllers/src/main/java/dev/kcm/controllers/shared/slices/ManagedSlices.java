package dev.kcm.controllers.shared.slices;

import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The slices that one manager writes, by the Service they belong to.
 *
 * <p>Thread-safe: the lister is.
 */
public final class ManagedSlices {

  private final String manager;
  private final Lister<EndpointSlice> slices;

  private ManagedSlices(String manager, Lister<EndpointSlice> slices) {
    this.manager = manager;
    this.slices = slices;
  }

  /**
   * Over an informer; the index it needs is made.
   *
   * @param manager value of the label that says who writes a slice
   */
  public static ManagedSlices of(String manager, Informer<EndpointSlice> slices) {
    slices.ensureIndex(
        manager, slice -> owner(slice, manager).map(ObjectKey::toString).stream().toList());
    return new ManagedSlices(manager, slices.lister());
  }

  /** The slices of a Service, in any order. */
  public List<EndpointSlice> of(ObjectKey service) {
    return slices.byIndex(manager, service.toString());
  }

  /** The Service that a slice of a manager belongs to; empty for slices of others. */
  static Optional<ObjectKey> owner(HasMetadata slice, String manager) {
    Map<String, String> labels = slice.getMetadata().getLabels();
    String service = labels == null ? null : labels.get(SliceLabels.SERVICE_NAME);
    return service == null || !manager.equals(labels.get(SliceLabels.MANAGED_BY))
        ? Optional.empty()
        : Optional.of(new ObjectKey(ObjectKey.of(slice).namespace(), service));
  }
}
