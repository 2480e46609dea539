package dev.kcm.daemon.endpoints;

import dev.kcm.daemon.http.Answers;
import dev.kcm.daemon.http.Endpoint;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.undertow.server.HttpServerExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * {@code /metrics} in the Prometheus text format.
 *
 * <p>Micrometer adds a {@code _max} gauge to each histogram, which the original does not have and
 * which is left out. Thread-safe.
 */
public final class MetricsEndpoint implements Endpoint {

  private static final String TYPE =
      "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";

  private final PrometheusMeterRegistry registry;
  private final PrometheusTextFormatWriter writer =
      PrometheusTextFormatWriter.builder().setIncludeCreatedTimestamps(false).build();

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
    ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
    try {
      writer.write(out, registry.getPrometheusRegistry().scrape(name -> !name.endsWith("_max")));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
