package dev.kcm.daemon.endpoints;

import dev.kcm.core.time.WallClock;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * The {@code process_*} series that dashboards read, taken from {@code /proc/self} at each scrape;
 * and {@code go_goroutines}, which dashboards read too, as the number of live threads.
 */
public final class ProcessMetrics {

  private static final Path SELF = Path.of("/proc/self");

  /** Page size of every supported platform. */
  private static final long PAGE = 4096;

  private ProcessMetrics() {}

  /** Registers the series. Where there is no {@code /proc}, those that need it show NaN. */
  public static void bind(MeterRegistry registry, WallClock clock) {
    FunctionCounter.builder("process_cpu_seconds_total", SELF, path -> cpuSeconds())
        .description("Total user and system CPU time spent in seconds.")
        .register(registry);
    gauge(registry, "process_resident_memory_bytes", "Resident memory size in bytes.", 1);
    gauge(registry, "process_virtual_memory_bytes", "Virtual memory size in bytes.", 0);
    Gauge.builder("process_open_fds", ProcessMetrics::openFiles)
        .description("Number of open file descriptors.")
        .register(registry);
    Gauge.builder("process_max_fds", ProcessMetrics::maxFiles)
        .description("Maximum number of open file descriptors.")
        .register(registry);
    double started = seconds(Duration.between(Instant.EPOCH, started(clock)));
    Gauge.builder("process_start_time_seconds", () -> started)
        .description("Start time of the process since unix epoch in seconds.")
        .register(registry);
    Gauge.builder("go_goroutines", () -> ManagementFactory.getThreadMXBean().getThreadCount())
        .description("Number of threads that currently exist.")
        .register(registry);
  }

  private static void gauge(MeterRegistry registry, String name, String help, int field) {
    Gauge.builder(name, () -> pages(field) * PAGE).description(help).register(registry);
  }

  private static double pages(int field) {
    try {
      String statm = Files.readString(SELF.resolve("statm"), StandardCharsets.US_ASCII);
      return Long.parseLong(statm.split(" ", -1)[field]);
    } catch (IOException | NumberFormatException e) {
      return Double.NaN;
    }
  }

  private static double cpuSeconds() {
    return ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .map(ProcessMetrics::seconds)
        .orElse(Double.NaN);
  }

  private static double openFiles() {
    try (Stream<Path> files = Files.list(SELF.resolve("fd"))) {
      return files.count();
    } catch (IOException e) {
      return Double.NaN;
    }
  }

  private static double maxFiles() {
    try (Stream<String> lines = Files.lines(SELF.resolve("limits"), StandardCharsets.US_ASCII)) {
      return lines
          .filter(line -> line.startsWith("Max open files"))
          .map(line -> line.substring("Max open files".length()).strip().split(" +", -1)[0])
          .mapToDouble(
              soft -> soft.equals("unlimited") ? Double.MAX_VALUE : Double.parseDouble(soft))
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException | NumberFormatException e) {
      return Double.NaN;
    }
  }

  /** When the process started. */
  public static Instant started(WallClock clock) {
    return ProcessHandle.current().info().startInstant().orElseGet(clock::now);
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
