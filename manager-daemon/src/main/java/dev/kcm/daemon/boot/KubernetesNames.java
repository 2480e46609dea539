package dev.kcm.daemon.boot;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.daemon.logs.ObjectName;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Optional;

/** Tells the log which values are Kubernetes objects, so that it prints their names only. */
final class KubernetesNames {

  private KubernetesNames() {}

  static Optional<ObjectName> of(Object value) {
    ObjectKey key =
        value instanceof ObjectKey given
            ? given
            : value instanceof HasMetadata object ? ObjectKey.of(object) : null;
    return Optional.ofNullable(key).map(k -> new ObjectName(k.namespace(), k.name()));
  }
}
