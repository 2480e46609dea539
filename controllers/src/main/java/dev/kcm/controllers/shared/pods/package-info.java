/**
 * Pure logic over pods, used by every controller that owns or watches them: conditions, the index
 * by controller, pods from templates, deletion cost.
 *
 * <p>Start from {@link dev.kcm.controllers.shared.pods.PodStates}. Nothing here has state, reads a
 * clock or talks to a server.
 */
@NullMarked
package dev.kcm.controllers.shared.pods;

import org.jspecify.annotations.NullMarked;
