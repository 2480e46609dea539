package dev.kcm.daemon.endpoints;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns a recorded scrape into the snapshots a registry would give for it: bucket bounds in whole
 * nanoseconds, as Micrometer keeps those of timers. Knows series whose only label is the name.
 */
final class RecordedScrape {

  private static final Pattern SAMPLE =
      Pattern.compile("(\\w+)\\{name=\"(\\w+)\"(?:,le=\"(.+)\")?} (.+)");

  private RecordedScrape() {}

  static MetricSnapshots read(List<String> lines) {
    List<MetricSnapshot> snapshots = new ArrayList<>();
    for (int i = 0; i < lines.size(); ) {
      String[] help = lines.get(i).split(" ", 4);
      String type = lines.get(i + 1).split(" ", -1)[3];
      i += 2;
      List<Matcher> samples = new ArrayList<>();
      for (; i < lines.size() && !lines.get(i).startsWith("#"); i++) {
        samples.add(sample(lines.get(i)));
      }
      snapshots.add(snapshot(type, help[2], help[3], samples));
    }
    return new MetricSnapshots(snapshots);
  }

  private static Matcher sample(String line) {
    Matcher matcher = SAMPLE.matcher(line);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(line);
    }
    return matcher;
  }

  private static MetricSnapshot snapshot(
      String type, String name, String help, List<Matcher> samples) {
    return switch (type) {
      case "counter" -> counter(name, help, samples);
      case "gauge" -> gauge(name, help, samples);
      case "histogram" -> histogram(name, help, samples);
      default -> throw new IllegalArgumentException(type);
    };
  }

  private static MetricSnapshot counter(String name, String help, List<Matcher> samples) {
    CounterSnapshot.Builder builder =
        CounterSnapshot.builder().name(name.replaceFirst("_total$", "")).help(help);
    samples.forEach(
        sample ->
            builder.dataPoint(
                CounterSnapshot.CounterDataPointSnapshot.builder()
                    .labels(Labels.of("name", sample.group(2)))
                    .value(Double.parseDouble(sample.group(4)))
                    .build()));
    return builder.build();
  }

  private static MetricSnapshot gauge(String name, String help, List<Matcher> samples) {
    GaugeSnapshot.Builder builder = GaugeSnapshot.builder().name(name).help(help);
    samples.forEach(
        sample ->
            builder.dataPoint(
                GaugeSnapshot.GaugeDataPointSnapshot.builder()
                    .labels(Labels.of("name", sample.group(2)))
                    .value(Double.parseDouble(sample.group(4)))
                    .build()));
    return builder.build();
  }

  private static MetricSnapshot histogram(String name, String help, List<Matcher> samples) {
    Map<String, List<Matcher>> samplesByQueue = new LinkedHashMap<>();
    samples.forEach(
        sample ->
            samplesByQueue.computeIfAbsent(sample.group(2), q -> new ArrayList<>()).add(sample));
    HistogramSnapshot.Builder builder = HistogramSnapshot.builder().name(name).help(help);
    samplesByQueue.forEach((queue, own) -> builder.dataPoint(histogramPoint(queue, own)));
    return builder.build();
  }

  private static HistogramSnapshot.HistogramDataPointSnapshot histogramPoint(
      String queue, List<Matcher> samples) {
    HistogramSnapshot.HistogramDataPointSnapshot.Builder point =
        HistogramSnapshot.HistogramDataPointSnapshot.builder().labels(Labels.of("name", queue));
    ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
    long before = 0;
    for (Matcher sample : samples) {
      if (sample.group(3) != null) {
        long upTo = Long.parseLong(sample.group(4));
        buckets.bucket(wholeNanos(sample.group(3)), upTo - before);
        before = upTo;
      } else if (sample.group(1).endsWith("_sum")) {
        point.sum(Double.parseDouble(sample.group(4)));
      }
    }
    return point.classicHistogramBuckets(buckets.build()).build();
  }

  private static double wholeNanos(String bound) {
    return bound.equals("+Inf")
        ? Double.POSITIVE_INFINITY
        : Math.rint(Double.parseDouble(bound) * 1e9) / 1e9;
  }
}
