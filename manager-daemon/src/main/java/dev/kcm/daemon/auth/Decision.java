package dev.kcm.daemon.auth;

/** Whether a user may do what was asked. */
public sealed interface Decision {

  /** Yes. */
  Decision ALLOWED = new Allowed();

  /** Yes. */
  record Allowed() implements Decision {}

  /**
   * No.
   *
   * @param reason what the API server said, may be empty
   */
  record Denied(String reason) implements Decision {}

  /**
   * Nobody could say.
   *
   * @param error what went wrong
   */
  record Failed(String error) implements Decision {}
}
