package dev.kcm.core.informer;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an informer, or the part of it in one namespace, stands with the server at a moment.
 *
 * @param state what it is doing, in words, as {@link Informer#state()}
 * @param storeVersion the resourceVersion its store is at; empty before the first list
 * @param seenVersion the newest resourceVersion that came over the wire, which may still wait to be
 *     put into the store; empty before the first
 * @param sinceContact time since anything came from the server; before that, since the start
 * @param sinceEvent time since the last event of an object; null when there was none
 * @param sinceBookmark time since the last bookmark; null when there was none
 * @param watchOpenFor for how long the watch has been open; null while none is
 * @param consecutiveFailures failures since a list was complete or a watch was opened
 */
public record InformerStatus(
    String state,
    String storeVersion,
    String seenVersion,
    Duration sinceContact,
    @Nullable Duration sinceEvent,
    @Nullable Duration sinceBookmark,
    @Nullable Duration watchOpenFor,
    int consecutiveFailures) {}
