package dev.kcm.controllers.network.endpointslicemirroring;

import dev.kcm.controllers.shared.objects.GenerateName;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.slices.EndpointIdentity;
import dev.kcm.controllers.shared.slices.SliceLabels;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.OwnerReferences;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What all slices that mirror one object have in common.
 *
 * @param endpoints what is mirrored
 * @param labels labels of each slice
 * @param annotations annotations of each slice
 */
record MirrorTemplate(
    Endpoints endpoints, Map<String, String> labels, Map<String, String> annotations) {

  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
  private static final Set<String> OWN_LABELS =
      Set.of(SliceLabels.SERVICE_NAME, SliceLabels.MANAGED_BY);
  private static final Set<String> NOT_MIRRORED = Set.of(SliceLabels.TRIGGER_TIME, LAST_APPLIED);

  static MirrorTemplate of(Endpoints endpoints) {
    Map<String, String> labels = without(OWN_LABELS, endpoints.getMetadata().getLabels());
    labels.put(SliceLabels.SERVICE_NAME, ObjectKey.of(endpoints).name());
    labels.put(SliceLabels.MANAGED_BY, MirroringController.MANAGER);
    return new MirrorTemplate(
        endpoints, labels, without(NOT_MIRRORED, endpoints.getMetadata().getAnnotations()));
  }

  /** A new slice, still to be given a name by the server. */
  EndpointSlice slice(WantedMirrors.Place place, Map<EndpointIdentity, Endpoint> wanted) {
    ObjectKey key = ObjectKey.of(endpoints);
    return new EndpointSliceBuilder()
        .withNewMetadata()
        .withNamespace(key.namespace())
        .withGenerateName(GenerateName.under(key.name()))
        .withLabels(labels)
        .withAnnotations(annotations)
        .withOwnerReferences(OwnerReferences.controllerReference(endpoints, Kinds.ENDPOINTS))
        .endMetadata()
        .withAddressType(place.addressType())
        .withPorts(place.ports().written())
        .withEndpoints(new ArrayList<>(wanted.values()))
        .build();
  }

  /** The same under the name of an old slice, and on its version. */
  EndpointSlice over(
      EndpointSlice old, WantedMirrors.Place place, Map<EndpointIdentity, Endpoint> wanted) {
    return new EndpointSliceBuilder(slice(place, wanted))
        .editMetadata()
        .withGenerateName(old.getMetadata().getGenerateName())
        .withName(old.getMetadata().getName())
        .withUid(old.getMetadata().getUid())
        .withResourceVersion(old.getMetadata().getResourceVersion())
        .endMetadata()
        .build();
  }

  /** Whether a slice says all this already. */
  boolean isSaidBy(EndpointSlice slice, Map<EndpointIdentity, Endpoint> wanted) {
    return without(OWN_LABELS, slice.getMetadata().getLabels()).equals(without(OWN_LABELS, labels))
        && without(Set.of(), slice.getMetadata().getAnnotations()).equals(annotations)
        && slice.getMetadata().getOwnerReferences().stream().noneMatch(this::isOfAnother)
        && slice.getEndpoints().size() == wanted.size()
        && slice.getEndpoints().stream().allMatch(endpoint -> isWanted(endpoint, wanted));
  }

  private static boolean isWanted(Endpoint endpoint, Map<EndpointIdentity, Endpoint> wanted) {
    Endpoint same = wanted.get(EndpointIdentity.of(endpoint));
    return same != null && EndpointIdentity.sameBeyond(endpoint, same);
  }

  private boolean isOfAnother(OwnerReference owner) {
    return "Endpoints".equals(owner.getKind())
        && ObjectKey.of(endpoints).name().equals(owner.getName())
        && !endpoints.getMetadata().getUid().equals(owner.getUid());
  }

  private static Map<String, String> without(Set<String> keys, @Nullable Map<String, String> map) {
    Map<String, String> rest = map == null ? new TreeMap<>() : new TreeMap<>(map);
    rest.keySet().removeAll(keys);
    return rest;
  }
}
