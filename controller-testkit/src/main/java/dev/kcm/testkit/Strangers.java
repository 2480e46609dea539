package dev.kcm.testkit;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.List;

/**
 * Objects that have nothing to do with a world although they look just like those in it: in other
 * namespaces, under other names, on other nodes and with other owners. Nodes among them have no
 * ranges of addresses.
 *
 * <p>Stateless.
 */
final class Strangers {

  private Strangers() {}

  /** So many strangers, each modelled on one of the objects; none when there is no object. */
  static List<HasMetadata> to(List<HasMetadata> objects, int count) {
    List<HasMetadata> strangers = new ArrayList<>();
    for (int i = 0; i < count && !objects.isEmpty(); i++) {
      strangers.add(estranged(objects.get(i % objects.size()), "-stranger-" + i));
    }
    return strangers;
  }

  private static HasMetadata estranged(HasMetadata object, String suffix) {
    HasMetadata copy = ModelObjects.copy(object);
    ObjectMeta metadata = copy.getMetadata();
    if (copy instanceof Namespaced) {
      metadata.setNamespace(metadata.getNamespace() + suffix);
    } else {
      metadata.setName(metadata.getName() + suffix);
    }
    if (metadata.getUid() != null) {
      metadata.setUid(metadata.getUid() + suffix);
    }
    for (OwnerReference owner : metadata.getOwnerReferences()) {
      owner.setUid(owner.getUid() + suffix);
    }
    if (copy instanceof Node node && node.getSpec() != null) {
      node.getSpec().setPodCIDR(null);
      node.getSpec().setPodCIDRs(List.of());
    }
    if (copy instanceof Pod pod && pod.getSpec() != null && pod.getSpec().getNodeName() != null) {
      pod.getSpec().setNodeName(pod.getSpec().getNodeName() + suffix);
    }
    return copy;
  }
}
