package dev.kcm.daemon.endpoints;

import dev.kcm.core.metrics.ScrapeNames;
import dev.kcm.daemon.http.Answers;
import dev.kcm.daemon.http.Endpoint;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.undertow.server.HttpServerExchange;

/**
 * {@code /metrics} in the Prometheus text format.
 *
 * <p>Names, types and numbers are written as upstream writes them. Micrometer adds a {@code _max}
 * gauge to each histogram, which the original does not have and which is left out. Thread-safe.
 */
public final class MetricsEndpoint implements Endpoint {

  private static final String TYPE =
      "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";

  private final PrometheusMeterRegistry registry;

  /** Serves what the registry holds. */
  public MetricsEndpoint(PrometheusMeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void serve(HttpServerExchange exchange) {
    Answers.send(exchange, 200, TYPE, text());
  }

  /** The scrape as text. */
  public String text() {
    return ScrapeText.of(
        registry.getPrometheusRegistry().scrape(name -> !name.endsWith("_max")),
        ScrapeNames.of(registry));
  }
}
