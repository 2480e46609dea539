package dev.kcm.core.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to delete.
 *
 * @param uid precondition; null for any incarnation
 * @param resourceVersion precondition; null for any version
 * @param gracePeriod whole seconds; null for the object's own
 * @param propagation {@code Orphan}, {@code Background}, {@code Foreground}; null for the default
 */
public record DeleteOptions(
    @Nullable String uid,
    @Nullable String resourceVersion,
    @Nullable Duration gracePeriod,
    @Nullable String propagation) {

  /** No preconditions, all defaults. */
  public static final DeleteOptions DEFAULTS = new DeleteOptions(null, null, null, null);
}
