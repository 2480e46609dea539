package dev.kcm.core.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.StatusDetails;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Sorts what can go wrong into {@link ApiError}s. */
final class Failures {

  /** What API servers 1.17.0 to 1.18.5 send instead of a cause. */
  private static final String TOO_LARGE = "Too large resource version";

  private Failures() {}

  /**
   * The error in a Status.
   *
   * @param status what the server said
   * @param httpCode status code of the answer, 0 for an ERROR event
   * @param retryAfter the header, null without
   */
  static ApiError ofStatus(Status status, int httpCode, @Nullable Duration retryAfter) {
    int code = status.getCode() == null ? httpCode : status.getCode();
    String reason = status.getReason() == null ? "" : status.getReason();
    List<ApiError.Cause> causes = causes(status.getDetails());
    Duration wait = retryAfter == null ? retryAfter(status.getDetails()) : retryAfter;
    String message =
        status.getMessage() == null || status.getMessage().isEmpty()
            ? "the server answered " + code + " " + reason
            : status.getMessage();
    return new ApiError(kind(code, reason, causes), code, reason, message, causes, wait);
  }

  /** The error of an answer that carries no Status. */
  static ApiError ofCode(int code, String body, @Nullable Duration retryAfter) {
    String message = "the server answered " + code + (body.isBlank() ? "" : ": " + body.strip());
    return new ApiError(kind(code, "", List.of()), code, "", message, List.of(), retryAfter);
  }

  private static @Nullable Duration retryAfter(@Nullable StatusDetails details) {
    Integer seconds = details == null ? null : details.getRetryAfterSeconds();
    return seconds == null || seconds <= 0 ? null : Duration.ofSeconds(seconds);
  }

  private static List<ApiError.Cause> causes(@Nullable StatusDetails details) {
    List<ApiError.Cause> causes = new ArrayList<>();
    if (details != null && details.getCauses() != null) {
      for (StatusCause cause : details.getCauses()) {
        causes.add(
            new ApiError.Cause(
                orEmpty(cause.getReason()),
                orEmpty(cause.getMessage()),
                orEmpty(cause.getField())));
      }
    }
    return causes;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static Kind kind(int code, String reason, List<ApiError.Cause> causes) {
    return switch (reason) {
      case "BadRequest" -> Kind.BAD_REQUEST;
      case "Unauthorized" -> Kind.UNAUTHORIZED;
      case "Forbidden" -> Kind.FORBIDDEN;
      case "NotFound" -> Kind.NOT_FOUND;
      case "AlreadyExists" -> Kind.ALREADY_EXISTS;
      case "Conflict" -> Kind.CONFLICT;
      case "Gone", "Expired" -> Kind.GONE;
      case "Invalid" -> Kind.INVALID;
      case "UnsupportedMediaType", "NotAcceptable" -> Kind.UNSUPPORTED_MEDIA_TYPE;
      case "TooManyRequests" -> Kind.TOO_MANY_REQUESTS;
      case "Timeout" -> tooLarge(causes) ? Kind.TOO_LARGE_RESOURCE_VERSION : Kind.TIMEOUT;
      case "ServerTimeout" -> Kind.TIMEOUT;
      default -> kind(code);
    };
  }

  private static boolean tooLarge(List<ApiError.Cause> causes) {
    return causes.stream()
        .anyMatch(
            cause ->
                cause.reason().equals("ResourceVersionTooLarge")
                    || cause.message().contains(TOO_LARGE));
  }

  private static Kind kind(int code) {
    return switch (code) {
      case 400 -> Kind.BAD_REQUEST;
      case 401 -> Kind.UNAUTHORIZED;
      case 403 -> Kind.FORBIDDEN;
      case 404 -> Kind.NOT_FOUND;
      case 406, 415 -> Kind.UNSUPPORTED_MEDIA_TYPE;
      case 409 -> Kind.CONFLICT;
      case 410 -> Kind.GONE;
      case 422 -> Kind.INVALID;
      case 429 -> Kind.TOO_MANY_REQUESTS;
      case 504 -> Kind.TIMEOUT;
      default -> code >= 500 ? Kind.SERVER_ERROR : Kind.OTHER;
    };
  }

  /** The error behind an exception of the transport or a decoder. */
  static ApiError ofThrown(Throwable thrown) {
    Throwable cause = thrown;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof ApiException known) {
      return known.error();
    }
    if (cause instanceof JsonProcessingException broken) {
      return undecodable(broken);
    }
    return neverSent(cause)
        ? ApiError.of(Kind.UNREACHABLE, 0, "no connection: " + text(cause))
        : ApiError.of(Kind.BROKEN, 0, "the connection broke: " + text(cause));
  }

  /** An answer that cannot be decoded; says where, never what, since it may hold a Secret. */
  static ApiError undecodable(IOException broken) {
    String what =
        broken instanceof JsonProcessingException json
            ? json.getClass().getSimpleName()
                + (json.getLocation() == null
                    ? ""
                    : " at byte " + json.getLocation().getByteOffset())
            : String.valueOf(broken.getMessage());
    return ApiError.of(Kind.UNDECODABLE, 0, "an answer of the server cannot be decoded: " + what);
  }

  private static boolean neverSent(@Nullable Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof ConnectException
          || t instanceof HttpConnectTimeoutException
          || t instanceof UnknownHostException
          || t instanceof UnresolvedAddressException
          || t instanceof NoRouteToHostException
          || String.valueOf(t.getMessage()).contains("too many concurrent streams")) {
        return true;
      }
    }
    return false;
  }

  private static String text(@Nullable Throwable thrown) {
    if (thrown == null) {
      return "unknown";
    }
    return thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
  }
}
