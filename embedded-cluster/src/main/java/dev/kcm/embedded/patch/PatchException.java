package dev.kcm.embedded.patch;

import java.util.List;

/** A patch that is malformed, cannot be applied, or collides with other owners of fields. */
public final class PatchException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int code;
  private final transient List<Cause> causes;

  PatchException(int code, String message) {
    this(code, message, List.of());
  }

  PatchException(int code, String message, List<Cause> causes) {
    super(message, null, false, false);
    this.code = code;
    this.causes = List.copyOf(causes);
  }

  /**
   * HTTP status code to answer with: 400 for a bad document, 409 for conflicting owners, 413 for
   * too many operations, 415 for a format that the kind does not support, 422 for a patch that
   * cannot be applied.
   */
  public int code() {
    return code;
  }

  /** Single reasons, in order; empty unless owners of fields conflict. */
  public List<Cause> causes() {
    return causes;
  }

  /**
   * A single reason, as {@code details.causes} of a Status shows it.
   *
   * @param reason machine-readable reason, for example {@code FieldManagerConflict}
   * @param message text without the field
   * @param field path of the field, for example {@code .data.a}
   */
  public record Cause(String reason, String message, String field) {}
}
