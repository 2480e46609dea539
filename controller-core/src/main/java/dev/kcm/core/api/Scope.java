package dev.kcm.core.api;

/**
 * A part of a resource.
 *
 * @param namespace one namespace, empty for all
 * @param labelSelector label selector in the API's syntax, empty for all
 * @param fieldSelector field selector in the API's syntax, empty for all
 */
public record Scope(String namespace, String labelSelector, String fieldSelector) {

  /** Everything. */
  public static final Scope ALL = new Scope("", "", "");

  /** Everything in one namespace. */
  public static Scope namespace(String namespace) {
    return new Scope(namespace, "", "");
  }
}
