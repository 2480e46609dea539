package dev.kcm.controllers.shared.slices;

/**
 * Labels and annotations of EndpointSlices. Public API: users and tools match on them.
 *
 * <p>Immutable.
 */
public final class SliceLabels {

  /** Label: the Service a slice belongs to. */
  public static final String SERVICE_NAME = "kubernetes.io/service-name";

  /** Label: who writes the slice. */
  public static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";

  /** Label: the Service has no cluster IP. */
  public static final String HEADLESS = "service.kubernetes.io/headless";

  /** Annotation: when the change happened that led to the last write. */
  public static final String TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time";

  private SliceLabels() {}
}
