package dev.kcm.core.informer;

import dev.kcm.core.api.Scope;
import dev.kcm.core.object.ObjectKey;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which objects of a resource an informer holds.
 *
 * <p>An object that no longer matches a selector is told as deleted, although it may still exist.
 *
 * @param namespaces in which namespaces
 * @param labelSelector label selector in the API's syntax, empty for all
 * @param fieldSelector field selector in the API's syntax, empty for all
 */
public record Selection(NamespaceSet namespaces, String labelSelector, String fieldSelector) {

  /** Everything. */
  public static final Selection ALL = new Selection(NamespaceSet.all(), "", "");

  /** Everything in these namespaces, with a list and a watch for each of them. */
  public static Selection in(NamespaceSet namespaces) {
    return new Selection(namespaces, "", "");
  }

  /** Everything in one namespace. */
  public static Selection namespace(String namespace) {
    return in(NamespaceSet.of(List.of(namespace)));
  }

  /**
   * Everything but what is in these namespaces, with one list and one watch.
   *
   * @param namespaces at least one
   * @throws IllegalArgumentException when there is none, or one has no name
   */
  public static Selection allBut(Collection<String> namespaces) {
    return ALL.withFields(
        new TreeSet<>(NamespaceSet.of(namespaces).names())
            .stream()
                .map(namespace -> "metadata.namespace!=" + namespace)
                .collect(Collectors.joining(",")));
  }

  /** A single object, which need not exist. */
  public static Selection object(ObjectKey key) {
    Selection around = key.namespace().isEmpty() ? ALL : namespace(key.namespace());
    return around.withFields("metadata.name=" + key.name());
  }

  /** The same in these namespaces, if it is one of all namespaces; otherwise itself. */
  public Selection within(NamespaceSet some) {
    return namespaces.isAll() ? new Selection(some, labelSelector, fieldSelector) : this;
  }

  /** Of these, only those that match a label selector too. */
  public Selection withLabels(String selector) {
    return new Selection(namespaces, both(labelSelector, selector), fieldSelector);
  }

  /** Of these, only those that match a field selector too. */
  public Selection withFields(String selector) {
    return new Selection(namespaces, labelSelector, both(fieldSelector, selector));
  }

  private static String both(String one, String other) {
    return one.isEmpty() ? other : other.isEmpty() ? one : one + "," + other;
  }

  /** The part of it in one namespace, the empty name for all. */
  Scope part(String namespace) {
    return new Scope(namespace, labelSelector, fieldSelector);
  }
}
