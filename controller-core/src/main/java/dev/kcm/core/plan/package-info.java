/**
 * What a controller decides, as values: a {@link dev.kcm.core.plan.Reconciler} turns a snapshot
 * into a {@link dev.kcm.core.plan.Plan}, and the executor of {@code dev.kcm.core.run} carries it
 * out.
 *
 * <pre>{@code
 * final class GreetingReconciler implements Reconciler<GreetingSnapshot> {
 *   public Plan decide(GreetingSnapshot s, Instant now) {
 *     return s.configMap().isPresent()
 *         ? Plan.NOTHING
 *         : Plan.of(Action.create(ConfigMaps.TYPE, greeting(s.owner()), "greeting is missing"));
 *   }
 * }
 * }</pre>
 *
 * <p>Everything here is immutable and pure; a plan can be printed without being carried out.
 */
@NullMarked
package dev.kcm.core.plan;

import org.jspecify.annotations.NullMarked;
