package dev.kcm.embedded.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A request that is refused for reasons of HTTP, before it reaches the resources. */
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

  /** 400 for a body that breaks off. */
  static Refusal badRequest(String message) {
    return new Refusal(400, "BadRequest", message, false);
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

  /** HTTP status code. */
  int code() {
    return code;
  }

  /** The body to answer with. */
  ObjectNode status() {
    return status;
  }
}
