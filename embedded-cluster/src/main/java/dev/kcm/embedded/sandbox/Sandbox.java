package dev.kcm.embedded.sandbox;

import dev.kcm.embedded.boot.EmbeddedCluster;
import dev.kcm.embedded.nodes.NodeSettings;
import dev.kcm.embedded.ui.UiServer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A running sandbox: the cluster in this process, the managers beside it. */
final class Sandbox implements AutoCloseable {

  private static final String ADDRESS = "127.0.0.1";

  private static final Duration START = Duration.ofMinutes(3);

  private final SandboxOptions options;
  private final EmbeddedCluster cluster;
  private final UiServer ui;
  private final Kube kube;
  private final Managers managers;

  private Sandbox(SandboxOptions options, EmbeddedCluster cluster, UiServer ui) {
    this.options = options;
    this.cluster = cluster;
    this.ui = ui;
    this.kube = new Kube(cluster.url(), cluster.pki().clientContext(cluster.pki().admin()));
    this.managers = new Managers(processes(options), kube);
  }

  /** Starts the cluster; the managers come with {@link #startManagers()}. */
  static Sandbox start(SandboxOptions options) throws IOException {
    Path data = options.dataDir();
    EmbeddedCluster cluster = startCluster(options);
    cluster.pki().writeKubeconfigs(data, cluster.url());
    try {
      return new Sandbox(options, cluster, UiServer.start(cluster.server(), options.uiPort()));
    } catch (IOException e) {
      cluster.close();
      throw new IOException(
          "--ui-port: cannot listen on %s:%d: %s"
              .formatted(ADDRESS, options.uiPort(), e.getMessage()),
          e);
    }
  }

  private static EmbeddedCluster startCluster(SandboxOptions options) throws IOException {
    try {
      EmbeddedCluster.Builder builder =
          EmbeddedCluster.builder()
              .bindAddress(ADDRESS)
              .port(options.apiserverPort())
              .nodes(nodes(options))
              .pkiDir(options.dataDir().resolve("pki"));
      return (options.keep() ? builder.storeFile(options.dataDir().resolve("objects.mv")) : builder)
          .start();
    } catch (IOException e) {
      throw new IOException(
          "--apiserver-port: cannot listen on %s:%d: %s"
              .formatted(ADDRESS, options.apiserverPort(), e.getMessage()),
          e);
    }
  }

  /** In the demo a node is lost, and nobody wants to wait for a minute until it is noticed. */
  private static NodeSettings nodes(SandboxOptions options) {
    NodeSettings usual = NodeSettings.of(options.nodes());
    return options.demo() ? usual.withLeaseRenewal(NodeDemo.GRACE.dividedBy(4)) : usual;
  }

  private static List<String> demoFlags(SandboxOptions options) {
    return options.demo()
        ? List.of("--node-monitor-grace-period=" + NodeDemo.GRACE.toSeconds() + "s")
        : List.of();
  }

  private static List<ManagerProcess> processes(SandboxOptions options) {
    Path data = options.dataDir().toAbsolutePath();
    List<ManagerProcess> processes = new ArrayList<>();
    for (int i = 0; i < options.managers(); i++) {
      processes.add(
          new ManagerProcess(
              options.launcher(),
              data,
              data.resolve("kube-controller-manager.kubeconfig"),
              options.managerPort() + i,
              demoFlags(options)));
    }
    return processes;
  }

  /**
   * Starts the managers and waits for a leader.
   *
   * @throws IOException when a manager cannot be started, ends, or none leads in time
   */
  void startManagers() throws IOException, InterruptedException {
    for (ManagerProcess manager : managers.all()) {
      manager.start();
    }
    if (managers.all().isEmpty()) {
      return;
    }
    Waiting.Seen<Optional<ManagerProcess>> leader =
        Waiting.until(START, this::leaderOfLiving, Optional::isPresent);
    if (!leader.held()) {
      throw new IOException(
          "no manager leads after %s; see %s"
              .formatted(Protocol.seconds(leader.after()), managers.all().get(0).log()));
    }
  }

  private Optional<ManagerProcess> leaderOfLiving() throws IOException, InterruptedException {
    for (ManagerProcess manager : managers.all()) {
      if (!manager.isAlive()) {
        throw new IOException(
            "the manager on port %d ended with exit code %s; see %s"
                .formatted(
                    manager.port(),
                    manager.exitCode().isPresent() ? manager.exitCode().getAsInt() : "?",
                    manager.log()));
      }
    }
    return managers.leader();
  }

  /** Walks through the promises; true when all held. */
  boolean demo(PrintStream out) throws IOException, InterruptedException {
    out.println("watch it at " + ui.url());
    Protocol protocol = new Protocol(out);
    LeadershipDemo leadership = new LeadershipDemo(protocol, kube, managers);
    leadership.looks();
    // What takes a while goes on beside the steps between.
    ObjectsDemo objects = new ObjectsDemo(protocol, kube);
    objects.begin();
    JoiningDemo joining = new JoiningDemo(protocol, kube, managers, this::as);
    joining.begin();
    new ReplicationDemo(protocol, kube).run();
    objects.run();
    new NodeDemo(protocol, kube, cluster::stopNode, cluster::startNode)
        .run(List.copyOf(cluster.nodeNames()));
    joining.run();
    leadership.stopsAndKills();
    return protocol.finish();
  }

  /** Runs the command of the options with this process's streams; returns its exit code. */
  int exec() throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(options.command()).inheritIO();
    builder
        .environment()
        .put(
            "KUBECONFIG",
            options.dataDir().resolve("admin.kubeconfig").toAbsolutePath().toString());
    builder.environment().put("SANDBOX_UI", ui.url().toString());
    Process process = builder.start();
    try {
      return process.waitFor();
    } finally {
      process.destroy();
    }
  }

  /** Says what runs and what to try, then tells what happens until the process is asked to end. */
  void show(PrintStream out) throws InterruptedException {
    Path data = options.dataDir();
    out.println("API server          " + cluster.url() + "   nodes: " + options.nodes());
    Optional<ManagerProcess> leader = managers.leader();
    for (ManagerProcess manager : managers.all()) {
      out.printf(
          "manager             https://%s   %s   log: %s%n",
          manager,
          leader.filter(manager::equals).isPresent() ? "leader " : "standby",
          data.resolve("logs").resolve(manager.log().getFileName()));
    }
    out.println("see it live         " + ui.url());
    out.println();
    out.println("Try in another terminal:");
    out.println("  export KUBECONFIG=" + data.resolve("admin.kubeconfig"));
    out.println("  kubectl get nodes");
    out.println("  kubectl create -f docs/examples/rc.json && kubectl get rc,pods");
    out.println("  kubectl scale rc nginx-rc --replicas=5");
    out.println("  kubectl create -f docs/examples/crash-loop.yaml");
    out.println("  kubectl annotate node node-1 sandbox.kcm.dev/stopped=true   # and stopped-");
    out.println("  kubectl -n kube-system get lease kube-controller-manager -o yaml");
    if (!managers.all().isEmpty()) {
      String pki = data.resolve("pki").toString();
      out.printf(
          "  curl --cacert %s/ca.pem https://127.0.0.1:%d/healthz%n", pki, options.managerPort());
      out.printf(
          "  curl --cacert %1$s/ca.pem --cert %1$s/admin.pem --key %1$s/admin-key.pem"
              + " https://127.0.0.1:%2$d/metrics%n",
          pki, options.managerPort());
    }
    out.println();
    out.println("sandbox ready");
    new Narrator(kube, out).start();
    new CountDownLatch(1).await();
  }

  /** The API server as somebody with a token sees it. */
  private Kube as(String token) {
    return new Kube(cluster.url(), cluster.pki().anonymousContext(), token);
  }

  /** Ends the managers, all at once, then the cluster. */
  @Override
  public void close() {
    managers.all().forEach(ManagerProcess::terminate);
    managers.all().forEach(ManagerProcess::close);
    ui.close();
    cluster.close();
  }
}
