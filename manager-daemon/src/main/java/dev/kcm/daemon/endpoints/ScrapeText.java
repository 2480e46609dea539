package dev.kcm.daemon.endpoints;

import dev.kcm.core.metrics.ScrapeNames;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBucket;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;

/**
 * Writes a scrape in the Prometheus text format 0.0.4 with names, numbers and the place of the
 * label {@code le} as upstream has them; or in the OpenMetrics format 1.0 with the same names and
 * numbers, so that a series is the same whichever a scraper prefers. Counters whose name does not
 * end in {@code _total} have no type there.
 *
 * <p>State sets, which Micrometer has no meter for, are left out. Confined to one thread; good for
 * one scrape.
 */
final class ScrapeText {

  private static final String TOTAL = "_total";

  /** Has a bucket up to 0, which Micrometer knows none of, for what is never recorded. */
  private static final String FROM_ZERO = "apiserver_client_certificate_expiration_seconds";

  private final StringBuilder out = new StringBuilder(1 << 16);
  private final ScrapeNames names;

  private final boolean open;

  private ScrapeText(ScrapeNames names, boolean open) {
    this.names = names;
    this.open = open;
  }

  static String of(MetricSnapshots snapshots, ScrapeNames names) {
    return new ScrapeText(names, false).write(snapshots).out.toString();
  }

  /** In the OpenMetrics format. */
  static String openMetrics(MetricSnapshots snapshots, ScrapeNames names) {
    return new ScrapeText(names, true).write(snapshots).out.append("# EOF\n").toString();
  }

  private ScrapeText write(MetricSnapshots snapshots) {
    for (MetricSnapshot snapshot : snapshots) {
      append(snapshot);
    }
    return this;
  }

  private void append(MetricSnapshot snapshot) {
    MetricMetadata metadata = snapshot.getMetadata();
    String name = metadata.getPrometheusName();
    if (snapshot instanceof CounterSnapshot counter) {
      String shown = counterHeader(names.counter(name), metadata);
      counter.getDataPoints().forEach(point -> sample(shown, point, point.getValue()));
    } else if (snapshot instanceof GaugeSnapshot gauge) {
      header(name, "gauge", metadata);
      gauge.getDataPoints().forEach(point -> sample(name, point, point.getValue()));
    } else if (snapshot instanceof InfoSnapshot info) {
      String full = name + "_info";
      header(open ? name : full, open ? "info" : "gauge", metadata);
      info.getDataPoints().forEach(point -> sample(full, point, 1));
    } else if (snapshot instanceof HistogramSnapshot histogram) {
      header(names.histogram(name), "histogram", metadata);
      histogram.getDataPoints().forEach(point -> histogram(name, point));
    } else if (snapshot instanceof SummarySnapshot summary) {
      header(name, "summary", metadata);
      summary.getDataPoints().forEach(point -> summary(name, point));
    } else if (snapshot instanceof UnknownSnapshot unknown) {
      header(name, open ? "unknown" : "untyped", metadata);
      unknown.getDataPoints().forEach(point -> sample(name, point, point.getValue()));
    }
  }

  private void histogram(String name, HistogramSnapshot.HistogramDataPointSnapshot point) {
    String shown = names.histogram(name);
    if (name.equals(FROM_ZERO)) {
      labelled(name + "_bucket", point.getLabels(), "le", 0, 0);
    }
    double count = 0;
    for (ClassicHistogramBucket bucket : point.getClassicBuckets()) {
      count += bucket.getCount();
      labelled(
          shown + "_bucket",
          point.getLabels(),
          "le",
          names.bound(name, bucket.getUpperBound()),
          count);
    }
    sample(shown + "_sum", point, names.sum(name, point.getSum()));
    sample(shown + "_count", point, (double) point.getCount());
  }

  private void summary(String name, SummarySnapshot.SummaryDataPointSnapshot point) {
    for (Quantile quantile : point.getQuantiles()) {
      labelled(name, point.getLabels(), "quantile", quantile.getQuantile(), quantile.getValue());
    }
    sample(name + "_sum", point, point.getSum());
    sample(name + "_count", point, (double) point.getCount());
  }

  private String counterHeader(String shown, MetricMetadata metadata) {
    if (open && shown.endsWith(TOTAL)) {
      header(shown.substring(0, shown.length() - TOTAL.length()), "counter", metadata);
    } else {
      header(shown, open ? "unknown" : "counter", metadata);
    }
    return shown;
  }

  private String header(String name, String type, MetricMetadata metadata) {
    String help = metadata.getHelp();
    if (help != null) {
      out.append("# HELP ").append(name).append(' ');
      escaped(help, open);
      out.append('\n');
    }
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    return name;
  }

  private void sample(String name, DataPointSnapshot point, double value) {
    out.append(name);
    if (!point.getLabels().isEmpty()) {
      out.append('{');
      labels(point.getLabels());
      out.append('}');
    }
    end(value);
  }

  /** A sample with one more label, which comes last whatever its name. */
  private void labelled(String name, Labels labels, String label, double of, double value) {
    out.append(name).append('{');
    if (!labels.isEmpty()) {
      labels(labels);
      out.append(',');
    }
    out.append(label).append("=\"");
    GoFloat.append(out, of);
    out.append("\"}");
    end(value);
  }

  private void end(double value) {
    out.append(' ');
    GoFloat.append(out, value);
    out.append('\n');
  }

  private void labels(Labels labels) {
    for (int i = 0; i < labels.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      out.append(labels.getPrometheusName(i)).append("=\"");
      escaped(labels.getValue(i), true);
      out.append('"');
    }
  }

  private void escaped(String text, boolean quoted) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        out.append("\\n");
      } else if (c == '\\' || (quoted && c == '"')) {
        out.append('\\').append(c);
      } else {
        out.append(c);
      }
    }
  }
}
