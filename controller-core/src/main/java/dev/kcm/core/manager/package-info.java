/**
 * Starts and stops controllers in order: informers, leadership, loops; and says how they are.
 *
 * <p>Start from {@code ControllerSpec}, and from {@code Operator} for a whole program. Who joins
 * the parts otherwise takes {@code Manager}:
 *
 * <pre>{@code
 * Manager manager =
 *     Manager.named("greetings")
 *         .controllers(List.of(GreetingController.spec()))
 *         .clients(identity -> client)
 *         .informers(informers)
 *         .meters(meters)
 *         .create(Environment.system());
 * manager.start();
 * manager.notReadyBecause(); // empty once every controller does its work
 * manager.stop(Manager.GRACE).join().text();
 * }</pre>
 *
 * <p>Life-cycle calls return at once and are carried out one after another; health can be asked
 * from any thread. Nothing here ends the process: what a failure means for it is the caller's
 * affair.
 */
@NullMarked
package dev.kcm.core.manager;

import org.jspecify.annotations.NullMarked;
