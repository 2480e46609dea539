/**
 * Carries plans out: {@code PlanExecutor} is the only writer. Also what belongs to writing:
 * expectations, and the recorder of Events.
 */
@NullMarked
package dev.kcm.core.run;

import org.jspecify.annotations.NullMarked;
