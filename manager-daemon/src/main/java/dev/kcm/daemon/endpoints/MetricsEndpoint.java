package dev.kcm.daemon.endpoints;

import dev.kcm.core.metrics.ScrapeNames;
import dev.kcm.daemon.http.Answers;
import dev.kcm.daemon.http.Endpoint;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * {@code /metrics} in the Prometheus text format, or in OpenMetrics for a client that says it takes
 * that.
 *
 * <p>Names, types and numbers are written as upstream writes them. Micrometer adds a {@code _max}
 * gauge to each histogram, which the original does not have and which is left out. Thread-safe.
 */
public final class MetricsEndpoint implements Endpoint {

  private static final String TEXT =
      "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";

  private static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores";

  private static final HttpString STARTED = new HttpString("Process-Start-Time-Unix");

  private final PrometheusMeterRegistry registry;
  private final String started;

  /**
   * Serves what the registry holds.
   *
   * @param started when the process started
   */
  public MetricsEndpoint(PrometheusMeterRegistry registry, Instant started) {
    this.registry = registry;
    this.started = Long.toString(started.getEpochSecond());
  }

  @Override
  public void serve(HttpServerExchange exchange) {
    exchange.getResponseHeaders().put(STARTED, started);
    boolean open = takesOpenMetrics(exchange.getRequestHeaders().getFirst(Headers.ACCEPT));
    Answers.compressed(exchange, open ? OPEN_METRICS : TEXT, open ? openMetrics() : text());
  }

  private static boolean takesOpenMetrics(@Nullable String accept) {
    return accept != null && accept.contains("application/openmetrics-text");
  }

  /** The scrape as text. */
  public String text() {
    return ScrapeText.of(snapshots(), ScrapeNames.of(registry));
  }

  /** The scrape in the OpenMetrics format. */
  public String openMetrics() {
    return ScrapeText.openMetrics(snapshots(), ScrapeNames.of(registry));
  }

  private MetricSnapshots snapshots() {
    return registry.getPrometheusRegistry().scrape(name -> !name.endsWith("_max"));
  }
}
