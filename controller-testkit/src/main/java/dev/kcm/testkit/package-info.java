/**
 * Test kit for controllers: an embedded cluster per test, virtual time, fault injection and law
 * tests.
 */
@NullMarked
package dev.kcm.testkit;

import org.jspecify.annotations.NullMarked;
