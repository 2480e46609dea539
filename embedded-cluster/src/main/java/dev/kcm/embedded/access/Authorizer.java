package dev.kcm.embedded.access;

import dev.kcm.embedded.resource.UserInfo;

/** Decides who may do what. Called on worker threads, several at a time. */
@FunctionalInterface
public interface Authorizer {

  /**
   * A decision.
   *
   * @param allowed whether the request may go on
   * @param reason which rule allowed it, or why not, in words for the client; may be empty
   */
  record Decision(boolean allowed, String reason) {

    /** The request may go on. */
    public static final Decision ALLOWED = new Decision(true, "");

    /** The request is refused without further explanation. */
    public static final Decision REFUSED = new Decision(false, "");
  }

  /**
   * Lets administrators and the components of the cluster do everything, other known users read
   * discovery, and everybody see health and version.
   */
  static Authorizer components() {
    return new ClusterIdentities();
  }

  /** Decides about one request. */
  Decision authorize(UserInfo user, Attributes attributes);
}
