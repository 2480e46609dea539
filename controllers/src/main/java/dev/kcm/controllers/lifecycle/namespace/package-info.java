/**
 * Deletion of namespaces: a namespace that is being deleted loses all its content, pods first, and
 * then disappears.
 *
 * <p><b>Watches</b> Namespaces, for those being deleted.
 *
 * <p><b>Reads</b> from the server itself: the namespace, discovery, lists of every resource in it.
 *
 * <p><b>Writes</b> every resource that can be deleted: deletecollection, and delete where there is
 * no such thing. namespaces/status: update. namespaces/finalize: update.
 *
 * <p><b>Queue key</b> name of the namespace, five seconds after each event. <b>Flags</b> {@code
 * --concurrent-namespace-syncs}, {@code --namespace-sync-period}.
 *
 * <p><b>Conditions</b> {@code NamespaceDeletionDiscoveryFailure}, {@code
 * NamespaceDeletionGroupVersionParsingFailure}, {@code NamespaceDeletionContentFailure}, {@code
 * NamespaceContentRemaining}, {@code NamespaceFinalizersRemaining}. <b>Events, metrics</b> none of
 * its own.
 *
 * <p><b>Invariants</b> nothing is deleted in a namespace that is not being deleted, as the server
 * itself says in the same run; no other resource is touched while pods remain; a namespace is not
 * released while anything remains in it, or while it is unknown whether anything does.
 *
 * <p><b>Differences to upstream</b> stand, with their reasons, in {@code
 * docs/controllers/namespace.md}.
 */
@NullMarked
package dev.kcm.controllers.lifecycle.namespace;

import org.jspecify.annotations.NullMarked;
