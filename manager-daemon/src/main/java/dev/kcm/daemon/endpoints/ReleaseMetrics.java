package dev.kcm.daemon.endpoints;

import dev.kcm.daemon.options.FeatureGate;
import dev.kcm.daemon.options.FeatureGates;
import dev.kcm.daemon.options.ProductVersion;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/** The series that say which release runs and which of its feature gates are on. */
public final class ReleaseMetrics {

  private ReleaseMetrics() {}

  /**
   * Registers the series, whose values never change.
   *
   * @param version the release
   * @param gates the gates in force
   */
  public static void bind(MeterRegistry registry, ProductVersion version, FeatureGates gates) {
    constant(
        registry,
        "kubernetes.build.info",
        "[ALPHA] A metric with a constant '1' value labeled by release, build and platform.",
        build(version));
    constant(
        registry,
        "version.info",
        "[ALPHA] Provides the compatibility version info of the component. The component label is"
            + " the name of the component, usually kube, but is relevant for aggregated-apiservers.",
        Tags.of(
            "component",
            "kube",
            "binary",
            ProductVersion.MINOR,
            "emulation",
            gates.emulatedVersion(),
            "min_compat",
            version.minCompatibility()));
    for (FeatureGate gate : gates.all()) {
      double value = gates.isEnabled(gate.name()) ? 1 : 0;
      Gauge.builder("kubernetes_feature_enabled", () -> value)
          .description(
              "[BETA] This metric records the data about the stage and enablement of a k8s"
                  + " feature.")
          .tags("name", gate.name(), "stage", gate.stage().label())
          .register(registry);
    }
  }

  private static Tags build(ProductVersion version) {
    return Tags.of(
        "major",
        version.major(),
        "minor",
        version.minor(),
        "git_version",
        version.gitVersion(),
        "git_commit",
        version.gitCommit(),
        "git_tree_state",
        "",
        "build_date",
        version.buildDate(),
        "go_version",
        "java" + Runtime.version(),
        "compiler",
        "javac",
        "platform",
        ProductVersion.platform());
  }

  /** A name that ends in {@code .info} becomes an info series of value 1. */
  private static void constant(MeterRegistry registry, String name, String help, Tags tags) {
    Gauge.builder(name, () -> 1).description(help).tags(tags).register(registry);
  }
}
