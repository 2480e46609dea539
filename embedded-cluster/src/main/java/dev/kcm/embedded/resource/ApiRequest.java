package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request to a resource, after its URL was parsed and its sender authenticated.
 *
 * @param user the sender
 * @param verb what is asked for
 * @param group API group, empty for core
 * @param version API version, for example {@code v1}
 * @param resource plural resource name, for example {@code pods}
 * @param namespace namespace of the path, empty for cluster scope or all namespaces
 * @param name object name of the path, empty for collections
 * @param subresource subresource of the path, for example {@code status}, else empty
 * @param query query parameters as sent, each with its values
 * @param body decoded body; null when none was sent
 * @param contentType media type of the body without parameters, empty when none was sent
 */
public record ApiRequest(
    UserInfo user,
    Verb verb,
    String group,
    String version,
    String resource,
    String namespace,
    String name,
    String subresource,
    Map<String, List<String>> query,
    @Nullable JsonNode body,
    String contentType) {

  /** The API verbs, named as in discovery and RBAC. */
  public enum Verb {
    GET,
    LIST,
    WATCH,
    CREATE,
    UPDATE,
    PATCH,
    DELETE,
    DELETECOLLECTION;

    /** The verb as discovery, RBAC and error messages spell it. */
    public String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** The same request with another body. */
  ApiRequest withBody(JsonNode other) {
    return new ApiRequest(
        user,
        verb,
        group,
        version,
        resource,
        namespace,
        name,
        subresource,
        query,
        other,
        contentType);
  }

  /** The same request with other parameters. */
  ApiRequest withQuery(Map<String, List<String>> other) {
    return new ApiRequest(
        user,
        verb,
        group,
        version,
        resource,
        namespace,
        name,
        subresource,
        other,
        body,
        contentType);
  }

  /**
   * First value of a query parameter.
   *
   * @return the value, empty when the parameter is absent
   */
  public String parameter(String key) {
    List<String> values = query.getOrDefault(key, List.of());
    return values.isEmpty() ? "" : values.get(0);
  }
}
