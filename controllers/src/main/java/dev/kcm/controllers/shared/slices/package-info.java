/**
 * What the two controllers that write EndpointSlices have in common: whose slices are whose, what
 * stands in them, and how a set of slices is changed into another with few writes.
 *
 * <p>Start from {@link dev.kcm.controllers.shared.slices.ManagedSlices} and {@link
 * dev.kcm.controllers.shared.slices.SliceChanges}. Nothing here has state, reads a clock or talks
 * to a server.
 */
@NullMarked
package dev.kcm.controllers.shared.slices;

import org.jspecify.annotations.NullMarked;
