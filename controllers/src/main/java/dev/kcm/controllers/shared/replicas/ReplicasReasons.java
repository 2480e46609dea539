package dev.kcm.controllers.shared.replicas;

/**
 * Reasons of events and conditions. Public API of the controllers: users and tools match on them.
 *
 * <p>Immutable.
 */
public final class ReplicasReasons {

  /** Condition: pods cannot be created or deleted. */
  public static final String REPLICA_FAILURE = "ReplicaFailure";

  /** Event: a pod was created. */
  public static final String SUCCESSFUL_CREATE = "SuccessfulCreate";

  /** Event and condition reason: a pod could not be created. */
  public static final String FAILED_CREATE = "FailedCreate";

  /** Event: a pod was deleted. */
  public static final String SUCCESSFUL_DELETE = "SuccessfulDelete";

  /** Event and condition reason: a pod could not be deleted. */
  public static final String FAILED_DELETE = "FailedDelete";

  private ReplicasReasons() {}
}
