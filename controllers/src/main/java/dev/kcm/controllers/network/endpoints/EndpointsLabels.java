package dev.kcm.controllers.network.endpoints;

/**
 * Labels and annotations of Endpoints. Public API: users and tools match on them.
 *
 * <p>Immutable.
 */
final class EndpointsLabels {

  /** Label: who writes the object. */
  static final String MANAGED_BY = "endpoints.kubernetes.io/managed-by";

  /** Its value for this controller. */
  static final String MANAGER = "endpoint-controller";

  /** Label: the Service has no cluster IP. */
  static final String HEADLESS = "service.kubernetes.io/headless";

  /** Annotation: when the change happened that led to the last write. */
  static final String TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time";

  /** Annotation: there are more addresses than are listed. */
  static final String OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";

  /** Its only value. */
  static final String TRUNCATED = "truncated";

  private EndpointsLabels() {}
}
