package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.patch.PatchException;
import dev.kcm.embedded.patch.PatchType;
import dev.kcm.embedded.patch.Patches;
import dev.kcm.embedded.patch.ServerSideApply;
import dev.kcm.embedded.patch.ServerSideApply.Writer;
import dev.kcm.embedded.resource.Decoder.Decoded;
import dev.kcm.embedded.resource.ObjectRules.Part;
import dev.kcm.embedded.resource.UpdateRules.Target;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Patches objects: an update whose body is computed from the current object.
 *
 * <p>Thread-safe: without state of its own.
 */
final class PatchRules {

  private final UpdateRules updates;
  private final CreateRules creates;
  private final Decoder decoder;
  private final Clock clock;

  PatchRules(UpdateRules updates, CreateRules creates, Decoder decoder, Clock clock) {
    this.updates = updates;
    this.creates = creates;
    this.decoder = decoder;
    this.clock = clock;
  }

  ApiAnswer patch(ApiRequest request, Kind kind, Part part) {
    PatchType type = typeOf(request);
    WriteOptions options = options(request, type);
    JsonNode patch = requirePatch(request, type);
    FieldWriter writer =
        type == PatchType.APPLY ? FieldWriter.NOBODY : FieldWriter.of(request, options);
    Target target =
        new Target(kind, request.namespace(), request.name(), part, options.dryRun(), writer);
    if (type == PatchType.APPLY && !updates.exists(target)) {
      return createByApply(request, target, patch, options);
    }
    Set<String> warnings = new LinkedHashSet<>();
    JsonNode patched =
        updates.apply(
            target,
            current -> {
              JsonNode result =
                  type == PatchType.APPLY
                      ? applyAs(request, current, patch, options, kind)
                      : apply(type, current, patch, kind);
              Decoded decoded =
                  type == PatchType.STRATEGIC
                      ? decoder.decodeMerged(kind, result, patch, options.validation())
                      : decoder.decodePatched(kind, result, options.validation());
              warnings.addAll(decoded.warnings());
              return named(request, decoded.object());
            });
    return new ApiAnswer(200, patched, new ArrayList<>(warnings));
  }

  private ApiAnswer createByApply(
      ApiRequest request, Target target, JsonNode patch, WriteOptions options) {
    Kind kind = target.kind();
    if (!Meta.uid(patch).isEmpty()) {
      throw Statuses.conflict(
          kind,
          target.name(),
          "uid mismatch: the provided object specified uid "
              + Meta.uid(patch)
              + ", and no existing object was found");
    }
    if (target.part() != Part.MAIN) {
      throw Statuses.notFound(kind, target.name());
    }
    JsonNode result = applyAs(request, null, patch, options, kind);
    Decoded decoded = decoder.decodePatched(kind, result, options.validation());
    CreateRules.placeInNamespace(kind, target.namespace(), decoded.object());
    JsonNode created =
        creates.create(
            kind,
            named(request, decoded.object()),
            request.user(),
            target.dryRun(),
            target.writer());
    return new ApiAnswer(201, created, decoded.warnings());
  }

  /** The patch format of the request, or a refusal. */
  static PatchType typeOf(ApiRequest request) {
    return PatchType.of(request.contentType()).orElseThrow(Statuses::unsupportedPatchType);
  }

  static WriteOptions options(ApiRequest request, PatchType type) {
    WriteOptions options = WriteOptions.of(request, "PatchOptions");
    FieldErrors errors = new FieldErrors();
    if (type == PatchType.APPLY && options.fieldManager().isEmpty()) {
      errors.required("fieldManager", "is required for apply patch");
    }
    if (type != PatchType.APPLY && !request.parameter("force").isEmpty()) {
      errors.forbidden("force", "may not be specified for non-apply patch");
    }
    WriteOptions.refuse(errors, "PatchOptions");
    return options;
  }

  static JsonNode requirePatch(ApiRequest request, PatchType type) {
    JsonNode patch = request.body();
    boolean wellFormed =
        patch != null && (type == PatchType.JSON ? patch.isArray() : patch.isObject());
    if (patch == null || !wellFormed) {
      throw Statuses.badRequest(
          patch == null
              ? "error decoding patch: unexpected end of JSON input"
              : "error decoding patch: json: cannot unmarshal "
                  + TypedCopy.kindOf(patch)
                  + " into Go value of type "
                  + (type == PatchType.JSON ? "jsonpatch.Patch" : "map[string]interface {}"));
    }
    return patch;
  }

  /** The patched tree, with failures as refusals. */
  static JsonNode apply(PatchType type, JsonNode current, JsonNode patch, Kind kind) {
    try {
      return Patches.apply(type, current, patch, kind);
    } catch (PatchException e) {
      throw refusal(e);
    }
  }

  private JsonNode applyAs(
      ApiRequest request,
      @Nullable JsonNode current,
      JsonNode config,
      WriteOptions options,
      Kind kind) {
    Writer writer = new Writer(options.fieldManager(), request.subresource(), clock.instant());
    try {
      return ServerSideApply.apply(current, config, writer, options.force(), kind).object();
    } catch (PatchException e) {
      throw refusal(e);
    }
  }

  private static StatusException refusal(PatchException e) {
    String message = String.valueOf(e.getMessage());
    return switch (e.code()) {
      case 409 -> Statuses.applyConflict(message, e.causes());
      case 415 -> Statuses.unsupportedMediaType(message);
      case 422 -> Statuses.unprocessable();
      default -> Statuses.badRequest(message);
    };
  }

  private static ObjectNode named(ApiRequest request, ObjectNode object) {
    if (!Meta.namespace(object).equals(request.namespace())) {
      throw Statuses.otherNamespace();
    }
    String name = Meta.name(object);
    if (!name.equals(request.name())) {
      throw Statuses.badRequest(
          "the name of the object ("
              + name
              + ") does not match the name on the URL ("
              + request.name()
              + ")");
    }
    return object;
  }
}
