package dev.kcm.core.metrics;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBucket;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * What a registry holds, in the text and number format of upstream's scrape: names as registered,
 * numbers as Go prints them, without Micrometer's {@code _max}.
 */
public final class UpstreamText {

  private UpstreamText() {}

  /** All series whose name starts with the prefix, ordered by name. */
  public static List<String> of(PrometheusMeterRegistry registry, String prefix) {
    List<String> lines = new ArrayList<>();
    ScrapeNames names = ScrapeNames.of(registry);
    for (MetricSnapshot snapshot : registry.getPrometheusRegistry().scrape()) {
      String name = snapshot.getMetadata().getName();
      if (name.startsWith(prefix) && !name.endsWith("_max")) {
        append(lines, names, snapshot);
      }
    }
    return lines;
  }

  private static void append(List<String> lines, ScrapeNames names, MetricSnapshot snapshot) {
    MetricMetadata metadata = snapshot.getMetadata();
    String name = metadata.getPrometheusName();
    if (snapshot instanceof CounterSnapshot counter) {
      String shown = names.counter(name);
      header(lines, shown, "counter", metadata.getHelp());
      counter.getDataPoints().forEach(p -> sample(lines, shown, p.getLabels(), p.getValue()));
    } else if (snapshot instanceof GaugeSnapshot gauge) {
      header(lines, name, "gauge", metadata.getHelp());
      gauge.getDataPoints().forEach(p -> sample(lines, name, p.getLabels(), p.getValue()));
    } else if (snapshot instanceof HistogramSnapshot histogram) {
      header(lines, names.histogram(name), "histogram", metadata.getHelp());
      histogram.getDataPoints().forEach(p -> append(lines, names, name, p));
    } else {
      lines.add("? " + name + " " + snapshot.getClass().getSimpleName());
    }
  }

  private static void append(
      List<String> lines,
      ScrapeNames names,
      String name,
      HistogramSnapshot.HistogramDataPointSnapshot point) {
    String shown = names.histogram(name);
    double count = 0;
    for (ClassicHistogramBucket bucket : point.getClassicBuckets()) {
      count += bucket.getCount();
      String bound = number(names.bound(name, bucket.getUpperBound()));
      sample(lines, shown + "_bucket", point.getLabels().add("le", bound), count);
    }
    sample(lines, shown + "_sum", point.getLabels(), names.sum(name, point.getSum()));
    sample(lines, shown + "_count", point.getLabels(), (double) point.getCount());
  }

  private static void header(List<String> lines, String name, String type, String help) {
    lines.add("# HELP " + name + " " + help);
    lines.add("# TYPE " + name + " " + type);
  }

  private static void sample(List<String> lines, String name, Labels labels, double value) {
    StringBuilder text = new StringBuilder(name).append('{');
    String separator = "";
    // Upstream puts le behind the other labels.
    for (boolean bound : new boolean[] {false, true}) {
      for (Label label : labels) {
        if (label.getName().equals("le") == bound) {
          text.append(separator).append(label.getName()).append("=\"");
          text.append(label.getValue()).append('"');
          separator = ",";
        }
      }
    }
    lines.add(text.append("} ").append(number(value)).toString());
  }

  /** As Go's {@code strconv.FormatFloat(value, 'g', -1, 64)}. */
  private static String number(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    if (value == 0) {
      return "0";
    }
    BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    int exponent = decimal.precision() - decimal.scale() - 1;
    if (exponent >= -4 && exponent < 6) {
      return decimal.toPlainString();
    }
    String mantissa = decimal.scaleByPowerOfTen(-exponent).toPlainString();
    return String.format("%se%s%02d", mantissa, exponent < 0 ? "-" : "+", Math.abs(exponent));
  }
}
