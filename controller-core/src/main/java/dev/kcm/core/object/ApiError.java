package dev.kcm.core.object;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a request failed, as a value.
 *
 * @param kind what a controller branches on
 * @param code HTTP status code, 0 when no answer came
 * @param reason {@code reason} of the server's Status, empty when it sent none
 * @param message human-readable text
 * @param causes {@code details.causes} of the Status
 * @param retryAfter how long the server asks to wait; null when it did not ask
 */
public record ApiError(
    Kind kind,
    int code,
    String reason,
    String message,
    List<Cause> causes,
    @Nullable Duration retryAfter) {

  public ApiError {
    causes = List.copyOf(causes);
  }

  /** An error without details. */
  public static ApiError of(Kind kind, int code, String message) {
    return new ApiError(kind, code, "", message, List.of(), null);
  }

  /**
   * One cause.
   *
   * @param reason machine-readable, for example {@code NamespaceTerminating}
   * @param message human-readable
   * @param field path of the field it is about, may be empty
   */
  public record Cause(String reason, String message, String field) {}

  /** Whether one of the causes has the given reason. */
  public boolean hasCause(String causeReason) {
    return causes.stream().anyMatch(c -> c.reason().equals(causeReason));
  }

  /** Whether a create was refused because the namespace is being deleted. */
  public boolean namespaceTerminating() {
    return hasCause("NamespaceTerminating");
  }

  /** The kinds of failure, by reason and code of the server's answer, never by message text. */
  public enum Kind {
    /** 400. */
    BAD_REQUEST,
    /** 401: the server does not know who asks. */
    UNAUTHORIZED,
    /** 403. */
    FORBIDDEN,
    /** 404. */
    NOT_FOUND,
    /** 409, reason AlreadyExists. */
    ALREADY_EXISTS,
    /** 409: the object was changed by somebody else, or a precondition failed. */
    CONFLICT,
    /** 410: the resourceVersion or continue token is too old. */
    GONE,
    /** 422. */
    INVALID,
    /** 415 or 406. */
    UNSUPPORTED_MEDIA_TYPE,
    /** 429. */
    TOO_MANY_REQUESTS,
    /** 504, or 500 with reason ServerTimeout: the outcome of a write is unknown. */
    TIMEOUT,
    /** 504 because the server has not reached the resourceVersion asked for. */
    TOO_LARGE_RESOURCE_VERSION,
    /** Other 5xx. */
    SERVER_ERROR,
    /** No connection was made, so nothing was sent. */
    UNREACHABLE,
    /** The connection broke or timed out; the outcome of a write is unknown. */
    BROKEN,
    /** An answer came that could not be decoded. */
    UNDECODABLE,
    /** Not sent: this process may not write, for example because it no longer leads. */
    FENCED,
    /** Not sent or given up: the client is closed. */
    CLOSED,
    /** Any other 4xx. */
    OTHER
  }
}
