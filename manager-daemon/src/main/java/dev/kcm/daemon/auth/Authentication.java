package dev.kcm.daemon.auth;

/** What one way of authentication says of a request. */
sealed interface Authentication {

  /** The request comes from this user. */
  record Known(User user) implements Authentication {}

  /** The request carries nothing this way could look at. */
  record NoOpinion() implements Authentication {}

  /**
   * The request carries something that proves nothing.
   *
   * @param why for the log; must not contain a secret
   */
  record Refused(String why) implements Authentication {}

  /** Nothing to look at. */
  Authentication NO_OPINION = new NoOpinion();
}
