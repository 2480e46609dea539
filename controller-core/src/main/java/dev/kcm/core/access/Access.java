package dev.kcm.core.access;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What is done with one resource, or one subresource, and why. It is made like a sentence, and each
 * step gives a new value:
 *
 * <pre>{@code
 * Access.to(PODS).watch("what is there").create("missing ones").delete("surplus ones")
 * Access.to(CONFIG_MAPS).in("kube-public").named("cluster-info").update("the signatures")
 * }</pre>
 *
 * @param group API group; empty for core, {@code *} for all
 * @param resource plural name, with {@code /subresource} for one; {@code *} for all
 * @param namespaced whether the objects are known to live in namespaces
 * @param namespaces where; empty for the whole cluster
 * @param names of the only objects meant; empty for all. Creations have no name to be told by
 * @param grants what is done, in the order it was said
 */
public record Access(
    String group,
    String resource,
    boolean namespaced,
    List<String> namespaces,
    List<String> names,
    List<Grant> grants) {

  /** Stands for every group, resource or verb. */
  public static final String ALL = "*";

  private static final Set<String> BY_SELECTOR = Set.of("list", "watch");

  public Access {
    if (resource.isBlank()) {
      throw new IllegalArgumentException(
          "the resource of an access is \"%s\", allowed: a plural name, with /subresource for one"
              .formatted(resource));
    }
    namespaces = List.copyOf(namespaces);
    names = List.copyOf(names);
    grants = List.copyOf(grants);
  }

  /**
   * Verbs, and what they are needed for.
   *
   * @param verbs as RBAC spells them, for example {@code deletecollection}
   * @param why what for, in a few words
   */
  public record Grant(List<String> verbs, String why) {

    public Grant {
      verbs = List.copyOf(verbs);
      if (verbs.isEmpty() || verbs.stream().anyMatch(String::isBlank) || why.isBlank()) {
        throw new IllegalArgumentException(
            "verbs %s for \"%s\", allowed: one verb or more, and a reason for them"
                .formatted(verbs, why));
      }
    }

    /** Whether it is what an informer does, and not a request of a plan. */
    public boolean isWatch() {
      return verbs.contains("watch");
    }
  }

  /** Begins with objects of a type; nothing is granted yet. */
  public static Access to(ResourceType<?> type) {
    return new Access(
        type.group(), type.plural(), type.namespaced(), List.of(), List.of(), List.of());
  }

  /** Begins with a subresource, for example {@code status}. */
  public static Access to(ResourceType<?> type, String subresource) {
    return new Access(
        type.group(),
        type.plural() + "/" + subresource,
        type.namespaced(),
        List.of(),
        List.of(),
        List.of());
  }

  /**
   * Begins with a resource that has no type here, for example {@code signers} of {@code
   * certificates.k8s.io}, or {@link #ALL}. It counts as one without namespaces.
   */
  public static Access to(String group, String resource) {
    return new Access(group, resource, false, List.of(), List.of(), List.of());
  }

  /** What the actions that emit Events need. */
  public static Access toRecordEvents() {
    return new Access("", "events", true, List.of(), List.of(), List.of())
        .with("Events about what it does", "create", "patch");
  }

  /** The same, in these namespaces only. */
  public Access in(String... some) {
    return in(List.of(some));
  }

  /** The same, in these namespaces only. */
  public Access in(Collection<String> some) {
    return new Access(group, resource, true, List.copyOf(some), names, grants);
  }

  /** The same, for objects of these names only. */
  public Access named(String... some) {
    return named(List.of(some));
  }

  /** The same, for objects of these names only. */
  public Access named(Collection<String> some) {
    return new Access(group, resource, namespaced, namespaces, List.copyOf(some), grants);
  }

  /** What an informer does: list and watch. */
  public Access watch(String why) {
    return with(why, "list", "watch");
  }

  /** Reads single objects past the caches. */
  public Access get(String why) {
    return with(why, "get");
  }

  /** Reads many objects past the caches. */
  public Access list(String why) {
    return with(why, "list");
  }

  /** Creates objects. */
  public Access create(String why) {
    return with(why, "create");
  }

  /** Replaces objects. */
  public Access update(String why) {
    return with(why, "update");
  }

  /** Changes parts of objects; server-side apply, too. */
  public Access patch(String why) {
    return with(why, "patch");
  }

  /** Deletes single objects. */
  public Access delete(String why) {
    return with(why, "delete");
  }

  /**
   * Any verbs.
   *
   * @param verbs as RBAC spells them, for example {@code deletecollection} or {@code approve}
   */
  public Access with(String why, String... verbs) {
    List<Grant> more = new ArrayList<>(grants);
    more.add(new Grant(List.of(verbs), why));
    return new Access(group, resource, namespaced, namespaces, names, more);
  }

  /** What informers do of it. In some programs they act as somebody else than the controller. */
  public Access watches() {
    return only(Grant::isWatch);
  }

  /** What requests do of it, past the caches. */
  public Access requests() {
    return only(grant -> !grant.isWatch());
  }

  private Access only(Predicate<Grant> wanted) {
    return new Access(
        group, resource, namespaced, namespaces, names, grants.stream().filter(wanted).toList());
  }

  /** {@code resource}, or {@code resource.group}, as error messages name it. */
  public String qualifiedResource() {
    int slash = resource.indexOf('/');
    if (group.isEmpty()) {
      return resource;
    }
    return slash < 0
        ? resource + "." + group
        : resource.substring(0, slash) + "." + group + resource.substring(slash);
  }

  /**
   * Whether a request is one of those declared.
   *
   * @param verb as RBAC spells it
   * @param inGroup API group
   * @param of plural name, with {@code /subresource} for one
   * @param key namespace and name; either may be empty. A list or watch without a name may be one
   *     that selects a name, which is not known here
   */
  public boolean covers(String verb, String inGroup, String of, ObjectKey key) {
    return matches(group, inGroup)
        && matches(resource, of)
        && (namespaces.isEmpty() || namespaces.contains(key.namespace()))
        && (names.isEmpty()
            || names.contains(key.name())
            || (key.name().isEmpty() && BY_SELECTOR.contains(verb)))
        && grants.stream()
            .anyMatch(grant -> grant.verbs().contains(verb) || grant.verbs().contains(ALL));
  }

  private static boolean matches(String pattern, String value) {
    return pattern.equals(ALL) || pattern.equals(value);
  }
}
