package dev.kcm.testkit;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.resource.v1.ResourcePool;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceSlice;
import io.fabric8.kubernetes.api.model.resource.v1alpha3.DeviceTaintRule;
import io.fabric8.kubernetes.api.model.resource.v1alpha3.DeviceTaintSelector;
import java.util.ArrayList;
import java.util.List;

/**
 * Objects that have nothing to do with a world although they look just like those in it: in other
 * namespaces, under other names, on other nodes and with other owners. Every other pod among them
 * stays in its namespace, with other labels and a controller of its own. Nodes among them have no
 * ranges of addresses, and devices stand in pools of their own.
 *
 * <p>Stateless.
 */
final class Strangers {

  private Strangers() {}

  /** So many strangers, each modelled on one of the objects; none when there is no object. */
  static List<HasMetadata> to(List<HasMetadata> objects, int count) {
    List<HasMetadata> strangers = new ArrayList<>();
    for (int i = 0; i < count && !objects.isEmpty(); i++) {
      HasMetadata stranger = ModelObjects.copy(objects.get(i % objects.size()));
      // Rounds, not numbers: each object is the model of strangers of both sorts.
      boolean near = i / objects.size() % 2 == 0;
      estrange(stranger, near, "-stranger-" + i);
      strangers.add(stranger);
    }
    return strangers;
  }

  private static void estrange(HasMetadata object, boolean near, String suffix) {
    ObjectMeta metadata = object.getMetadata();
    metadata.setUid(metadata.getUid() + suffix);
    metadata.getOwnerReferences().forEach(owner -> owner.setUid(owner.getUid() + suffix));
    if (object instanceof Pod pod) {
      moveToAnotherNode(pod, suffix);
    } else if (object instanceof Node node && node.getSpec() != null) {
      node.getSpec().setPodCIDR(null);
      node.getSpec().setPodCIDRs(List.of());
    } else if (object instanceof ResourceSlice slice) {
      ResourcePool pool = slice.getSpec().getPool();
      pool.setName(pool.getName() + suffix);
    } else if (object instanceof DeviceTaintRule rule) {
      rule.getSpec().setDeviceSelector(new DeviceTaintSelector(null, null, suffix));
    }
    if (object instanceof Pod && near) {
      rename(metadata, suffix);
    } else if (object instanceof Namespaced) {
      metadata.setNamespace(metadata.getNamespace() + suffix);
    } else {
      metadata.setName(metadata.getName() + suffix);
    }
  }

  private static void moveToAnotherNode(Pod pod, String suffix) {
    if (pod.getSpec() != null && pod.getSpec().getNodeName() != null) {
      pod.getSpec().setNodeName(pod.getSpec().getNodeName() + suffix);
    }
  }

  private static void rename(ObjectMeta metadata, String suffix) {
    metadata.setName(metadata.getName() + suffix);
    if (metadata.getLabels() != null) {
      metadata.getLabels().replaceAll((key, value) -> value + suffix);
    }
    if (metadata.getOwnerReferences().stream().noneMatch(Strangers::controls)) {
      metadata.setOwnerReferences(List.of(somebody(suffix)));
    }
  }

  private static boolean controls(OwnerReference owner) {
    return Boolean.TRUE.equals(owner.getController());
  }

  private static OwnerReference somebody(String suffix) {
    return new OwnerReferenceBuilder()
        .withApiVersion("strangers.kcm.dev/v1")
        .withKind("Stranger")
        .withName("somebody" + suffix)
        .withUid("uid-of-somebody" + suffix)
        .withController(true)
        .build();
  }
}
