package dev.kcm.controllers.network.endpointslice;

import dev.kcm.controllers.shared.objects.GenerateName;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.services.ServiceAddresses;
import dev.kcm.controllers.shared.slices.SliceLabels;
import dev.kcm.controllers.shared.slices.SlicePorts;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.OwnerReferences;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What all slices of a Service and address type have in common.
 *
 * @param service the Service
 * @param addressType {@code IPv4} or {@code IPv6}
 * @param labels labels of each slice
 */
record SliceTemplate(Service service, String addressType, Map<String, String> labels) {

  /** Labels that only slices have; those of these names on a Service are not taken over. */
  private static final Set<String> RESERVED =
      Set.of(SliceLabels.SERVICE_NAME, SliceLabels.MANAGED_BY, SliceLabels.HEADLESS);

  static SliceTemplate of(Service service, String addressType) {
    Map<String, String> labels = withoutReserved(service.getMetadata().getLabels());
    labels.put(SliceLabels.SERVICE_NAME, ObjectKey.of(service).name());
    labels.put(SliceLabels.MANAGED_BY, EndpointSliceController.MANAGER);
    if (ServiceAddresses.isHeadless(service)) {
      labels.put(SliceLabels.HEADLESS, "");
    }
    return new SliceTemplate(service, addressType, labels);
  }

  /** A new slice, still to be given a name by the server. */
  EndpointSlice slice(SlicePorts ports, List<Endpoint> endpoints) {
    ObjectKey key = ObjectKey.of(service);
    return new EndpointSliceBuilder()
        .withNewMetadata()
        .withNamespace(key.namespace())
        .withGenerateName(GenerateName.under(key.name()))
        .withLabels(labels)
        .withOwnerReferences(OwnerReferences.controllerReference(service, Kinds.SERVICES))
        .endMetadata()
        .withAddressType(addressType)
        .withPorts(ports.written())
        .withEndpoints(endpoints)
        .build();
  }

  /** A slice with other endpoints, and the labels it should have. */
  EndpointSlice with(EndpointSlice slice, List<Endpoint> endpoints) {
    return new EndpointSliceBuilder(slice)
        .editMetadata()
        .withLabels(labels)
        .endMetadata()
        .withEndpoints(endpoints)
        .build();
  }

  /** Whether a slice has the labels of the Service; reserved ones are no reason to write. */
  boolean hasLabels(EndpointSlice slice) {
    return withoutReserved(slice.getMetadata().getLabels()).equals(withoutReserved(labels));
  }

  private static Map<String, String> withoutReserved(@Nullable Map<String, String> labels) {
    Map<String, String> rest = labels == null ? new TreeMap<>() : new TreeMap<>(labels);
    rest.keySet().removeAll(RESERVED);
    return rest;
  }
}
