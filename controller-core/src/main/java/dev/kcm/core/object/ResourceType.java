package dev.kcm.core.object;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.PartialObjectMetadata;

/**
 * A kind of object at one API version, with the class that holds it in memory.
 *
 * @param <T> model class
 * @param type model class
 * @param group API group, empty for core
 * @param version API version, for example {@code v1}
 * @param kind kind name, for example {@code Pod}
 * @param plural name in URLs, for example {@code pods}
 * @param namespaced whether objects live in a namespace
 */
public record ResourceType<T extends HasMetadata>(
    Class<T> type, String group, String version, String kind, String plural, boolean namespaced) {

  /**
   * The type of a fabric8 model class or custom resource class, read from its annotations.
   *
   * @throws IllegalArgumentException when the class names no API version
   */
  public static <T extends HasMetadata> ResourceType<T> of(Class<T> type) {
    String version = HasMetadata.getVersion(type);
    if (version == null) {
      throw new IllegalArgumentException(
          type.getName()
              + " names no API version: annotate it with @Version, or spell the type out");
    }
    String group = HasMetadata.getGroup(type);
    return new ResourceType<>(
        type,
        group == null ? "" : group,
        version,
        HasMetadata.getKind(type),
        HasMetadata.getPlural(type),
        Namespaced.class.isAssignableFrom(type));
  }

  /** A kind that has no class of its own, held as {@link GenericKubernetesResource}. */
  public static ResourceType<GenericKubernetesResource> generic(
      String group, String version, String kind, String plural, boolean namespaced) {
    return new ResourceType<>(
        GenericKubernetesResource.class, group, version, kind, plural, namespaced);
  }

  /**
   * The same kind, of which only the metadata is fetched and held.
   *
   * <p>For those who need names, labels, owners and finalizers of objects but not their content.
   */
  public ResourceType<PartialObjectMetadata> metadataOnly() {
    return new ResourceType<>(
        PartialObjectMetadata.class, group, version, kind, plural, namespaced);
  }

  /** {@code apiVersion} of objects of this type. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** {@code plural}, or {@code plural.group}, as error messages name it. */
  public String qualifiedPlural() {
    return group.isEmpty() ? plural : plural + "." + group;
  }
}
