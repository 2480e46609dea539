package dev.kcm.daemon.endpoints;

import dev.kcm.daemon.options.MetricsConfig;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which series there are: those that settings switch off do not exist, labels show only values that
 * settings allow, help texts begin with upstream's word on stability, and no metric has more series
 * than {@value #MOST_SERIES}. Nothing is hidden in this release, so there is nothing for {@code
 * --show-hidden-metrics-for-version} to bring back.
 *
 * <p>Thread-safe: settings do not change, counts are atomic.
 */
public final class MetricRules {

  /** What a label reads whose value is not allowed. */
  public static final String UNEXPECTED = "unexpected";

  /** Series of one metric. More come from labels nobody bounds, and would fill a heap. */
  static final int MOST_SERIES = 10_000;

  private static final Logger log = LoggerFactory.getLogger(MetricRules.class);

  private final MeterRegistry registry;
  private final Stability stability = Stability.ofUpstream();
  private final Set<String> disabled;
  private final Map<String, Set<String>> allowed;
  private final Map<String, AtomicLong> seriesByName = new ConcurrentHashMap<>();
  private final Set<String> denied = ConcurrentHashMap.newKeySet();
  private final AtomicLong unexpected = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();

  private MetricRules(
      MeterRegistry registry, Set<String> disabled, Map<String, Set<String>> allowed) {
    this.registry = registry;
    this.disabled = disabled;
    this.allowed = allowed;
  }

  /**
   * Lays the rules on a registry that holds no meters yet, and registers the series that tell what
   * they did.
   *
   * @param allowed values to show by {@code metric,label}
   */
  public static void apply(
      MeterRegistry registry, MetricsConfig config, Map<String, Set<String>> allowed) {
    MetricRules rules =
        new MetricRules(registry, Set.copyOf(config.disabled()), Map.copyOf(allowed));
    registry
        .config()
        .meterFilter(rules.new Filter())
        .onMeterAdded(meter -> rules.count(meter).incrementAndGet())
        .onMeterRemoved(meter -> rules.count(meter).decrementAndGet());
    rules.bind();
  }

  private AtomicLong count(Meter meter) {
    return seriesByName.computeIfAbsent(meter.getId().getName(), name -> new AtomicLong());
  }

  private void bind() {
    for (String level : List.of("ALPHA", "BETA", "STABLE")) {
      FunctionCounter.builder("registered_metrics_total", this, rules -> rules.registered(level))
          .description(
              "[BETA] The count of registered metrics broken by stability level and deprecation"
                  + " version.")
          .tags("stability_level", level, "deprecated_version", "")
          .register(registry);
    }
    FunctionCounter.builder("disabled_metrics_total", denied, Set::size)
        .description("[BETA] The count of disabled metrics.")
        .register(registry);
    FunctionCounter.builder("hidden_metrics_total", this, rules -> 0)
        .description("[BETA] The count of hidden metrics.")
        .register(registry);
    FunctionCounter.builder(
            "cardinality_enforcement_unexpected_categorizations_total", unexpected, AtomicLong::get)
        .description(
            "[ALPHA] The count of unexpected categorizations during cardinality enforcement.")
        .register(registry);
    Gauge.builder("kcm_metrics_dropped_series", dropped, AtomicLong::get)
        .description("Series refused because their metric has too many")
        .register(registry);
  }

  /** How many metrics there are of a stability level, which their help text begins with. */
  private double registered(String level) {
    String prefix = "[" + level + "]";
    return registry.getMeters().stream()
        .map(Meter::getId)
        .filter(id -> Objects.requireNonNullElse(id.getDescription(), "").startsWith(prefix))
        .map(Meter.Id::getName)
        .distinct()
        .count();
  }

  /** The name as a scrape shows it. Names with dots go by the rules of the registry. */
  private String shownName(Meter.Id id) {
    return id.getName().indexOf('.') < 0
        ? id.getName()
        : id.getConventionName(registry.config().namingConvention());
  }

  private final class Filter implements MeterFilter {

    @Override
    public Meter.Id map(Meter.Id id) {
      String name = shownName(id);
      return withAllowedLabels(name, withStability(name, id));
    }

    private Meter.Id withStability(String name, Meter.Id id) {
      String text = Objects.requireNonNullElse(id.getDescription(), "");
      String help = stability.help(name, text);
      return help.equals(text)
          ? id
          : new Meter.Id(id.getName(), Tags.of(id.getTags()), id.getBaseUnit(), help, id.getType());
    }

    private Meter.Id withAllowedLabels(String name, Meter.Id id) {
      if (allowed.isEmpty() || id.getTags().isEmpty()) {
        return id;
      }
      List<Tag> tags = new ArrayList<>();
      boolean changed = false;
      for (Tag tag : id.getTags()) {
        Set<String> values = allowed.get(name + "," + tag.getKey());
        boolean shown = values == null || values.contains(tag.getValue());
        tags.add(shown ? tag : Tag.of(tag.getKey(), UNEXPECTED));
        changed |= !shown;
      }
      if (changed) {
        unexpected.incrementAndGet();
      }
      return changed ? id.replaceTags(tags) : id;
    }

    @Override
    public MeterFilterReply accept(Meter.Id id) {
      String name = shownName(id);
      if (disabled.contains(name)) {
        denied.add(name);
        return MeterFilterReply.DENY;
      }
      @Nullable AtomicLong series = seriesByName.get(id.getName());
      if (series == null || series.get() < MOST_SERIES) {
        return MeterFilterReply.NEUTRAL;
      }
      if (dropped.getAndIncrement() == 0) {
        log.warn("Metric {} has {} series; no more are added", name, MOST_SERIES);
      }
      return MeterFilterReply.DENY;
    }
  }
}
