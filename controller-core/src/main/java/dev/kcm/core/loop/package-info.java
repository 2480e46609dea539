/**
 * A {@code Loop} joins the parts of a controller: event to key, key to snapshot, snapshot to plan,
 * plan to executor.
 *
 * <pre>{@code
 * Loop<GreetingSnapshot> loop =
 *     Loop.<GreetingSnapshot>named("greeting")
 *         .on(greetings, Enqueue.self())
 *         .on(configMaps, Enqueue.owner(Greetings.TYPE))
 *         .reading(new GreetingReader(greetings.lister(), configMaps.lister()))
 *         .deciding(new GreetingReconciler())
 *         .build();
 * RunningLoop<GreetingSnapshot> running = loop.start(host);
 * running.explain(new ObjectKey("default", "hello")).text(); // what it would do, and why
 * }</pre>
 *
 * <p>Workers are started on demand, up to the configured number of keys in flight, and hold no
 * thread while a plan waits for the server; an idle loop has no thread and no timer. Handlers only
 * put keys into the queue. Readers and reconcilers are called by several threads at once for
 * different keys, never for one key at a time. Whatever they throw is logged and counted, and the
 * key is tried again with back-off.
 *
 * <p>A key waits until the caches have seen what its own last run wrote. A run that takes longer
 * than the loop's time-out, or that a stop finds under way after its grace, is cancelled. A {@code
 * RememberingReconciler} has a memory for each key, which ends with the object and with the loop.
 *
 * <p>Not promised: any order between keys, and one run for each event; a run sees the state of the
 * caches, in which several events may have come together.
 */
@NullMarked
package dev.kcm.core.loop;

import org.jspecify.annotations.NullMarked;
