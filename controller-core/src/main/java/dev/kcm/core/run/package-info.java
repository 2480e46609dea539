/**
 * Carries plans out: {@code PlanExecutor} is the only writer. Also what belongs to writing: {@code
 * Expectations}, and two recorders: {@code EventRecorder} for core/v1, {@code EventSeriesRecorder}
 * for events.k8s.io/v1.
 *
 * <pre>{@code
 * EventRecorder events = EventRecorder.of("greeting-controller", client, meters, environment);
 * PlanExecutor executor =
 *     PlanExecutor.named("greeting").events(events).meters(meters).create(client, environment);
 * executor.run(run, plan).thenAcceptAsync(outcome -> ..., worker);
 * }</pre>
 *
 * <p>Each run has a mailbox on threads of the environment; answers of the server come back as tasks
 * there, so a run holds no thread while it waits, and no code of a controller ever runs on a thread
 * of the HTTP client.
 *
 * <p>Not promised: that a write whose answer was lost did not happen. The next run sees what is
 * there and decides anew.
 */
@NullMarked
package dev.kcm.core.run;

import org.jspecify.annotations.NullMarked;
