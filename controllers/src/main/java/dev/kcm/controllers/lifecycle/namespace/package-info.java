/**
 * Deletion of namespaces: a namespace that is being deleted loses all its content, pods first, and
 * then disappears.
 *
 * <p><b>Watches</b> Namespaces, for those being deleted.
 *
 * <p><b>Writes</b> *: list, deletecollection, delete (of every resource that can be deleted);
 * namespaces: get; namespaces/status: update; namespaces/finalize: update.
 *
 * <p><b>Queue key</b> {@code namespace}; name of the namespace; failed ones wait 5 ms to 60 s.
 *
 * <p><b>Flags</b> {@code --concurrent-namespace-syncs}, {@code --namespace-sync-period}.
 *
 * <p><b>Events</b> none.
 *
 * <p><b>Conditions</b> {@code NamespaceDeletionDiscoveryFailure}, {@code
 * NamespaceDeletionGroupVersionParsingFailure}, {@code NamespaceDeletionContentFailure}, {@code
 * NamespaceContentRemaining}, {@code NamespaceFinalizersRemaining}.
 *
 * <p><b>Metrics</b> none.
 *
 * <p><b>Feature gates</b> none.
 *
 * <p><b>Invariants</b> nothing is deleted in a namespace that is not being deleted, as the server
 * itself says in the same run; no other resource is touched while pods remain; a namespace is not
 * released while anything remains in it, or while it is unknown whether anything does.
 *
 * <p><b>Differences to upstream</b>
 *
 * <ul>
 *   <li>Resources are emptied several at a time, and looked at again together; <i>a namespace is
 *       empty sooner; upstream asks one after the other</i>
 *   <li>Verbs are taken from the discovery of the pass, not from one at the start of the process;
 *       <i>the process needs no discovery to start, and does not exit when there is none</i>
 *   <li>A server that names no resources at all leads to no release; <i>nobody knows then what is
 *       in the namespace</i>
 *   <li>While pods remain, the two conditions about what remains say so; <i>upstream leaves them at
 *       {@code False} there</i>
 *   <li>An unreadable group version holds up the release, not the deletion of the rest; <i>upstream
 *       deletes nothing in such a pass</i>
 *   <li>Single deletions carry the UID that was seen; <i>an object made meanwhile under the same
 *       name is seen first</i>
 *   <li>A conflict is tried again with back-off, from a fresh look; <i>upstream tries again at
 *       once, for ever</i>
 *   <li>Discovery is asked in its aggregated form only; <i>Kubernetes has it since 1.27</i>
 * </ul>
 */
@NullMarked
package dev.kcm.controllers.lifecycle.namespace;

import org.jspecify.annotations.NullMarked;
