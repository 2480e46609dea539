package dev.kcm.core.api;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Makes the addresses of requests. Immutable. */
final class Addresses {

  private final String server;

  /** The server's address, with or without a slash at its end. */
  Addresses(String server) {
    this.server = server.endsWith("/") ? server.substring(0, server.length() - 1) : server;
  }

  URI path(String path) {
    return URI.create(server + (path.startsWith("/") ? path : "/" + path));
  }

  /** All objects of a type, in one namespace where one is given. */
  URI collection(ResourceType<?> type, String namespace) {
    return URI.create(base(type, namespace).toString());
  }

  URI object(ResourceType<?> type, ObjectKey key, String subresource) {
    if (key.name().isEmpty()) {
      throw new IllegalArgumentException("no name given for one of " + type.qualifiedPlural());
    }
    StringBuilder path = base(type, key.namespace()).append('/').append(encoded(key.name()));
    if (!subresource.isEmpty()) {
      path.append('/').append(subresource);
    }
    return URI.create(path.toString());
  }

  URI apply(ResourceType<?> type, ObjectKey key, String subresource, ApplyOptions options) {
    StringBuilder text = new StringBuilder(object(type, key, subresource).toString());
    int start = text.length();
    parameter(text, start, "fieldManager", options.fieldManager());
    parameter(text, start, "force", options.force() ? "true" : "");
    return URI.create(text.toString());
  }

  private StringBuilder base(ResourceType<?> type, String namespace) {
    StringBuilder path = new StringBuilder(server);
    path.append(type.group().isEmpty() ? "/api/" : "/apis/" + type.group() + "/");
    path.append(type.version());
    if (type.namespaced() && !namespace.isEmpty()) {
      path.append("/namespaces/").append(encoded(namespace));
    }
    return path.append('/').append(type.plural());
  }

  URI list(ResourceType<?> type, ListQuery query) {
    StringBuilder text = base(type, query.scope().namespace());
    int start = text.length();
    scope(text, start, query.scope());
    parameter(text, start, "resourceVersion", query.resourceVersion());
    parameter(text, start, "resourceVersionMatch", query.resourceVersionMatch());
    parameter(text, start, "limit", query.limit() == 0 ? "" : Integer.toString(query.limit()));
    parameter(text, start, "continue", query.continueToken());
    return URI.create(text.toString());
  }

  URI watch(ResourceType<?> type, WatchQuery query) {
    StringBuilder text = base(type, query.scope().namespace());
    int start = text.length();
    parameter(text, start, "watch", "1");
    scope(text, start, query.scope());
    parameter(text, start, "resourceVersion", query.resourceVersion());
    parameter(text, start, "allowWatchBookmarks", "true");
    parameter(text, start, "timeoutSeconds", Long.toString(query.timeout().toSeconds()));
    if (query.sendInitialEvents()) {
      parameter(text, start, "sendInitialEvents", "true");
      parameter(text, start, "resourceVersionMatch", "NotOlderThan");
    }
    return URI.create(text.toString());
  }

  private static void scope(StringBuilder text, int start, Scope scope) {
    parameter(text, start, "labelSelector", scope.labelSelector());
    parameter(text, start, "fieldSelector", scope.fieldSelector());
  }

  private static void parameter(StringBuilder text, int start, String name, String value) {
    if (!value.isEmpty()) {
      text.append(text.length() == start ? '?' : '&')
          .append(name)
          .append('=')
          .append(encoded(value));
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
