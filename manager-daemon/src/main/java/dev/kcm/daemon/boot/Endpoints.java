package dev.kcm.daemon.boot;

import dev.kcm.core.time.Environment;
import dev.kcm.core.time.WallClock;
import dev.kcm.daemon.endpoints.ControllerPages;
import dev.kcm.daemon.endpoints.DebugPages;
import dev.kcm.daemon.endpoints.MetricsEndpoint;
import dev.kcm.daemon.endpoints.ProcessMetrics;
import dev.kcm.daemon.http.Endpoint;
import dev.kcm.daemon.options.Options;
import dev.kcm.daemon.profiles.Profiles;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/** What is served at which path. */
final class Endpoints {

  private Endpoints() {}

  /**
   * All endpoints that the settings switch on.
   *
   * @param verbosity takes a new verbosity of the log
   */
  static Map<String, Endpoint> of(
      Options options,
      Probes probes,
      ControllerPages controllers,
      PrometheusMeterRegistry meters,
      Environment environment,
      IntConsumer verbosity) {
    WallClock clock = environment.wallClock();
    Map<String, Endpoint> endpoints = new HashMap<>(probes.endpoints());
    endpoints.put("/metrics", new MetricsEndpoint(meters, ProcessMetrics.started(clock)));
    endpoints.put("/configz", DebugPages.configz(options));
    if (options.featureGates().isEnabled("ComponentFlagz")) {
      endpoints.put("/flagz", DebugPages.flagz(Daemon.NAME, options));
    }
    if (options.featureGates().isEnabled("ComponentStatusz")) {
      endpoints.put(
          "/statusz",
          DebugPages.statusz(Daemon.NAME, options, ProcessMetrics.started(clock), clock));
    }
    if (options.debugging().profiling()) {
      endpoints.put("/debug/flags/v", DebugPages.verbosity(verbosity));
      endpoints.putAll(controllers.endpoints());
      endpoints.putAll(
          Profiles.endpoints(
              environment, options.debugging().contentionProfiling(), commandLine(options)));
    }
    return endpoints;
  }

  /** All flags in force, which says more than the words that were given. */
  private static List<String> commandLine(Options options) {
    List<String> words = new ArrayList<>();
    words.add(Daemon.NAME);
    options.printed().forEach((flag, value) -> words.add("--" + flag + "=" + value));
    return words;
  }
}
