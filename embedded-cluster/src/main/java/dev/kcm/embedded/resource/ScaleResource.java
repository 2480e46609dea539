package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.patch.PatchType;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.embedded.resource.Decoder.FieldValidation;
import dev.kcm.embedded.resource.Kind.Trait;
import dev.kcm.embedded.resource.ObjectRules.Part;
import dev.kcm.embedded.resource.UpdateRules.Target;
import java.util.List;
import java.util.Set;

/**
 * The scale subresource: shows and sets the number of replicas.
 *
 * <p>Thread-safe: without state of its own.
 */
final class ScaleResource {

  private static final String VERSION = "autoscaling/v1";

  /** The kind that patches and errors are about. */
  private static final Kind SCALE =
      new Kind(
          "autoscaling",
          "v1",
          "Scale",
          "scales",
          "scale",
          List.of(),
          List.of(),
          true,
          List.of(),
          List.of(),
          "",
          Set.of(Trait.VIRTUAL));

  private final Objects objects;
  private final Decoder decoder;
  private final UpdateRules updates;
  private final ServedKinds kinds;

  ScaleResource(Objects objects, Decoder decoder, UpdateRules updates, ServedKinds kinds) {
    this.kinds = kinds;
    this.objects = objects;
    this.decoder = decoder;
    this.updates = updates;
  }

  ApiAnswer handle(ApiRequest request, Kind kind) {
    if (request.verb() == Verb.GET) {
      JsonNode object = objects.require(kind, request.namespace(), request.name()).object();
      return ApiAnswer.of(200, scaleOf(object, paths(kind)));
    }
    return request.verb() == Verb.PATCH ? patch(request, kind) : update(request, kind);
  }

  private ApiAnswer update(ApiRequest request, Kind kind) {
    WriteOptions options = WriteOptions.of(request, "UpdateOptions");
    ObjectNode wanted =
        decoder.decode(VERSION, "Scale", request.body(), options.validation()).object();
    String name = Meta.name(wanted);
    if (!name.isEmpty() && !name.equals(request.name())) {
      throw Statuses.badRequest(
          "the name of the object ("
              + name
              + ") does not match the name on the URL ("
              + request.name()
              + ")");
    }
    JsonNode scaled =
        updates.apply(
            target(request, kind, options), current -> scaled(current, wanted, paths(kind)));
    return ApiAnswer.of(200, scaleOf(scaled, paths(kind)));
  }

  private ApiAnswer patch(ApiRequest request, Kind kind) {
    PatchType type = PatchRules.typeOf(request);
    WriteOptions options = PatchRules.options(request, type);
    JsonNode patch = PatchRules.requirePatch(request, type);
    JsonNode scaled =
        updates.apply(
            target(request, kind, options),
            current -> {
              JsonNode patched =
                  PatchRules.apply(type, scaleOf(current, paths(kind)), patch, SCALE);
              return scaled(
                  current,
                  decoder.decodePatched(SCALE, patched, FieldValidation.IGNORE).object(),
                  paths(kind));
            });
    return ApiAnswer.of(200, scaleOf(scaled, paths(kind)));
  }

  private static Target target(ApiRequest request, Kind kind, WriteOptions options) {
    return new Target(
        kind,
        request.namespace(),
        request.name(),
        Part.SCALE,
        options.dryRun(),
        FieldWriter.of(request, options));
  }

  private static ObjectNode scaled(JsonNode current, JsonNode scale, ScalePaths paths) {
    JsonNode replicas = scale.path("spec").path("replicas");
    if (replicas.asInt(0) < 0) {
      FieldErrors errors = new FieldErrors();
      errors.invalid("spec.replicas", replicas, "must be greater than or equal to 0");
      throw Statuses.invalid(SCALE, Meta.name(current), errors);
    }
    ObjectNode next = current.deepCopy();
    paths.setReplicas(next, replicas.asInt(0));
    ObjectNode metadata = Meta.of(next);
    Trees.copyField(scale.path("metadata"), metadata, "resourceVersion");
    Trees.copyField(scale.path("metadata"), metadata, "uid");
    return next;
  }

  /** The scale of an object. */
  static ObjectNode scaleOf(JsonNode object, ScalePaths paths) {
    ObjectNode scale = Trees.object().put("kind", "Scale").put("apiVersion", VERSION);
    ObjectNode metadata = scale.putObject("metadata");
    for (String field :
        List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
      Trees.copyField(object.path("metadata"), metadata, field);
    }
    ObjectNode spec = scale.putObject("spec");
    int replicas = paths.replicas(object);
    if (replicas != 0) {
      spec.put("replicas", replicas);
    }
    ObjectNode status = scale.putObject("status").put("replicas", paths.currentReplicas(object));
    String selector = paths.selector(object);
    if (!selector.isEmpty()) {
      status.put("selector", selector);
    }
    return scale;
  }

  /** Where the kind keeps its numbers. */
  private ScalePaths paths(Kind kind) {
    return ScalePaths.of(kinds.current().definition(kind));
  }
}
