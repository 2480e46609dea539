package dev.kcm.controllers.network.endpoints;

import dev.kcm.controllers.shared.services.ServiceAddresses;
import dev.kcm.controllers.shared.services.SubsetContents;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Endpoints a Service should have.
 *
 * @param service the Service
 * @param subsets what is listed
 * @param contents the same, however it is cut
 * @param truncated whether there are more addresses than are listed
 */
record WantedEndpoints(
    Service service, List<EndpointSubset> subsets, SubsetContents contents, boolean truncated) {

  static WantedEndpoints of(Service service, List<Pod> pods) {
    SubsetContents all = WantedContents.of(service, pods);
    List<EndpointSubset> subsets = all.subsets();
    if (!Capacity.isExceededBy(subsets)) {
      return new WantedEndpoints(service, subsets, all, false);
    }
    List<EndpointSubset> kept = Capacity.truncated(subsets);
    return new WantedEndpoints(service, kept, SubsetContents.of(kept), true);
  }

  /** Whether stored Endpoints need no write. The label for headless Services alone is no reason. */
  boolean isSaidBy(Endpoints stored) {
    Map<String, String> labels = new HashMap<>(orEmpty(stored.getMetadata().getLabels()));
    String overCapacity =
        orEmpty(stored.getMetadata().getAnnotations()).get(EndpointsLabels.OVER_CAPACITY);
    return EndpointsLabels.MANAGER.equals(labels.get(EndpointsLabels.MANAGED_BY))
        && withoutOwn(labels).equals(serviceLabels())
        && (truncated ? EndpointsLabels.TRUNCATED.equals(overCapacity) : overCapacity == null)
        && contents.equals(SubsetContents.of(stored.getSubsets()));
  }

  /** The object to write: a new one, or the stored one with what it should say. */
  Endpoints over(Optional<Endpoints> stored, Optional<Instant> trigger) {
    Map<String, String> annotations =
        new HashMap<>(orEmpty(stored.map(e -> e.getMetadata().getAnnotations()).orElse(null)));
    put(annotations, EndpointsLabels.TRIGGER_TIME, trigger.map(Instant::toString).orElse(null));
    put(annotations, EndpointsLabels.OVER_CAPACITY, truncated ? EndpointsLabels.TRUNCATED : null);
    ObjectKey key = ObjectKey.of(service);
    return stored
        .map(EndpointsBuilder::new)
        .orElseGet(EndpointsBuilder::new)
        .editOrNewMetadata()
        .withNamespace(key.namespace())
        .withName(key.name())
        .withLabels(labels())
        .withAnnotations(annotations)
        .endMetadata()
        .withSubsets(subsets)
        .build();
  }

  private Map<String, String> labels() {
    Map<String, String> labels = serviceLabels();
    labels.put(EndpointsLabels.MANAGED_BY, EndpointsLabels.MANAGER);
    if (ServiceAddresses.isHeadless(service)) {
      labels.put(EndpointsLabels.HEADLESS, "");
    }
    return labels;
  }

  private Map<String, String> serviceLabels() {
    return withoutOwn(new HashMap<>(orEmpty(service.getMetadata().getLabels())));
  }

  private static Map<String, String> withoutOwn(Map<String, String> labels) {
    labels.remove(EndpointsLabels.MANAGED_BY);
    labels.remove(EndpointsLabels.HEADLESS);
    return labels;
  }

  private static void put(Map<String, String> map, String key, @Nullable String value) {
    if (value == null) {
      map.remove(key);
    } else {
      map.put(key, value);
    }
  }

  private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
    return map == null ? Map.of() : map;
  }
}
