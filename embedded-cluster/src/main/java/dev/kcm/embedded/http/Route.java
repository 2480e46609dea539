package dev.kcm.embedded.http;

import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.embedded.resource.Kind;
import dev.kcm.embedded.resource.Kind.Subresource;
import dev.kcm.embedded.resource.Statuses;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request to a resource after method, path and query were put together.
 *
 * @param verb the API verb
 * @param target the path
 * @param query the parameters, for old watch paths with the selector that the path stands for
 */
record Route(Verb verb, RequestPath.Resource target, Map<String, List<String>> query) {

  /** Finds the verb; refuses methods that no resource takes. */
  static Route of(HttpString method, RequestPath.Resource target, Map<String, List<String>> query) {
    boolean collection = target.name().isEmpty();
    if (method.equals(Methods.GET)) {
      return read(target, query);
    }
    if (method.equals(Methods.POST)) {
      return new Route(Verb.CREATE, target, query);
    }
    if (method.equals(Methods.PUT)) {
      return new Route(Verb.UPDATE, target, query);
    }
    if (method.equals(Methods.PATCH)) {
      return new Route(Verb.PATCH, target, query);
    }
    if (method.equals(Methods.DELETE)) {
      return new Route(collection ? Verb.DELETECOLLECTION : Verb.DELETE, target, query);
    }
    throw Statuses.methodNotAllowed();
  }

  private static Route read(RequestPath.Resource target, Map<String, List<String>> query) {
    if (target.name().isEmpty()) {
      boolean watch = target.watch() || QueryString.isOn(query, "watch");
      return new Route(watch ? Verb.WATCH : Verb.LIST, target, query);
    }
    return target.watch()
        ? new Route(Verb.WATCH, collection(target), named(query, target.name()))
        : new Route(Verb.GET, target, query);
  }

  private static RequestPath.Resource collection(RequestPath.Resource target) {
    if (!target.subresource().isEmpty()) {
      throw Statuses.unknownPath();
    }
    return new RequestPath.Resource(
        true, target.group(), target.version(), target.namespace(), target.resource(), "", "");
  }

  private static Map<String, List<String>> named(Map<String, List<String>> query, String name) {
    Map<String, List<String>> narrowed = new LinkedHashMap<>(query);
    String selector = QueryString.first(query, "fieldSelector");
    String byName = "metadata.name=" + name;
    narrowed.put("fieldSelector", List.of(selector.isEmpty() ? byName : selector + "," + byName));
    return narrowed;
  }

  private Optional<Subresource> subresource(Kind kind) {
    return kind.subresources().stream()
        .filter(candidate -> candidate.name().equals(target.subresource()))
        .findFirst();
  }

  /** The kind that a body of this request has, for messages. */
  String bodyKind(Kind kind) {
    if (verb == Verb.DELETE || verb == Verb.DELETECOLLECTION) {
      return "DeleteOptions";
    }
    return subresource(kind).map(Subresource::kind).orElse(kind.kind());
  }
}
