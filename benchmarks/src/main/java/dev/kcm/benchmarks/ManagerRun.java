package dev.kcm.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One {@code kube-controller-manager} process with all its controllers, and what the kernel says of
 * it. Confined to the thread that uses it.
 */
final class ManagerRun implements AutoCloseable {

  /** The kernel counts CPU time in hundredths of a second, on every Linux since 2.6. */
  private static final long NANOS_PER_TICK = 10_000_000;

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Process process;
  private final Path log;
  private final long startedAt;

  private ManagerRun(Process process, Path log, long startedAt) {
    this.process = process;
    this.log = log;
    this.startedAt = startedAt;
  }

  /**
   * Starts it.
   *
   * @param launcher the script
   * @param javaHome what to run it on
   * @param data where the cluster wrote certificates and kubeconfigs
   * @param port its HTTPS port
   * @param more further flags
   */
  static ManagerRun start(Path launcher, Path javaHome, Path data, int port, List<String> more)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(launcher.toString());
    command.addAll(flags(data, port));
    command.addAll(more);
    Path log = data.resolve("manager-" + port + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("KCM_JAVA_HOME", javaHome.toString());
    long now = System.nanoTime();
    return new ManagerRun(builder.start(), log, now);
  }

  private static List<String> flags(Path data, int port) {
    Path pki = data.resolve("pki");
    Path kubeconfig = data.resolve("kube-controller-manager.kubeconfig");
    return List.of(
        "--kubeconfig=" + kubeconfig,
        "--authentication-kubeconfig=" + kubeconfig,
        "--authorization-kubeconfig=" + kubeconfig,
        "--client-ca-file=" + pki.resolve("ca.pem"),
        "--requestheader-client-ca-file=" + pki.resolve("ca.pem"),
        "--tls-cert-file=" + pki.resolve("kube-controller-manager.pem"),
        "--tls-private-key-file=" + pki.resolve("kube-controller-manager-key.pem"),
        "--root-ca-file=" + pki.resolve("ca.pem"),
        "--service-account-private-key-file=" + pki.resolve("sa.key"),
        "--cluster-signing-cert-file=" + pki.resolve("ca.pem"),
        "--cluster-signing-key-file=" + pki.resolve("ca-key.pem"),
        "--bind-address=127.0.0.1",
        "--secure-port=" + port,
        "--controllers=*,bootstrapsigner,tokencleaner",
        "--allocate-node-cidrs",
        "--cluster-cidr=10.244.0.0/16",
        "--leader-elect=true",
        "--v=2");
  }

  /** Milliseconds from the start to a moment of {@link System#nanoTime}. */
  double millisTo(long nanos) {
    return (nanos - startedAt) / 1e6;
  }

  /** Resident memory in MiB, pages shared with others included. */
  double residentMib() throws IOException {
    return kib("status", "VmRSS:") / 1024.0;
  }

  /** Resident memory in MiB; a page that n processes share counts as an n-th. */
  double proportionalMib() throws IOException {
    return kib("smaps_rollup", "Pss:") / 1024.0;
  }

  long threads() throws IOException {
    return kib("status", "Threads:");
  }

  private long kib(String file, String name) throws IOException {
    for (String line : Files.readAllLines(proc(file))) {
      if (line.startsWith(name)) {
        return Long.parseLong(line.substring(name.length()).replace("kB", "").strip());
      }
    }
    throw new IOException("no " + name + " in " + proc(file));
  }

  /** CPU time that the process has used, in nanoseconds. */
  long cpuNanos() throws IOException {
    String stat = Files.readString(proc("stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * NANOS_PER_TICK;
  }

  private Path proc(String file) throws IOException {
    if (!process.isAlive()) {
      throw new IOException("the manager ended with " + process.exitValue() + "; see " + log);
    }
    return Path.of("/proc", Long.toString(process.pid()), file);
  }

  /** Ends it by SIGTERM and returns the milliseconds that took. */
  double stop() throws InterruptedException {
    long begin = System.nanoTime();
    process.destroy();
    if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("the manager goes on after SIGTERM; see " + log);
    }
    return (System.nanoTime() - begin) / 1e6;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
