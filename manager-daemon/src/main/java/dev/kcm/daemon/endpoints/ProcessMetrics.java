package dev.kcm.daemon.endpoints;

import dev.kcm.core.time.WallClock;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * The {@code process_*} series that dashboards read, taken from {@code /proc/self} at each scrape;
 * and {@code go_goroutines}, which dashboards read too, as the number of live threads.
 */
public final class ProcessMetrics {

  private static final Path SELF = Path.of("/proc/self");

  /** Page size of every supported platform. */
  private static final long PAGE = 4096;

  /** What the original shows where memory is not limited: two to the power of 64. */
  private static final double NO_LIMIT = 0x1p64;

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
    Gauge.builder("process_max_fds", () -> limit("Max open files", Double.MAX_VALUE))
        .description("Maximum number of open file descriptors.")
        .register(registry);
    Gauge.builder("process_virtual_memory_max_bytes", () -> limit("Max address space", NO_LIMIT))
        .description("Maximum amount of virtual memory available in bytes.")
        .register(registry);
    network(
        registry,
        "receive",
        "Number of bytes received by the process over the network.",
        "InOctets");
    network(
        registry, "transmit", "Number of bytes sent by the process over the network.", "OutOctets");
    double started = seconds(Duration.between(Instant.EPOCH, started(clock)));
    Gauge.builder("process_start_time_seconds", () -> started)
        .description("Start time of the process since unix epoch in seconds.")
        .register(registry);
    threads(registry, "go_goroutines", "Number of threads that currently exist.");
    threads(registry, "go_threads", "Number of OS threads created.");
  }

  private static void threads(MeterRegistry registry, String name, String help) {
    Gauge.builder(name, () -> ManagementFactory.getThreadMXBean().getThreadCount())
        .description(help)
        .register(registry);
  }

  private static void network(MeterRegistry registry, String way, String help, String column) {
    FunctionCounter.builder(
            "process_network_" + way + "_bytes_total", SELF, path -> networkBytes(column))
        .description(help)
        .register(registry);
  }

  /** What the network name space of the process has moved; the kernel counts no other way. */
  private static double networkBytes(String column) {
    try (Stream<String> lines =
        Files.lines(SELF.resolve("net/netstat"), StandardCharsets.US_ASCII)) {
      List<String> table = lines.filter(line -> line.startsWith("IpExt:")).toList();
      int at = List.of(table.get(0).split(" ", -1)).indexOf(column);
      return Double.parseDouble(table.get(1).split(" ", -1)[at]);
    } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
      return Double.NaN;
    }
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

  /** A soft limit as the kernel tells it. */
  private static double limit(String name, double unlimited) {
    try (Stream<String> lines = Files.lines(SELF.resolve("limits"), StandardCharsets.US_ASCII)) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(name.length()).strip().split(" +", -1)[0])
          .mapToDouble(soft -> soft.equals("unlimited") ? unlimited : Double.parseDouble(soft))
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException | UncheckedIOException | NumberFormatException e) {
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
