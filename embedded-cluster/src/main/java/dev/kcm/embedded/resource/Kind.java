package dev.kcm.embedded.resource;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One served kind: all that discovery, routing and the request rules need to know about it.
 *
 * @param group API group, empty for core
 * @param version served version
 * @param kind kind name, for example {@code Pod}
 * @param plural resource name in paths, for example {@code pods}
 * @param singular singular name, for example {@code pod}
 * @param shortNames short names for kubectl, in discovery order
 * @param categories categories, for example {@code all}
 * @param namespaced whether objects live in a namespace
 * @param verbs verbs of the main resource, sorted
 * @param subresources names of the subresources, sorted, with their own verbs and kinds
 * @param storageVersionHash hash that discovery shows, may be empty
 * @param traits rules that differ between kinds
 * @param selectableFields what a definition offers to field selectors beyond the metadata, as paths
 *     without the first dot; empty for built-in kinds
 */
public record Kind(
    String group,
    String version,
    String kind,
    String plural,
    String singular,
    List<String> shortNames,
    List<String> categories,
    boolean namespaced,
    List<String> verbs,
    List<Subresource> subresources,
    String storageVersionHash,
    Set<Trait> traits,
    List<String> selectableFields) {

  private static final Map<String, String> DEPRECATIONS =
      Map.of(
          "v1/Endpoints",
          "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
          "v1/ComponentStatus",
          "v1 ComponentStatus is deprecated in v1.19+");

  public Kind {
    shortNames = List.copyOf(shortNames);
    categories = List.copyOf(categories);
    verbs = List.copyOf(verbs);
    subresources = List.copyOf(subresources);
    traits = Set.copyOf(traits);
    selectableFields = List.copyOf(selectableFields);
  }

  /** A kind whose definition offers no fields to selectors, or that has none. */
  public Kind(
      String group,
      String version,
      String kind,
      String plural,
      String singular,
      List<String> shortNames,
      List<String> categories,
      boolean namespaced,
      List<String> verbs,
      List<Subresource> subresources,
      String storageVersionHash,
      Set<Trait> traits) {
    this(
        group,
        version,
        kind,
        plural,
        singular,
        shortNames,
        categories,
        namespaced,
        verbs,
        subresources,
        storageVersionHash,
        traits,
        List.of());
  }

  /**
   * A subresource as discovery shows it.
   *
   * @param name for example {@code status}
   * @param group group of its kind when it differs from the parent's, else empty
   * @param version version of its kind when it differs, else empty
   * @param kind its kind, for example {@code Scale}
   * @param verbs its verbs, sorted
   */
  public record Subresource(
      String name, String group, String version, String kind, List<String> verbs) {

    public Subresource {
      verbs = List.copyOf(verbs);
    }
  }

  /** Rules that differ between kinds. */
  public enum Trait {
    /** {@code metadata.generation} starts at 1 and grows with each change of desired state. */
    GENERATION,
    /** A PUT without resourceVersion is refused. */
    VERSION_REQUIRED,
    /** A PUT to a missing object creates it. */
    CREATE_ON_UPDATE,
    /** Deletion without propagation policy orphans dependents. */
    ORPHANS_BY_DEFAULT,
    /** Served only where APIs in alpha are asked for. */
    ALPHA,
    /** Nothing is stored: a POST is answered at once (reviews). */
    VIRTUAL
  }

  /** {@code apiVersion} of objects of this kind. */
  public String apiVersion() {
    return apiVersion(group, version);
  }

  static String apiVersion(String group, String version) {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** {@code resource} or {@code resource.group}, as error messages name it. */
  public String qualifiedResource() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  /** {@code Kind} or {@code Kind.group}, as validation messages name it. */
  public String qualifiedKind() {
    return group.isEmpty() ? kind : kind + "." + group;
  }

  /** What to warn of whoever uses this kind; empty when nothing speaks against it. */
  public Optional<String> deprecation() {
    return Optional.ofNullable(DEPRECATIONS.get(apiVersion() + "/" + kind));
  }

  /** Whether this kind has the trait. */
  public boolean has(Trait trait) {
    return traits.contains(trait);
  }

  /** Whether this kind has the named subresource. */
  public boolean hasSubresource(String name) {
    return subresources.stream().anyMatch(s -> s.name().equals(name));
  }
}
