/**
 * What a controller does at the API server, declared beside its wiring, and the RBAC roles that
 * follow from it.
 *
 * <p>Start from {@code Access}, one for each resource, and from {@code Roles}, which makes the
 * objects an administrator applies:
 *
 * <pre>{@code
 * ControllerSpec.named("greeting")
 *     .access(
 *         Access.to(GREETINGS).watch("which greetings are wanted"),
 *         Access.to(GREETINGS, "status").patch("whether it was said"),
 *         Access.to(CONFIG_MAPS).watch("what is said").create("a new greeting").delete("an old one"),
 *         Access.toRecordEvents())
 *     .wiredBy(context -> List.of(loop(context)));
 * }</pre>
 *
 * <p>Everything here is a value. Declaring enforces nothing: the server does, and a test can, with
 * the assertion of the test kit that requests stay within what was declared.
 */
@NullMarked
package dev.kcm.core.access;

import org.jspecify.annotations.NullMarked;
