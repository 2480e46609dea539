/**
 * What the controllers share that delete pods some time after they have decided to: the countdown
 * that is remembered of a pod, the deletion at its end, and the series about it.
 *
 * <p>Start from {@link dev.kcm.controllers.shared.evictions.Eviction}. Deciding is pure here; each
 * controller says on which clock its countdowns run.
 */
@NullMarked
package dev.kcm.controllers.shared.evictions;

import org.jspecify.annotations.NullMarked;
