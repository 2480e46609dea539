package dev.kcm.core.api;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kcm.core.time.Ticker;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The meters of the clients of one host, under the names and buckets of component-base.
 *
 * <p>Names of histograms are written without the units that registries add. Clients of one registry
 * and host share their meters, and the last one to close takes them away. A second client finds the
 * first through the registry itself: a meter that measures nothing, and so shows in no scrape,
 * leads back to this object.
 *
 * <p>Thread-safe: meters are, and the map of them is concurrent; they come and go under {@code
 * lock}.
 */
final class ClientMeters {

  private static final String MARKER = "rest_client_open";

  private static final Logger log = LoggerFactory.getLogger(ApiClients.class);

  private static final Duration[] SECONDS =
      Stream.of(5, 25, 100, 250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 60_000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  private static final double[] BYTES = {
    64, 256, 512, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216
  };

  private static final Duration WORTH_DEBUG = Duration.ofMillis(50);
  private static final Duration WORTH_INFO = Duration.ofSeconds(1);

  private final MeterRegistry registry;
  private final Ticker ticker;
  private final String host;
  private final Map<List<String>, Meter> meters = new ConcurrentHashMap<>();
  private final Object lock = new Object();

  @GuardedBy("lock") private int users;

  @GuardedBy("lock") private @Nullable Meter marker;

  @GuardedBy("lock") private boolean closed;

  private ClientMeters(MeterRegistry registry, Ticker ticker, String host) {
    this.registry = registry;
    this.ticker = ticker;
    this.host = host;
  }

  /** The meters of a host, for one client more. */
  static ClientMeters join(MeterRegistry registry, Ticker ticker, String host) {
    while (true) {
      Marker own = new Marker(new ClientMeters(registry, ticker, host));
      // The registry decides which of several clients is the first.
      Meter registered =
          Meter.builder(MARKER, Meter.Type.OTHER, own).tags("host", host).register(registry);
      ClientMeters shared =
          registered.measure() instanceof Marker first ? first.meters() : own.meters();
      if (shared.hasJoined(registered)) {
        return shared;
      }
      registry.remove(registered); // Its last client is just leaving.
    }
  }

  private boolean hasJoined(Meter leadingHere) {
    synchronized (lock) {
      if (!closed) {
        users++;
        marker = leadingHere;
      }
      return !closed;
    }
  }

  /** One client less; called once by each. What it still counts afterwards goes nowhere. */
  void leave() {
    synchronized (lock) {
      users--;
      if (users > 0) {
        return;
      }
      closed = true;
      meters.values().forEach(registry::remove);
      meters.clear();
      if (marker != null) {
        registry.remove(marker);
      }
    }
  }

  /** A request got its token after waiting since the given reading of the ticker. */
  void waited(Call call, long sinceNanos) {
    Duration waited = ticker.since(sinceNanos);
    timer(
            "rest_client_rate_limiter_duration",
            "[ALPHA] Client side rate limiter latency in seconds. Broken down by verb, and host.",
            call)
        .record(waited.toNanos(), TimeUnit.NANOSECONDS);
    if (waited.compareTo(WORTH_INFO) > 0) {
      log.info(
          "Waited {} ms for the client's own rate limit before {} {}",
          waited.toMillis(),
          call.method(),
          call.uri().getPath());
    } else if (waited.compareTo(WORTH_DEBUG) > 0) {
      log.debug(
          "Waited {} ms for the client's own rate limit before {} {}",
          waited.toMillis(),
          call.method(),
          call.uri().getPath());
    }
  }

  /** The head of an answer came. */
  void answered(Call call, int code) {
    log.trace("Response {} {} {}", call.method(), call.uri(), code);
    requests(call, String.valueOf(code)).increment();
  }

  /** No answer came. */
  void failed(Call call) {
    requests(call, "<error>").increment();
  }

  private Counter requests(Call call, String code) {
    return meter(
        Counter.class,
        List.of("requests", code, call.method()),
        registry ->
            Counter.builder("rest_client_requests_total")
                .description(
                    "[ALPHA] Number of HTTP requests, partitioned by status code, method, and host.")
                .tags("code", code, "method", call.method(), "host", host)
                .register(registry));
  }

  /** An answer carried warnings. */
  void warned(int count) {
    if (count > 0) {
      meter(
              Counter.class,
              List.of("warnings"),
              registry ->
                  Counter.builder("kcm_api_warnings_total")
                      .description("Warnings of API servers, by host")
                      .tags("host", host)
                      .register(registry))
          .increment(count);
    }
  }

  /** A request is sent again. */
  void repeated(Call call, int code) {
    String text = code == 0 ? "<error>" : String.valueOf(code);
    meter(
            Counter.class,
            List.of("retries", text, call.method()),
            registry ->
                Counter.builder("rest_client_request_retries_total")
                    .description(
                        "[ALPHA] Number of request retries, partitioned by status code, verb, and host.")
                    .tags("code", text, "verb", call.method(), "host", host)
                    .register(registry))
        .increment();
  }

  /** A request that is no watch has ended, one way or the other. */
  void finished(Call call, long sentAtNanos, long bytesReceived) {
    timer(
            "rest_client_request_duration",
            "[ALPHA] Request latency in seconds. Broken down by verb, and host.",
            call)
        .record(ticker.since(sentAtNanos).toNanos(), TimeUnit.NANOSECONDS);
    String body = call.body();
    size(
            "rest_client_request_size",
            "[ALPHA] Request size in bytes. Broken down by verb and host.",
            call)
        .record(body == null ? 0 : body.getBytes(StandardCharsets.UTF_8).length);
    size(
            "rest_client_response_size",
            "[ALPHA] Response size in bytes. Broken down by verb and host.",
            call)
        .record((double) bytesReceived);
  }

  private Timer timer(String name, String description, Call call) {
    return meter(
        Timer.class,
        List.of(name, call.method()),
        registry ->
            Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(SECONDS)
                .tags("verb", call.method(), "host", host)
                .register(registry));
  }

  private DistributionSummary size(String name, String description, Call call) {
    return meter(
        DistributionSummary.class,
        List.of(name, call.method()),
        registry ->
            DistributionSummary.builder(name)
                .description(description)
                .baseUnit("bytes")
                .serviceLevelObjectives(BYTES)
                .tags("verb", call.method(), "host", host)
                .register(registry));
  }

  private <M extends Meter> M meter(
      Class<M> type, List<String> key, Function<MeterRegistry, M> maker) {
    Meter known = meters.get(key);
    return type.cast(known != null ? known : made(key, maker));
  }

  private Meter made(List<String> key, Function<MeterRegistry, ? extends Meter> maker) {
    synchronized (lock) {
      return closed
          ? maker.apply(new CompositeMeterRegistry())
          : meters.computeIfAbsent(key, absent -> maker.apply(registry));
    }
  }

  /**
   * Leads from a registry to the meters; measures nothing.
   *
   * @param meters of the first client
   */
  private record Marker(ClientMeters meters) implements Iterable<Measurement> {

    @Override
    public Iterator<Measurement> iterator() {
      return Collections.emptyIterator();
    }
  }
}
