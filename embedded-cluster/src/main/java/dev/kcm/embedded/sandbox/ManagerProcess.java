package dev.kcm.embedded.sandbox;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One {@code kube-controller-manager} process with the flags of an ordinary systemd unit.
 *
 * <p>Confined to the thread that uses it, but for {@link #close()}, which the shutdown hook calls.
 */
final class ManagerProcess implements AutoCloseable {

  private final Path launcher;
  private final Path pki;
  private final Path kubeconfig;
  private final Path log;
  private final int port;
  private final List<String> moreFlags;
  private volatile @Nullable Process process;

  ManagerProcess(Path launcher, Path dataDir, Path kubeconfig, int port, List<String> moreFlags) {
    this.launcher = launcher;
    this.pki = dataDir.resolve("pki");
    this.kubeconfig = kubeconfig;
    this.log = dataDir.resolve("logs").resolve("kube-controller-manager-" + port + ".log");
    this.port = port;
    this.moreFlags = List.copyOf(moreFlags);
  }

  /** The HTTPS port, which also names the manager. */
  int port() {
    return port;
  }

  /** The file its output goes to; it grows over restarts. */
  Path log() {
    return log;
  }

  /**
   * Starts the process.
   *
   * @param overriding flags of this run alone, behind all others
   */
  void start(String... overriding) throws IOException {
    Files.createDirectories(log.getParent());
    List<String> command = new ArrayList<>();
    command.add(launcher.toString());
    command.addAll(flags());
    command.addAll(moreFlags);
    command.addAll(List.of(overriding));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .redirectInput(new File("/dev/null"))
            .start();
  }

  private List<String> flags() {
    return List.of(
        "--bind-address=127.0.0.1",
        "--secure-port=" + port,
        "--profiling",
        "--cluster-name=kubernetes",
        "--controllers=*,bootstrapsigner,tokencleaner",
        "--kube-api-qps=1000",
        "--kube-api-burst=2000",
        "--leader-elect=true",
        "--concurrent-service-syncs=2",
        "--tls-cert-file=" + pki.resolve("kube-controller-manager.pem"),
        "--tls-private-key-file=" + pki.resolve("kube-controller-manager-key.pem"),
        "--authentication-kubeconfig=" + kubeconfig,
        "--client-ca-file=" + pki.resolve("ca.pem"),
        "--requestheader-allowed-names=\"aggregator\"",
        "--requestheader-client-ca-file=" + pki.resolve("ca.pem"),
        "--requestheader-extra-headers-prefix=\"X-Remote-Extra-\"",
        "--requestheader-group-headers=X-Remote-Group",
        "--requestheader-username-headers=X-Remote-User",
        "--authorization-kubeconfig=" + kubeconfig,
        "--cluster-signing-cert-file=" + pki.resolve("ca.pem"),
        "--cluster-signing-key-file=" + pki.resolve("ca-key.pem"),
        "--cluster-signing-duration=876000h",
        "--horizontal-pod-autoscaler-sync-period=10s",
        "--concurrent-deployment-syncs=10",
        "--concurrent-gc-syncs=30",
        "--allocate-node-cidrs",
        "--cluster-cidr=" + NodeDemo.CLUSTER_CIDR,
        "--node-cidr-mask-size=24",
        "--service-cluster-ip-range=10.0.0.0/24",
        "--pod-eviction-timeout=6m",
        "--terminated-pod-gc-threshold=10",
        "--root-ca-file=" + pki.resolve("ca.pem"),
        "--service-account-private-key-file=" + pki.resolve("sa.key"),
        "--kubeconfig=" + kubeconfig,
        "--v=2");
  }

  boolean isAlive() {
    Process current = process;
    return current != null && current.isAlive();
  }

  /** The exit code of the last run; empty while it runs. */
  OptionalInt exitCode() {
    Process current = process;
    return current == null || current.isAlive()
        ? OptionalInt.empty()
        : OptionalInt.of(current.exitValue());
  }

  /** Sends SIGTERM. */
  void terminate() {
    Process current = process;
    if (current != null) {
      current.destroy();
    }
  }

  /** Sends SIGKILL. */
  void kill() {
    Process current = process;
    if (current != null) {
      current.destroyForcibly();
    }
  }

  /** Waits for the end; false when the time-out came first. */
  boolean awaitEnd(Duration timeout) throws InterruptedException {
    Process current = process;
    return current == null || current.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** How many lines of the log hold a text. */
  long logged(String text) {
    try (Stream<String> lines = Files.lines(log, StandardCharsets.UTF_8)) {
      return lines.filter(line -> line.contains(text)).count();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + log, e);
    }
  }

  /** Ends the process, politely for ten seconds. */
  @Override
  public void close() {
    terminate();
    try {
      if (!awaitEnd(Duration.ofSeconds(10))) {
        kill();
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return "127.0.0.1:" + port;
  }
}
