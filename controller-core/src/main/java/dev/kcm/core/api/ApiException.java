package dev.kcm.core.api;

import dev.kcm.core.object.ApiError;
import io.fabric8.kubernetes.api.model.Status;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** A failed request. Immutable; it has no stack trace of its own worth reading. */
public final class ApiException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient ApiError error;

  /** Wraps an error. */
  public ApiException(ApiError error) {
    super(error.message());
    this.error = error;
  }

  /** Wraps an error that another failure caused. */
  public ApiException(ApiError error, Throwable cause) {
    super(error.message(), cause);
    this.error = error;
  }

  /** What failed. */
  public ApiError error() {
    return error;
  }

  /** The kind of failure. */
  public ApiError.Kind kind() {
    return error.kind();
  }

  /**
   * The error that a server describes in a Status, sorted by reason, code and causes.
   *
   * @param status what the server said
   */
  public static ApiError errorIn(Status status) {
    return Failures.ofStatus(status, 0, null);
  }

  /**
   * The error behind what a future of {@link ApiClient} completed with.
   *
   * @param thrown an ApiException, bare or wrapped by the future; anything else counts as {@link
   *     ApiError.Kind#BROKEN}
   */
  public static ApiError errorOf(Throwable thrown) {
    Throwable cause = thrown;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof ApiException known
        ? known.error()
        : ApiError.of(ApiError.Kind.BROKEN, 0, String.valueOf(cause));
  }
}
