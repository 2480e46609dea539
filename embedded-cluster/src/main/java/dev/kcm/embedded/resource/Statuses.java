package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.patch.PatchException;
import dev.kcm.embedded.resource.FieldErrors.FieldError;
import java.util.List;

/**
 * Makes the {@code Status} objects of refused requests, in the words of the original.
 *
 * <p>Stateless.
 */
public final class Statuses {

  private Statuses() {}

  /**
   * Why a request was refused, in parts; {@code kind} names the resource, or the kind if invalid.
   */
  private record Details(String name, String group, String kind) {}

  private static final Details NONE = new Details("", "", "");

  /** 400 for an object of another namespace than that of the URL. */
  static StatusException otherNamespace() {
    return badRequest(
        "the namespace of the provided object does not match the namespace sent on the request");
  }

  /** 400: the request makes no sense. */
  public static StatusException badRequest(String message) {
    return new StatusException(status(400, "BadRequest", message));
  }

  /** 401: who are you? */
  public static StatusException unauthorized() {
    return new StatusException(status(401, "Unauthorized", "Unauthorized"));
  }

  /**
   * 403 for a request to a resource.
   *
   * @param name object name, empty for collections
   * @param why the text behind {@code is forbidden:}
   */
  public static StatusException forbidden(Kind kind, String name, String why) {
    return forbidden(kind.group(), kind.plural(), name, why);
  }

  /** 403 for a request to a resource that may not be served. */
  public static StatusException forbidden(String group, String resource, String name, String why) {
    String qualified = group.isEmpty() ? resource : resource + "." + group;
    String subject = name.isEmpty() ? qualified : qualified + " \"" + name + "\"";
    ObjectNode status = status(403, "Forbidden", subject + " is forbidden: " + why);
    return new StatusException(with(status, new Details(name, group, resource)));
  }

  /** 403 for a create in a namespace that goes away. */
  static StatusException namespaceTerminating(Kind kind, String name, String namespace) {
    StatusException refusal =
        forbidden(
            kind,
            name,
            "unable to create new content in namespace "
                + namespace
                + " because it is being terminated");
    ObjectNode status = refusal.status();
    addCause(
        status,
        "NamespaceTerminating",
        "namespace " + namespace + " is being terminated",
        "metadata.namespace");
    return new StatusException(status);
  }

  /** 404 for a missing object. */
  public static StatusException notFound(Kind kind, String name) {
    ObjectNode status =
        status(404, "NotFound", kind.qualifiedResource() + " \"" + name + "\" not found");
    return new StatusException(with(status, details(kind, name)));
  }

  /** 404 for a path that is not served. */
  public static StatusException unknownPath() {
    ObjectNode status = status(404, "NotFound", "the server could not find the requested resource");
    return new StatusException(with(status, NONE));
  }

  /** 405 for a verb that the path does not know. */
  public static StatusException methodNotAllowed() {
    return methodNotAllowed("the server does not allow this method on the requested resource");
  }

  static StatusException methodNotAllowed(String why) {
    return new StatusException(with(status(405, "MethodNotAllowed", why), NONE));
  }

  /** 409 for a name that is taken. */
  static StatusException alreadyExists(Kind kind, String name, boolean terminating) {
    ObjectNode status =
        status(
            409,
            "AlreadyExists",
            (terminating ? "object is being deleted: " : "")
                + kind.qualifiedResource()
                + " \""
                + name
                + "\" already exists");
    return new StatusException(with(status, details(kind, name)));
  }

  /** 409 when eight generated names in a row were taken. */
  static StatusException generatedNameTaken(Kind kind, String name) {
    ObjectNode status = alreadyExists(kind, name, false).status();
    Trees.child(status, "details").put("retryAfterSeconds", 1);
    return new StatusException(status);
  }

  /** 409 because of a stale resourceVersion. */
  public static StatusException modified(Kind kind, String name) {
    return conflict(
        kind,
        name,
        "the object has been modified; please apply your changes to the latest version and try"
            + " again");
  }

  /** 409 with a reason of its own. */
  static StatusException conflict(Kind kind, String name, String why) {
    return conflict(kind.group(), kind.plural(), name, why);
  }

  /** 409 for a resource that may not be served. */
  public static StatusException conflict(String group, String resource, String name, String why) {
    String qualified = group.isEmpty() ? resource : resource + "." + group;
    ObjectNode status =
        status(
            409,
            "Conflict",
            "Operation cannot be fulfilled on " + qualified + " \"" + name + "\": " + why);
    return new StatusException(with(status, new Details(name, group, resource)));
  }

  /** 409 because other managers own fields that an apply would change. */
  static StatusException applyConflict(String message, List<PatchException.Cause> causes) {
    ObjectNode status = status(409, "Conflict", message);
    causes.forEach(cause -> addCause(status, cause.reason(), cause.message(), cause.field()));
    return new StatusException(status);
  }

  /** 410 for a revision whose history is gone. */
  public static StatusException expired(String message) {
    return new StatusException(status(410, "Expired", message));
  }

  /** 415 for a patch format that is not served. */
  public static StatusException unsupportedPatchType() {
    ObjectNode status = status(415, "UnsupportedMediaType", "415: Unsupported Media Type");
    return new StatusException(with(status, NONE));
  }

  /** 415 for a body in an unknown format. */
  public static StatusException unsupportedMediaType(String message) {
    return new StatusException(status(415, "UnsupportedMediaType", message));
  }

  /** 422 for a patch that cannot be applied. */
  static StatusException unprocessable() {
    ObjectNode status =
        status(422, "Invalid", "the server rejected our request due to an error in our request");
    return new StatusException(with(status, NONE));
  }

  /** 422 with one cause per wrong field. */
  static StatusException invalid(Kind kind, String name, FieldErrors errors) {
    return invalid(kind.group(), kind.kind(), name, errors);
  }

  /**
   * 422 for one wrong field of a review or another kind that is not stored.
   *
   * @param value the value as the message shows it
   */
  public static StatusException invalidField(
      String group, String kind, String field, JsonNode value, String why) {
    FieldErrors errors = new FieldErrors();
    errors.invalid(field, value, why);
    return invalid(group, kind, "", errors);
  }

  static StatusException invalid(String group, String kind, String name, FieldErrors errors) {
    String qualified = group.isEmpty() ? kind : kind + "." + group;
    ObjectNode status =
        status(422, "Invalid", qualified + " \"" + name + "\" is invalid: " + errors.summary());
    with(status, new Details(name, group, kind));
    for (FieldError error : errors.all()) {
      addCause(status, error.reason(), error.message(), error.field());
    }
    return new StatusException(status);
  }

  /**
   * 429: later, maybe.
   *
   * @param retryAfterSeconds what the header Retry-After says, 0 for none
   */
  public static StatusException tooManyRequests(String message, int retryAfterSeconds) {
    ObjectNode status = status(429, "TooManyRequests", message);
    if (retryAfterSeconds > 0) {
      Trees.child(status, "details").put("retryAfterSeconds", retryAfterSeconds);
    } else {
      with(status, NONE);
    }
    return new StatusException(status);
  }

  /** 500: the server is to blame. */
  public static StatusException internalError(String why) {
    ObjectNode status = status(500, "InternalError", "Internal error occurred: " + why);
    addCause(status, "", why, "");
    return new StatusException(status);
  }

  /** 500 without a reason, as the original answers where it did not expect the case. */
  static StatusException unexpected(String message) {
    return new StatusException(status(500, "", message));
  }

  /** 500: the operation took too long; may have happened all the same. */
  public static StatusException serverTimeout(Kind kind, String operation, int retryAfterSeconds) {
    ObjectNode status =
        status(
            500,
            "ServerTimeout",
            "The "
                + operation
                + " operation against "
                + kind.qualifiedResource()
                + " could not be completed at this time, please try again.");
    with(status, new Details(operation, kind.group(), kind.plural()));
    Trees.child(status, "details").put("retryAfterSeconds", retryAfterSeconds);
    return new StatusException(status);
  }

  /** 503: not now. */
  public static StatusException serviceUnavailable(String message) {
    return new StatusException(status(503, "ServiceUnavailable", message));
  }

  /** 504 for a revision that does not exist yet. */
  static StatusException tooLargeVersion(long asked, long current) {
    ObjectNode status =
        status(
            504,
            "Timeout",
            "Timeout: Too large resource version: " + asked + ", current: " + current);
    addCause(status, "ResourceVersionTooLarge", "Too large resource version", "");
    Trees.child(status, "details").put("retryAfterSeconds", 1);
    return new StatusException(status);
  }

  /** The body of a 200 for something that was done and left nothing to show. */
  static ObjectNode success() {
    ObjectNode status = Trees.object();
    status.put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    return status.put("status", "Success");
  }

  /** The body of a 201 of subresources that store nothing of their own. */
  static ObjectNode created() {
    return success().put("code", 201);
  }

  /** The body of a 200 for an object that is gone. */
  static ObjectNode deleted(Kind kind, JsonNode object) {
    ObjectNode status = success();
    with(status, details(kind, Meta.name(object)));
    Trees.child(status, "details").put("uid", Meta.uid(object));
    return status;
  }

  /** The refusal with one more cause. */
  static StatusException withCause(StatusException refusal, String reason, String message) {
    ObjectNode status = refusal.status();
    addCause(status, reason, message, "");
    return new StatusException(status);
  }

  /** The refusal of a list page, with the token that goes on without consistency. */
  static StatusException withContinue(StatusException refusal, String token) {
    ObjectNode status = refusal.status();
    Trees.child(status, "metadata").put("continue", token);
    return new StatusException(status);
  }

  private static Details details(Kind kind, String name) {
    return new Details(name, kind.group(), kind.plural());
  }

  private static ObjectNode status(int code, String reason, String message) {
    ObjectNode status = Trees.object();
    status.put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", "Failure").put("message", message);
    if (!reason.isEmpty()) {
      status.put("reason", reason);
    }
    return status.put("code", code);
  }

  private static ObjectNode with(ObjectNode status, Details details) {
    ObjectNode node = Trees.child(status, "details");
    List.of(
            List.of("name", details.name()),
            List.of("group", details.group()),
            List.of("kind", details.kind()))
        .forEach(
            pair -> {
              if (!pair.get(1).isEmpty()) {
                node.put(pair.get(0), pair.get(1));
              }
            });
    return status;
  }

  private static void addCause(ObjectNode status, String reason, String message, String field) {
    ArrayNode causes = Trees.listChild(Trees.child(status, "details"), "causes");
    ObjectNode cause = causes.addObject();
    if (!reason.isEmpty()) {
      cause.put("reason", reason);
    }
    cause.put("message", message);
    if (!field.isEmpty()) {
      cause.put("field", field);
    }
  }
}
