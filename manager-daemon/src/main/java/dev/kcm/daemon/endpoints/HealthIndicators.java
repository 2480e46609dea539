package dev.kcm.daemon.endpoints;

import dev.kcm.daemon.http.Answers;
import dev.kcm.daemon.http.Endpoint;
import io.undertow.server.HttpServerExchange;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code /metrics/slis}: how each check of {@code /healthz} came out when it was last asked for,
 * and how often. DELETE begins anew.
 *
 * <p>Thread-safe: each check's record is replaced as a whole.
 */
public final class HealthIndicators implements Endpoint {

  private static final String TYPE =
      "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";

  private final Map<String, Outcomes> outcomesByCheck = new ConcurrentHashMap<>();
  private final double startedSeconds;

  private record Outcomes(boolean last, long successes, long errors) {}

  /**
   * Without outcomes yet.
   *
   * @param started when the process started
   */
  public HealthIndicators(Instant started) {
    this.startedSeconds = started.toEpochMilli() / 1e3;
  }

  /** Notes how a check came out. */
  void note(String check, boolean passed) {
    outcomesByCheck.merge(
        check,
        new Outcomes(passed, passed ? 1 : 0, passed ? 0 : 1),
        (before, now) ->
            new Outcomes(passed, before.successes + now.successes, before.errors + now.errors));
  }

  @Override
  public void serve(HttpServerExchange exchange) {
    if (exchange.getRequestMethod().toString().equals("DELETE")) {
      outcomesByCheck.clear();
      Answers.text(exchange, 200, "metrics reset\n");
      return;
    }
    Answers.send(exchange, 200, TYPE, text());
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    Map<String, Outcomes> sorted = new TreeMap<>(outcomesByCheck);
    if (!sorted.isEmpty()) {
      text.append(
          "# HELP kubernetes_healthcheck [STABLE] This metric records the result of a single"
              + " healthcheck.\n# TYPE kubernetes_healthcheck gauge\n");
      sorted.forEach(
          (check, outcomes) ->
              text.append(
                  "kubernetes_healthcheck{name=\"%s\",type=\"healthz\"} %d\n"
                      .formatted(check, outcomes.last ? 1 : 0)));
      text.append(
          "# HELP kubernetes_healthchecks_total [STABLE] This metric records the results of all"
              + " healthcheck.\n# TYPE kubernetes_healthchecks_total counter\n");
      sorted.forEach(
          (check, outcomes) -> {
            total(text, check, "error", outcomes.errors);
            total(text, check, "success", outcomes.successes);
          });
    }
    text.append(
        "# HELP process_start_time_seconds [ALPHA] Start time of the process since unix epoch in"
            + " seconds.\n# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds ");
    GoFloat.append(text, startedSeconds);
    return text.append('\n').toString();
  }

  private static void total(StringBuilder text, String check, String status, long count) {
    if (count > 0) {
      text.append(
          "kubernetes_healthchecks_total{name=\"%s\",status=\"%s\",type=\"healthz\"} %d\n"
              .formatted(check, status, count));
    }
  }
}
