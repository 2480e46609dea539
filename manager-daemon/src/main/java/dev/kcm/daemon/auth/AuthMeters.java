package dev.kcm.daemon.auth;

import dev.kcm.core.metrics.Buckets;
import dev.kcm.core.metrics.MeterGroup;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The {@code authentication_*}, {@code authorization_*} and {@code apiserver_delegated_*} series.
 * As in the original, a counter or histogram exists from the first time it counts something.
 *
 * <p>Thread-safe: the registry is.
 */
final class AuthMeters {

  private static final double[] ATTEMPT = Buckets.exponential(0.001, 2, 15);
  private static final double[] REVIEW = {0.25, 0.5, 0.7, 1, 1.5, 3, 5, 10};
  private static final double[] LOOKUP = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

  /** Half an hour to a year. A certificate that has expired never gets this far. */
  private static final double[] REMAINING = {
    1800, 3600, 7200, 21600, 43200, 86400, 172800, 345600, 604800, 2592000, 7776000, 15552000,
    31104000
  };

  /** Users that are counted by name; all others share a series, so that there are never many. */
  private static final Set<String> NAMED =
      Set.of(
          "admin", "client", "kube_proxy", "kubelet", "system:serviceaccount:kube-system:default");

  private final MeterRegistry registry;
  private final AtomicInteger fetching = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();

  AuthMeters(MeterRegistry registry) {
    this.registry = registry;
    active("in_flight", fetching);
    active("blocked", waiting);
  }

  /** An attempt to find out who it is. */
  void attempted(String result, Duration took) {
    count(
        "authentication_attempts", "result", result, "[ALPHA] Counter of authenticated attempts.");
    time(
        "authentication_duration_seconds",
        "result",
        result,
        "[ALPHA] Authentication duration in seconds broken out by result.",
        ATTEMPT,
        took);
  }

  /** A request of somebody who proved who it is. */
  void authenticated(User user) {
    count(
        "authenticated_user_requests",
        "username",
        compressed(user.name()),
        "[ALPHA] Counter of authenticated requests broken out by username.");
  }

  private static String compressed(String name) {
    if (NAMED.contains(name)) {
      return name;
    }
    return name.contains("@") ? "email_id" : "other";
  }

  /** How long the certificate of a client is still valid. */
  void certificateExpiresIn(Duration remaining) {
    MeterGroup.in(registry, Tags.empty())
        .histogram(
            "apiserver_client_certificate_expiration_seconds",
            "[ALPHA] Distribution of the remaining lifetime on the certificate used to"
                + " authenticate a request.",
            REMAINING)
        .record(remaining.isNegative() ? Duration.ZERO : remaining);
  }

  /** A decision whether somebody may do something. */
  void decided(String result, Duration took) {
    count(
        "authorization_attempts_total",
        "result",
        result,
        "[ALPHA] Counter of authorization attempts broken down by result. It can be either"
            + " 'allowed', 'denied', 'no-opinion' or 'error'.");
    time(
        "authorization_duration_seconds",
        "result",
        result,
        "[ALPHA] Authorization duration in seconds broken out by result.",
        ATTEMPT,
        took);
  }

  /**
   * A review by the API server.
   *
   * @param subject {@code authn} or {@code authz}
   * @param code status code, or {@code <error>} without an answer
   */
  void reviewed(String subject, String code, Duration took) {
    String what = subject.equals("authn") ? "authentication" : "authorization";
    count(
        "apiserver_delegated_" + subject + "_request_total",
        "code",
        code,
        "[ALPHA] Number of HTTP requests for delegated " + what + " by status code.");
    time(
        "apiserver_delegated_" + subject + "_request_duration_seconds",
        "code",
        code,
        "[ALPHA] Latency of requests for delegated " + what + " by status code.",
        REVIEW,
        took);
  }

  /** A look into the cache of tokens. */
  void lookedUp(boolean hit, Duration took) {
    String status = hit ? "hit" : "miss";
    count(
        "authentication_token_cache_request_total",
        "status",
        status,
        "[ALPHA] Token cache requests.");
    time(
        "authentication_token_cache_request_duration_seconds",
        "status",
        status,
        "[ALPHA] Time that requests to the token cache took.",
        LOOKUP,
        took);
  }

  /** A review for the cache of tokens has begun. */
  void fetchStarted() {
    fetching.incrementAndGet();
  }

  /** The review has ended. */
  void fetchEnded(boolean ok) {
    fetching.decrementAndGet();
    count(
        "authentication_token_cache_fetch_total",
        "status",
        ok ? "ok" : "error",
        "[ALPHA] Reviews for the token cache.");
  }

  /** A request waits for the review that another one with the same token began. */
  void waitStarted() {
    waiting.incrementAndGet();
  }

  /** That wait has ended. */
  void waitEnded() {
    waiting.decrementAndGet();
  }

  private void active(String status, AtomicInteger value) {
    group("status", status)
        .gauge(
            "authentication_token_cache_active_fetch_count",
            "[ALPHA] Reviews for the token cache under way, and requests that wait for one.",
            value::get);
  }

  private void count(String name, String tag, String value, String help) {
    group(tag, value).counter(name, help).increment();
  }

  private void time(
      String name, String tag, String value, String help, double[] seconds, Duration took) {
    Timer timer = group(tag, value).histogram(name, help, seconds);
    timer.record(took);
  }

  private MeterGroup group(String tag, String value) {
    return MeterGroup.in(registry, Tags.of(tag, value));
  }
}
