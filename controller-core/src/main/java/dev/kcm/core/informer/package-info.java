/**
 * Shared informers: a local copy of a resource, kept up to date by list and watch, with indexes and
 * handlers.
 *
 * <p>Start with {@code Informers}, which shares informers among all who ask for the same {@code
 * Selection} of a resource.
 *
 * <p>The way inside: reflector (list, watch; one for each namespace where only some are selected)
 * to store and indexes to one buffer per handler to the handler. The store is changed before a
 * handler hears of it, so a handler that looks into the store sees a state at least as new as its
 * notification. For one handler the calls come one at a time and in the order of the changes;
 * between handlers, and between informers, there is no order at all: the event of an owner can come
 * before or after that of its child.
 *
 * <p>An informer never gives up: whatever fails, it says so in its state and meters and tries
 * again. A resync replays the local copy, it does not ask the server.
 */
@NullMarked
package dev.kcm.core.informer;

import org.jspecify.annotations.NullMarked;
