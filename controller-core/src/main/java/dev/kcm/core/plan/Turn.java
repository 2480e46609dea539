package dev.kcm.core.plan;

/**
 * What a {@link RememberingReconciler} decides.
 *
 * @param plan what to do
 * @param memory what the next decision is given, if the plan runs to its end; when the run is
 *     stopped, crashes, or has a rejection the plan did not deal with, the memory stays as it was
 * @param <M> memory
 */
public record Turn<M>(Plan plan, M memory) {}
