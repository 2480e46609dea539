package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * Gives new claims, volumes and classes of volume attributes the finalizer that their protection
 * controller removes once nobody uses them.
 *
 * <p>Stateless.
 */
final class StorageProtection {

  private static final Map<String, String> FINALIZERS =
      Map.of(
          "v1/PersistentVolumeClaim", "kubernetes.io/pvc-protection",
          "v1/PersistentVolume", "kubernetes.io/pv-protection",
          "storage.k8s.io/v1/VolumeAttributesClass", "kubernetes.io/vac-protection");

  private StorageProtection() {}

  static void complete(Kind kind, ObjectNode object) {
    String finalizer = FINALIZERS.get(KindKey.of(kind));
    if (finalizer != null) {
      ObjectNode metadata = Meta.of(object);
      if (!Trees.textList(metadata.path("finalizers")).contains(finalizer)) {
        Trees.listChild(metadata, "finalizers").add(finalizer);
      }
    }
  }
}
