/**
 * An API server of a few lines, for a start that is only there to be recorded: {@code
 * StandInApiServer}. It keeps nothing, and whatever is asked of it is allowed.
 */
@NullMarked
package dev.kcm.daemon.rehearsal;

import org.jspecify.annotations.NullMarked;
