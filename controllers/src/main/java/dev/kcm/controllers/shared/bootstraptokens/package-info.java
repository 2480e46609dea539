/**
 * The Secrets that let a node join a cluster: which Secrets they are, and what stands in them.
 *
 * <p>Start from {@link dev.kcm.controllers.shared.bootstraptokens.BootstrapTokens}. Nothing here
 * has state, reads a clock or talks to a server.
 */
@NullMarked
package dev.kcm.controllers.shared.bootstraptokens;

import org.jspecify.annotations.NullMarked;
