package dev.kcm.core.object;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;

/**
 * Namespace and name of an object: what queues hold.
 *
 * @param namespace empty for cluster-scoped objects
 * @param name the object's name
 */
public record ObjectKey(String namespace, String name) implements Comparable<ObjectKey> {

  /** The key of an object. */
  public static ObjectKey of(HasMetadata object) {
    return of(object.getMetadata());
  }

  /** The key in an object's metadata. */
  public static ObjectKey of(ObjectMeta metadata) {
    String namespace = metadata.getNamespace();
    String name = metadata.getName();
    return new ObjectKey(namespace == null ? "" : namespace, name == null ? "" : name);
  }

  /**
   * Reads {@code namespace/name}, or {@code name} for cluster-scoped objects.
   *
   * @throws IllegalArgumentException when the text has more than one slash
   */
  public static ObjectKey parse(String text) {
    int slash = text.indexOf('/');
    if (slash != text.lastIndexOf('/')) {
      throw new IllegalArgumentException(
          "unexpected key format: \"" + text + "\", allowed: namespace/name or name");
    }
    return slash < 0
        ? new ObjectKey("", text)
        : new ObjectKey(text.substring(0, slash), text.substring(slash + 1));
  }

  @Override
  public int compareTo(ObjectKey other) {
    int byNamespace = namespace.compareTo(other.namespace);
    return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
  }

  /** {@code namespace/name}, or {@code name} without a namespace. */
  @Override
  public String toString() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }
}
