package dev.kcm.embedded.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A request that is refused before it reaches the resources. */
final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int code;
  private final transient ObjectNode status;

  private Refusal(int code, String reason, String message, boolean details) {
    super(message, null, false, false);
    this.code = code;
    this.status = JsonNodeFactory.instance.objectNode();
    status.put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", "Failure").put("message", message).put("reason", reason);
    if (details) {
      status.putObject("details");
    }
    status.put("code", code);
  }

  /** 400 for a URL, header or body that cannot be read. */
  static Refusal badRequest(String message) {
    return new Refusal(400, "BadRequest", message, false);
  }

  /** 401 for credentials that do not hold. */
  static Refusal unauthorized() {
    return new Refusal(401, "Unauthorized", "Unauthorized", false);
  }

  /** 403 for a path outside the resources. */
  static Refusal forbiddenPath(String user, String verb, String path, String reason) {
    String why = reason.isEmpty() ? "" : ": " + reason;
    return new Refusal(
        403,
        "Forbidden",
        "forbidden: User \"%s\" cannot %s path \"%s\"%s".formatted(user, verb, path, why),
        true);
  }

  /** 403 for a resource; {@code subject} is what comes before {@code is forbidden}. */
  static Refusal forbidden(String subject, String group, String kind, String name, String why) {
    Refusal refusal = new Refusal(403, "Forbidden", subject + " is forbidden: " + why, true);
    ObjectNode details = refusal.status.withObject("/details");
    putUnlessEmpty(details, "name", name);
    putUnlessEmpty(details, "group", group);
    details.put("kind", kind);
    return refusal;
  }

  /** 404 for a path that nothing serves. */
  static Refusal unknownPath() {
    return new Refusal(404, "NotFound", "the server could not find the requested resource", true);
  }

  /** 405 for a method that the path does not take. */
  static Refusal methodNotAllowed() {
    return new Refusal(
        405,
        "MethodNotAllowed",
        "the server does not allow this method on the requested resource",
        true);
  }

  /** 406 when the client takes nothing that is served. */
  static Refusal notAcceptable(String served) {
    return new Refusal(
        406, "NotAcceptable", "406: Not Acceptable\n\nAvailable representations: " + served, true);
  }

  /** 413 for a body over the limit. */
  static Refusal tooLarge(long limit) {
    return new Refusal(
        413, "RequestEntityTooLarge", "Request entity too large: limit is " + limit, true);
  }

  /** 415 for a body in a format that the operation does not take. */
  static Refusal unsupportedBody(String accepted) {
    return new Refusal(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: "
            + accepted,
        false);
  }

  /** 415 for a patch in a format that is not a patch format. */
  static Refusal unsupportedPatch() {
    return new Refusal(415, "UnsupportedMediaType", "415: Unsupported Media Type", true);
  }

  /** 500 when the server is to blame. */
  static Refusal internalError(String what) {
    Refusal refusal = new Refusal(500, "InternalError", "Internal error occurred: " + what, true);
    refusal.status.withObject("/details").putArray("causes").addObject().put("message", what);
    return refusal;
  }

  /** HTTP status code. */
  int code() {
    return code;
  }

  /** The body to answer with. */
  ObjectNode status() {
    return status;
  }

  private static void putUnlessEmpty(ObjectNode node, String field, String value) {
    if (!value.isEmpty()) {
      node.put(field, value);
    }
  }
}
