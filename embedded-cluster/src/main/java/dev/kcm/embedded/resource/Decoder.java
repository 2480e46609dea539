package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns a request body into an object of the wanted kind: type errors are refused, unknown fields
 * dropped with a warning or refused, nulls and empty collections dropped.
 *
 * <p>Immutable.
 */
final class Decoder {

  /** A decoded object, and the warnings about it. */
  record Decoded(ObjectNode object, List<String> warnings) {}

  /** What to do with unknown fields. */
  enum FieldValidation {
    IGNORE,
    WARN,
    STRICT
  }

  private static final int SUMMARY_LENGTH = 30;

  private final ServedKinds kinds;
  private final FieldTypes types = FieldTypes.builtIn();

  Decoder(ServedKinds kinds) {
    this.kinds = kinds;
  }

  /** Decodes the body of a request that creates or replaces an object of the kind. */
  Decoded decode(Kind kind, @Nullable JsonNode body, FieldValidation validation) {
    return decode(kind.apiVersion(), kind.kind(), body, validation);
  }

  Decoded decode(
      String apiVersion, String kind, @Nullable JsonNode body, FieldValidation validation) {
    ObjectNode object = requireObject(kind, body);
    String bodyKind = object.path("kind").asText("");
    String bodyVersion = object.path("apiVersion").asText("");
    requireKind(
        apiVersion,
        kind,
        bodyVersion.isEmpty() ? apiVersion : bodyVersion,
        bodyKind.isEmpty() ? kind : bodyKind);
    try {
      return convert(apiVersion, kind, object, validation);
    } catch (TypedCopy.TypeException e) {
      throw cannotHandle(kind, version(apiVersion), kind, e.reason());
    }
  }

  /** The request with its body decoded as the kind that its path takes. */
  ApiRequest decodeBody(ApiRequest request, Kind kind) {
    if (request.verb() != Verb.CREATE) {
      return request;
    }
    WriteOptions options = WriteOptions.of(request, "CreateOptions");
    String apiVersion = kind.apiVersion();
    String bodyKind = kind.kind();
    for (Kind.Subresource subresource : kind.subresources()) {
      if (subresource.name().equals(request.subresource())) {
        bodyKind = subresource.kind();
        apiVersion =
            subresource.version().isEmpty()
                ? apiVersion
                : Kind.apiVersion(subresource.group(), subresource.version());
      }
    }
    Decoded decoded = decode(apiVersion, bodyKind, request.body(), options.validation());
    return request.withBody(decoded.object());
  }

  /** Decodes the options in the body of a deletion, whose group and version do not matter. */
  ObjectNode decodeDeleteOptions(JsonNode body) {
    ObjectNode options = requireObject("DeleteOptions", body).deepCopy();
    options.remove("apiVersion");
    String kind = options.path("kind").asText("");
    if (!kind.isEmpty() && !kind.equals("DeleteOptions")) {
      throw Statuses.badRequest(
          "converting (v1." + kind + ") to (v1.DeleteOptions): unknown conversion");
    }
    try {
      return new TypedCopy(types, new ArrayList<>())
          .root("meta.v1.DeleteOptions", "DeleteOptions", options);
    } catch (TypedCopy.TypeException e) {
      throw cannotHandle("DeleteOptions", "v1", "DeleteOptions", e.reason());
    }
  }

  /** Decodes the result of a patch, which has the right kind but maybe wrong types. */
  Decoded decodePatched(Kind kind, JsonNode patched, FieldValidation validation) {
    try {
      return decodeTree(kind, patched, validation);
    } catch (TypedCopy.TypeException e) {
      throw badPatch(patched.toString(), e.reason());
    }
  }

  /** Decodes the result of a strategic patch; a refusal shows the patch and not the result. */
  Decoded decodeMerged(Kind kind, JsonNode patched, JsonNode patch, FieldValidation validation) {
    try {
      return decodeTree(kind, patched, validation);
    } catch (TypedCopy.TypeException e) {
      throw badPatch(GoText.of(patch), e.treeReason());
    }
  }

  private static StatusException badPatch(String shown, String why) {
    FieldErrors errors = new FieldErrors();
    errors.invalid("patch", shown, why);
    return Statuses.invalid("", "", "", errors);
  }

  private Decoded decodeTree(Kind kind, JsonNode patched, FieldValidation validation)
      throws TypedCopy.TypeException {
    if (!(patched instanceof ObjectNode object)) {
      throw new TypedCopy.TypeException(
          "json: cannot unmarshal "
              + TypedCopy.kindOf(patched)
              + " into Go value of type v1."
              + kind.kind());
    }
    return convert(kind.apiVersion(), kind.kind(), object, validation);
  }

  private Decoded convert(
      String apiVersion, String kind, ObjectNode object, FieldValidation validation)
      throws TypedCopy.TypeException {
    String struct = types.structOf(apiVersion, kind);
    List<String> unknown = new ArrayList<>();
    ObjectNode copy = new TypedCopy(types, unknown).root(struct, kind, object);
    if (struct == null) {
      fit(apiVersion, kind, copy, unknown);
    }
    copy.put("apiVersion", apiVersion).put("kind", kind);
    if (validation == FieldValidation.STRICT && !unknown.isEmpty()) {
      throw new TypedCopy.TypeException("strict decoding error: " + String.join(", ", unknown));
    }
    return new Decoded(copy, validation == FieldValidation.WARN ? unknown : List.of());
  }

  /** Prunes and completes an object of a custom kind along its schema. */
  private void fit(String apiVersion, String kind, ObjectNode object, List<String> unknown) {
    KindTable table = kinds.current();
    JsonNode schema =
        CustomSchema.of(
            table.ofKind(apiVersion, kind).map(table::definition).orElseGet(Trees::missing));
    if (schema.isObject()) {
      CustomSchema.prune(schema, object, unknown);
      CustomSchema.applyDefaults(schema, object);
    }
  }

  private static ObjectNode requireObject(String kind, @Nullable JsonNode body) {
    if (body instanceof ObjectNode object) {
      return object;
    }
    if (body == null || body.isMissingNode()) {
      throw unrecognized(kind, "unexpected end of JSON input", "<empty>");
    }
    String text = body.toString();
    throw unrecognized(
        kind,
        "json: cannot unmarshal "
            + TypedCopy.kindOf(body)
            + " into Go value of type struct { APIVersion string"
            + " \"json:\\\"apiVersion,omitempty\\\"\"; Kind string"
            + " \"json:\\\"kind,omitempty\\\"\" }",
        text.length() > SUMMARY_LENGTH ? text.substring(0, SUMMARY_LENGTH) + " ..." : text);
  }

  private static StatusException unrecognized(String kind, String why, String summary) {
    return Statuses.badRequest(
        "the object provided is unrecognized (must be of type "
            + kind
            + "): couldn't get version/kind; json parse error: "
            + why
            + " ("
            + summary
            + ")");
  }

  private void requireKind(String apiVersion, String kind, String bodyVersion, String bodyKind) {
    if (bodyKind.equals(kind) && bodyVersion.equals(apiVersion)) {
      return;
    }
    boolean known =
        types.structOf(bodyVersion, bodyKind) != null
            || kinds.current().ofKind(bodyVersion, bodyKind).isPresent();
    if (!known) {
      throw cannotHandle(
          bodyKind,
          version(bodyVersion),
          kind,
          "no kind \""
              + bodyKind
              + "\" is registered for version \""
              + bodyVersion
              + "\" in scheme \"pkg/api/legacyscheme/scheme.go:30\"");
    }
    throw cannotHandle(
        bodyKind,
        version(bodyVersion),
        kind,
        "converting ("
            + version(bodyVersion)
            + "."
            + bodyKind
            + ") to ("
            + internalPackage(apiVersion)
            + "."
            + kind
            + "): unknown conversion");
  }

  private static StatusException cannotHandle(
      String bodyKind, String bodyVersion, String kind, String why) {
    return Statuses.badRequest(
        bodyKind
            + " in version \""
            + bodyVersion
            + "\" cannot be handled as a "
            + kind
            + ": "
            + why);
  }

  private static String version(String apiVersion) {
    return apiVersion.substring(apiVersion.indexOf('/') + 1);
  }

  private static String internalPackage(String apiVersion) {
    int slash = apiVersion.indexOf('/');
    if (slash < 0) {
      return "core";
    }
    int dot = apiVersion.indexOf('.');
    return apiVersion.substring(0, dot > 0 ? Math.min(dot, slash) : slash);
  }
}
