/**
 * The port to the API server: {@link dev.kcm.core.api.ApiClient}, and its implementation over HTTPS
 * on the transport of the fabric8 client.
 *
 * <p>All calls are asynchronous and none holds a thread while it waits. A request is sent once;
 * repeating one is the business of whoever knows whether it may be repeated. Failures are {@link
 * dev.kcm.core.api.ApiException}s with an {@link dev.kcm.core.object.ApiError}.
 */
@NullMarked
package dev.kcm.core.api;

import org.jspecify.annotations.NullMarked;
