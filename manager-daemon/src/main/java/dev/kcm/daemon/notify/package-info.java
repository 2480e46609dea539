/**
 * Tells the service manager that started the process how it is doing: systemd's notification
 * protocol.
 *
 * <p>{@link dev.kcm.daemon.notify.Notifier} is all there is to use:
 *
 * <pre>{@code
 * Notifier notifier = Notifier.of(System.getenv(), environment);
 * notifier.status("standby");
 * notifier.ready(() -> Optional.empty());
 * }</pre>
 *
 * <p>Without {@code NOTIFY_SOCKET} in the environment nothing happens and no thread is taken.
 * Nothing is promised about delivery: a message that could not be sent is logged.
 */
@NullMarked
package dev.kcm.daemon.notify;

import org.jspecify.annotations.NullMarked;
