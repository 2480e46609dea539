/**
 * The API over HTTPS: paths, queries, bodies and content negotiation, watches as chunked streams
 * and WebSockets, discovery, health, authentication and authorization.
 *
 * <p>Start from {@link dev.kcm.embedded.http.ApiHttpServer}. Requests become {@link
 * dev.kcm.embedded.resource.ApiRequest}s; what they mean is decided elsewhere. Whatever a client
 * sends, it gets a {@code Status} body with a code of the 4xx family, never a page of the server
 * library.
 *
 * <p>Requests are decoded and answered on the worker pool of the server; watches cost no thread,
 * they are written by the I/O threads when there is something to write.
 */
@NullMarked
package dev.kcm.embedded.http;

import org.jspecify.annotations.NullMarked;
