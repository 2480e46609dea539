package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.embedded.resource.ObjectRules.Part;
import java.util.Map;

/**
 * Sends requests to subresources where they belong.
 *
 * <p>Immutable.
 */
final class Subresources {

  /** Subresources that show the whole object and write a part of it. */
  private static final Map<String, Part> PARTS =
      Map.of(
          "status", Part.STATUS,
          "finalize", Part.FINALIZE,
          "approval", Part.APPROVAL,
          "ephemeralcontainers", Part.EPHEMERAL_CONTAINERS,
          "resize", Part.RESIZE);

  private final UpdateRules updates;
  private final PatchRules patches;
  private final ScaleResource scale;
  private final BindingResource binding;
  private final EvictionResource eviction;

  Subresources(
      UpdateRules updates,
      PatchRules patches,
      ScaleResource scale,
      BindingResource binding,
      EvictionResource eviction) {
    this.updates = updates;
    this.patches = patches;
    this.scale = scale;
    this.binding = binding;
    this.eviction = eviction;
  }

  ApiAnswer handle(ApiRequest request, Kind kind) {
    Part part = PARTS.get(request.subresource());
    if (part != null) {
      return handlePart(request, kind, part);
    }
    return switch (request.subresource()) {
      case "scale" -> scale.handle(request, kind);
      case "binding" -> binding.bind(request, kind);
      case "eviction" -> eviction.evict(request, kind);
      case "attach", "exec", "log", "portforward", "proxy" ->
          throw withoutContainers(updates.current(request, kind));
      default -> throw Statuses.unknownPath();
    };
  }

  /** What a kubelet would answer is refused: simulated nodes run nothing. */
  private static StatusException withoutContainers(JsonNode object) {
    String node = object.path("spec").path("nodeName").asText();
    return Statuses.methodNotAllowed(
        node.isEmpty()
            ? "simulated nodes run no containers and serve nothing"
            : ("simulated nodes run no containers: there is nothing to log, to execute or to connect"
                    + " to in pod \"%s\" on node \"%s\"")
                .formatted(Meta.name(object), node));
  }

  private ApiAnswer handlePart(ApiRequest request, Kind kind, Part part) {
    if (request.verb() == Verb.UPDATE) {
      return updates.update(request, kind, part);
    }
    if (request.verb() == Verb.PATCH) {
      return patches.patch(request, kind, part);
    }
    return ApiAnswer.of(200, updates.current(request, kind));
  }
}
