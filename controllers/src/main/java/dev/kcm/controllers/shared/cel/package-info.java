/**
 * Expressions in CEL by which objects of the cluster select devices, as the scheduler and upstream
 * read them: the variable {@code device}, quantities and versions of Kubernetes, and a bound on
 * what an expression may cost.
 *
 * <p>Start from {@link dev.kcm.controllers.shared.cel.DeviceExpressions}. Nothing of the CEL
 * library is loaded before the first expression is there. No other package knows that library.
 */
@NullMarked
package dev.kcm.controllers.shared.cel;

import org.jspecify.annotations.NullMarked;
