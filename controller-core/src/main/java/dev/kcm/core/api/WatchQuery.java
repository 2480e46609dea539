package dev.kcm.core.api;

import java.time.Duration;

/**
 * What to watch.
 *
 * @param scope which objects
 * @param resourceVersion events after this version
 * @param timeout the server ends the watch after this long, whole seconds
 * @param sendInitialEvents whether to stream the current state first, up to a bookmark with the
 *     annotation {@code k8s.io/initial-events-end}
 */
public record WatchQuery(
    Scope scope, String resourceVersion, Duration timeout, boolean sendInitialEvents) {}
