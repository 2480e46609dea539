package dev.kcm.daemon.boot;

import dev.kcm.core.api.Fence;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Informers;
import dev.kcm.core.manager.Manager;
import dev.kcm.daemon.endpoints.HealthChecks;
import dev.kcm.daemon.endpoints.HealthIndicators;
import dev.kcm.daemon.http.Endpoint;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What the probes of the process look at: {@code /healthz} as upstream has it, {@code /livez} for
 * the process and its lease, {@code /readyz} for the work. Thread-safe: the checks are.
 */
final class Probes {

  private final AtomicInteger watched = new AtomicInteger();
  private final HealthIndicators indicators;
  private final HealthChecks health;
  private final HealthChecks life = new HealthChecks("livez");
  private final HealthChecks readiness = new HealthChecks("readyz");

  /**
   * @param started when the process started
   */
  Probes(Instant started) {
    indicators = new HealthIndicators(started);
    health = new HealthChecks("healthz", indicators);
    life.add("ping", Optional::empty);
  }

  /** The paths to serve. */
  Map<String, Endpoint> endpoints() {
    return Map.of(
        "/healthz",
        health,
        "/healthz/*",
        health.each(),
        "/livez",
        life,
        "/readyz",
        readiness,
        "/metrics/slis",
        indicators);
  }

  /** Why {@code /livez} fails now, empty when it does not. */
  Optional<String> unwellBecause() {
    return life.failedBecause();
  }

  /** Why {@code /readyz} fails now, empty when it does not. */
  Optional<String> notReadyBecause() {
    return readiness.failedBecause();
  }

  /** Watches the election; must come before the controllers, as upstream lists it first. */
  void watchElection(Supplier<Optional<String>> unhealthyBecause) {
    health.add("leaderElection", unhealthyBecause);
    life.add("leaderElection", unhealthyBecause);
  }

  /**
   * Watches the controllers of a manager; there are two while controllers migrate.
   *
   * @param fence open while this process leads
   * @param informers of the manager; once one has synced, the API server has been reached
   * @param reachedOtherwise whether something else shows that the API server has been reached, for
   *     a manager without informers
   */
  void watchControllers(
      Manager manager, Fence fence, Informers informers, BooleanSupplier reachedOtherwise) {
    Supplier<List<String>> started =
        () ->
            manager.health().keySet().stream()
                .filter(name -> !manager.loops(name).isEmpty())
                .toList();
    health.addStarted(started);
    boolean isFirst = watched.getAndIncrement() == 0;
    readiness.add(
        isFirst ? "apiserver" : "apiserver-" + watched,
        () ->
            reachedOtherwise.getAsBoolean()
                    || informers.list().stream().anyMatch(Informer::hasSynced)
                ? Optional.empty()
                : Optional.of("nothing has been read from the API server yet"));
    readiness.add(
        isFirst ? "controllers" : "controllers-" + watched,
        () -> {
          if (fence.closedBecause().isPresent()) {
            return Optional.empty();
          }
          boolean starting =
              manager.health().size() > manager.skipped().size() && started.get().isEmpty();
          return manager
              .notReadyBecause()
              .or(() -> starting ? Optional.of("no controller has started yet") : Optional.empty());
        });
    // A candidate whose caches are not warm is no worse than one that has not begun to fill them.
    readiness.addEach(
        () -> fence.closedBecause().isPresent() ? Map.of() : manager.informerHealth());
  }
}
