/**
 * Labels each Namespace with the number of its running pods: the smallest whole operator, on
 * built-in kinds only.
 *
 * <p>{@code PodCountOperator} joins the parts and reads caches, {@code PodCountReconciler} decides
 * and does nothing else. One process at a time should run it; {@link dev.kcm.examples.webapp} shows
 * leader election.
 */
@NullMarked
package dev.kcm.examples.podcount;

import org.jspecify.annotations.NullMarked;
