package dev.kcm.embedded.resource;

import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.embedded.resource.Kind.Subresource;
import java.util.List;

/**
 * Finds the kind of a request, and refuses paths and verbs that are not served.
 *
 * <p>Immutable.
 */
final class Routes {

  private static final List<String> ON_OBJECTS = List.of("get", "update", "patch", "delete");
  private static final List<String> ON_COLLECTIONS =
      List.of("list", "watch", "create", "deletecollection");

  private final ServedKinds kinds;

  Routes(ServedKinds kinds) {
    this.kinds = kinds;
  }

  /** The kind behind the path, or 404 or 405. */
  Kind resolve(ApiRequest request) {
    Kind kind =
        kinds
            .current()
            .find(request.group(), request.version(), request.resource())
            .orElseThrow(Statuses::unknownPath);
    if (!kind.namespaced() && !request.namespace().isEmpty()) {
      throw Statuses.unknownPath();
    }
    List<String> verbs =
        request.subresource().isEmpty() ? kind.verbs() : verbs(kind, request.subresource());
    requirePath(request, verbs);
    requireNamespace(request, kind);
    requireVerb(request, kind, verbs);
    return kind;
  }

  private static List<String> verbs(Kind kind, String subresource) {
    return kind.subresources().stream()
        .filter(s -> s.name().equals(subresource))
        .findFirst()
        .map(Subresource::verbs)
        .orElseThrow(Statuses::unknownPath);
  }

  private static void requirePath(ApiRequest request, List<String> verbs) {
    if (!request.subresource().isEmpty()) {
      if (request.name().isEmpty()) {
        throw Statuses.unknownPath();
      }
      return;
    }
    List<String> possible = request.name().isEmpty() ? ON_COLLECTIONS : ON_OBJECTS;
    if (possible.stream().noneMatch(verbs::contains)) {
      throw Statuses.unknownPath();
    }
  }

  /** Without a namespace there is only the collection over all of them. */
  private static void requireNamespace(ApiRequest request, Kind kind) {
    boolean acrossNamespaces = request.name().isEmpty() && kind.verbs().contains("list");
    if (kind.namespaced() && request.namespace().isEmpty() && !acrossNamespaces) {
      throw Statuses.unknownPath();
    }
  }

  private static void requireVerb(ApiRequest request, Kind kind, List<String> verbs) {
    Verb verb = request.verb();
    boolean onCollection = ON_COLLECTIONS.contains(verb.text());
    boolean fits = !request.subresource().isEmpty() || onCollection == request.name().isEmpty();
    boolean placed =
        !kind.namespaced()
            || !request.namespace().isEmpty()
            || verb == Verb.LIST
            || verb == Verb.WATCH;
    if (!fits || !placed || !verbs.contains(verb.text())) {
      throw Statuses.methodNotAllowed();
    }
  }
}
