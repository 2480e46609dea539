/**
 * Tests for controllers without a server: laws every reconciler must hold to, random worlds, a
 * model of a cluster, and assertions on plans.
 *
 * <p>Start from {@link dev.kcm.testkit.PlanAssertions} for decisions and from {@link
 * dev.kcm.testkit.ReconcilerLaws} for laws:
 *
 * <pre>{@code
 * Plan plan = new GreetingReconciler().decide(snapshot, now);
 * assertThat(plan).creates(1, ConfigMap.class).because("greeting is missing");
 *
 * ModelCluster cluster = ModelCluster.of(VirtualEnvironment.seeded(1), List.of(greeting));
 * Rehearsal run = Rehearsal.of(plan, cluster);
 * assertThat(run).emits(1, "Greeted").ends(Verdict.DONE);
 * }</pre>
 *
 * <p>A {@link dev.kcm.testkit.ModelCluster} takes actions and changes its objects; {@link
 * dev.kcm.testkit.ModelCaches} follow it and may lag; a {@link dev.kcm.testkit.ModelLoop} joins
 * mappers, reader and reconciler over them; a {@link dev.kcm.testkit.FaultyServer} refuses chosen
 * calls. All of it runs on the thread of the test, and time is virtual. It knows nothing of
 * schemas, defaulting and admission: for those, test against an API server.
 */
@NullMarked
package dev.kcm.testkit;

import org.jspecify.annotations.NullMarked;
