package dev.kcm.embedded.access;

/**
 * What a request wants, as access rules see it.
 *
 * @param verb API verb, or the method in lower case for paths outside the resources
 * @param group API group, empty for core
 * @param version API version
 * @param resource plural resource name, empty for paths outside the resources
 * @param subresource subresource, else empty
 * @param namespace namespace, empty for cluster scope and all namespaces
 * @param name object name, empty for collections
 * @param path decoded path of the URL
 */
public record Attributes(
    String verb,
    String group,
    String version,
    String resource,
    String subresource,
    String namespace,
    String name,
    String path) {

  /** Whether a resource is asked for. */
  public boolean isResource() {
    return !resource.isEmpty();
  }

  /** A request to a path outside the resources. */
  public static Attributes ofPath(String verb, String path) {
    return new Attributes(verb, "", "", "", "", "", "", path);
  }

  /** Resource with subresource, for example {@code pods/status}. */
  String fullResource() {
    return subresource.isEmpty() ? resource : resource + "/" + subresource;
  }

  /** The sentence that refusals quote, without the user. */
  public String sentence() {
    String what = fullResource();
    String where =
        namespace.isEmpty() ? "at the cluster scope" : "in the namespace \"" + namespace + "\"";
    return "cannot %s resource \"%s\" in API group \"%s\" %s".formatted(verb, what, group, where);
  }
}
