/**
 * A small HTTP port for the kubelet and for Prometheus: {@code /healthz}, {@code /livez}, {@code
 * /readyz} and {@code /metrics}.
 *
 * <p>Start from {@code HealthServer}:
 *
 * <pre>{@code
 * HealthServer server =
 *     HealthServer.builder()
 *         .port(8080)
 *         .ready("controllers", manager::notReadyBecause)
 *         .metrics(registry::scrape)
 *         .start(Environment.system());
 * }</pre>
 *
 * <p>It is plain HTTP without authentication, meant for the inside of a pod's network. Checks are
 * called by the threads that answer, several at once.
 */
@NullMarked
package dev.kcm.core.serve;

import org.jspecify.annotations.NullMarked;
