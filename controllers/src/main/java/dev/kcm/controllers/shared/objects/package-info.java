/**
 * Pure logic over any kind of object: label selectors, claiming of dependents, timestamps.
 *
 * <p>Start from {@link dev.kcm.controllers.shared.objects.LabelMatcher} and {@link
 * dev.kcm.controllers.shared.objects.Claims}. Nothing here has state, reads a clock or talks to a
 * server.
 */
@NullMarked
package dev.kcm.controllers.shared.objects;

import org.jspecify.annotations.NullMarked;
