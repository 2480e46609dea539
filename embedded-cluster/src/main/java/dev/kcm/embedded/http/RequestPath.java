package dev.kcm.embedded.http;

import dev.kcm.embedded.resource.Statuses;
import java.util.ArrayList;
import java.util.List;

/** What the path of a URL addresses. */
sealed interface RequestPath {

  /** Subresources of a namespace; any other word behind its name is a resource inside it. */
  List<String> NAMESPACE_SUBRESOURCES = List.of("status", "finalize");

  /**
   * A resource, or an object or subresource of it.
   *
   * @param watch whether the path has the old {@code /watch} prefix
   * @param group API group, empty for core
   * @param version API version
   * @param namespace namespace, empty for cluster scope or all namespaces
   * @param resource plural resource name
   * @param name object name, empty for collections
   * @param subresource subresource, else empty
   */
  record Resource(
      boolean watch,
      String group,
      String version,
      String namespace,
      String resource,
      String name,
      String subresource)
      implements RequestPath {

    /** The namespace that access rules see: for a namespace itself, its own name. */
    String accessNamespace() {
      return resource.equals("namespaces") && group.isEmpty() ? name : namespace;
    }
  }

  /**
   * Anything else.
   *
   * @param path decoded path, without a slash at its end
   * @param segments decoded parts between slashes
   */
  record Plain(String path, List<String> segments) implements RequestPath {

    public Plain {
      segments = List.copyOf(segments);
    }
  }

  /**
   * Reads a path.
   *
   * @param raw path of the URL, still escaped
   */
  static RequestPath parse(String raw) {
    List<String> segments = segments(raw);
    boolean core = segments.size() > 2 && segments.get(0).equals("api");
    boolean grouped = segments.size() > 3 && segments.get(0).equals("apis");
    if (!core && !grouped) {
      return new Plain("/" + String.join("/", segments), segments);
    }
    String group = core ? "" : segments.get(1);
    String version = segments.get(core ? 1 : 2);
    List<String> rest = segments.subList(core ? 2 : 3, segments.size());
    boolean watch = rest.get(0).equals("watch") && rest.size() > 1;
    return resource(watch, group, version, watch ? rest.subList(1, rest.size()) : rest);
  }

  private static Resource resource(boolean watch, String group, String version, List<String> rest) {
    boolean inNamespace =
        rest.get(0).equals("namespaces")
            && rest.size() > 2
            && !(NAMESPACE_SUBRESOURCES.contains(rest.get(2)) && rest.size() == 3);
    String namespace = inNamespace ? rest.get(1) : "";
    List<String> tail = inNamespace ? rest.subList(2, rest.size()) : rest;
    if (tail.size() > 3) {
      throw Statuses.unknownPath();
    }
    return new Resource(
        watch,
        group,
        version,
        namespace,
        tail.get(0),
        tail.size() > 1 ? tail.get(1) : "",
        tail.size() > 2 ? tail.get(2) : "");
  }

  private static List<String> segments(String raw) {
    List<String> segments = new ArrayList<>();
    String path = raw.startsWith("/") ? raw.substring(1) : raw;
    if (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    if (path.isEmpty()) {
      return segments;
    }
    for (String segment : path.split("/", -1)) {
      if (segment.isEmpty()) {
        throw Statuses.unknownPath();
      }
      segments.add(PercentDecoder.segment(segment));
    }
    return segments;
  }
}
