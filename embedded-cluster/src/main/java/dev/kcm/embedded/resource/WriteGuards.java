package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Who is asked before an object of some resource is written, and sees what would be stored.
 *
 * <p>Thread-safe: a concurrent map.
 */
final class WriteGuards {

  private static final Set<Verb> WRITES = EnumSet.of(Verb.CREATE, Verb.UPDATE, Verb.PATCH);

  private final Map<String, BiConsumer<ApiRequest, JsonNode>> guards = new ConcurrentHashMap<>();

  void add(String resource, BiConsumer<ApiRequest, JsonNode> guard) {
    guards.put(resource, guard);
  }

  /**
   * Asks the guard of the resource, if it has one.
   *
   * @param rehearse answers a request that stores nothing with the object it would store
   */
  void check(ApiRequest request, Kind kind, Function<ApiRequest, ApiAnswer> rehearse) {
    BiConsumer<ApiRequest, JsonNode> guard = guards.get(kind.qualifiedResource());
    if (guard != null && WRITES.contains(request.verb())) {
      guard.accept(request, rehearse.apply(dryRun(request)).body());
    }
  }

  private static ApiRequest dryRun(ApiRequest request) {
    Map<String, List<String>> query = new LinkedHashMap<>(request.query());
    query.put("dryRun", List.of("All"));
    return request.withQuery(query);
  }
}
