/**
 * Pure logic over nodes, used by the controllers that watch over them: taints and who tolerates
 * them, conditions, the clock they measure silence with.
 *
 * <p>Start from {@link dev.kcm.controllers.shared.nodes.Taints}. Nothing here talks to a server.
 */
@NullMarked
package dev.kcm.controllers.shared.nodes;

import org.jspecify.annotations.NullMarked;
