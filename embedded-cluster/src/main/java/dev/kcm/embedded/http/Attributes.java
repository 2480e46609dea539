package dev.kcm.embedded.http;

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

  static Attributes of(String verb, RequestPath.Resource target, String path) {
    return new Attributes(
        verb,
        target.group(),
        target.version(),
        target.resource(),
        target.subresource(),
        target.accessNamespace(),
        target.name(),
        path);
  }

  static Attributes ofPath(String verb, String path) {
    return new Attributes(verb, "", "", "", "", "", "", path);
  }

  /** The sentence that refusals quote, without the user. */
  String sentence() {
    String what = subresource.isEmpty() ? resource : resource + "/" + subresource;
    String where =
        namespace.isEmpty() ? "at the cluster scope" : "in the namespace \"" + namespace + "\"";
    return "cannot %s resource \"%s\" in API group \"%s\" %s".formatted(verb, what, group, where);
  }
}
