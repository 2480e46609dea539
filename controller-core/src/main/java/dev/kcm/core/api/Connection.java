package dev.kcm.core.api;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.time.Environment;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What all requests of a client share: how they are sent, how many at a time, and what is under
 * way.
 *
 * <p>Thread-safe: its parts are; {@code closed} is written once, by {@link #close}.
 */
final class Connection implements AutoCloseable {

  static final ApiError CLOSED = ApiError.of(ApiError.Kind.CLOSED, 0, "the client is closed");

  private final Environment environment;
  private final Executor threads;
  private final Transport transport;
  private final TokenBucket limiter;
  private final Slots slots;
  private final Duration requestTimeout;
  private final ClientMeters meters;
  private final Codec codec;
  private final Set<Request<?>> requests = ConcurrentHashMap.newKeySet();
  private final Set<WatchStream<?>> watches = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean left = new AtomicBoolean();
  private volatile boolean closed;

  Connection(ApiClients.Settings settings, Transport transport) {
    this.environment = settings.environment();
    this.threads = environment.executor("api-client");
    this.transport = transport;
    String server = settings.config().getMasterUrl();
    this.limiter = new TokenBucket(environment, threads, settings.qps(), settings.burst());
    this.slots = new Slots(settings.maxInFlight());
    this.codec = new Codec(settings.keepManagedFields());
    this.requestTimeout = settings.requestTimeout();
    this.meters =
        ClientMeters.join(
            settings.meters(), environment.ticker(), URI.create(server).getRawAuthority());
  }

  @Override
  public void close() {
    closed = true;
    requests.forEach(request -> request.abort(CLOSED));
    watches.forEach(watch -> watch.abort(CLOSED));
    transport.close();
    if (left.compareAndSet(false, true)) {
      meters.leave();
    }
  }

  /** Notes a request; false when the client is closed. */
  boolean opened(Request<?> request) {
    requests.add(request);
    if (closed) {
      requests.remove(request);
      return false;
    }
    return true;
  }

  void ended(Request<?> request) {
    requests.remove(request);
  }

  /** Notes a watch; false when the client is closed. */
  boolean opened(WatchStream<?> watch) {
    watches.add(watch);
    if (closed) {
      watches.remove(watch);
      return false;
    }
    return true;
  }

  void ended(WatchStream<?> watch) {
    watches.remove(watch);
  }

  /** The error of a request that was given up after the time-out. */
  static ApiError noAnswer(Duration timeout) {
    return ApiError.of(ApiError.Kind.BROKEN, 0, "no answer within " + timeout.toMillis() + " ms");
  }

  /** An answer came with Warning headers, which may be none. */
  void warned(Warnings taker, List<String> headers) {
    if (!headers.isEmpty()) {
      meters.warned(taker.take(headers));
    }
  }

  long nanos() {
    return environment.ticker().nanos();
  }

  Environment environment() {
    return environment;
  }

  Executor threads() {
    return threads;
  }

  Transport transport() {
    return transport;
  }

  TokenBucket limiter() {
    return limiter;
  }

  Slots slots() {
    return slots;
  }

  Duration requestTimeout() {
    return requestTimeout;
  }

  ClientMeters meters() {
    return meters;
  }

  Codec codec() {
    return codec;
  }
}
