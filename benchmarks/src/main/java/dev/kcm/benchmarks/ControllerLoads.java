package dev.kcm.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.kcm.benchmarks.ServedWorld.Outcome;
import dev.kcm.controllers.auth.csrsigning.CsrSigningConfig;
import dev.kcm.controllers.auth.csrsigning.CsrSigningController;
import dev.kcm.controllers.lifecycle.namespace.NamespaceConfig;
import dev.kcm.controllers.lifecycle.namespace.NamespaceController;
import dev.kcm.controllers.network.endpoints.EndpointsConfig;
import dev.kcm.controllers.network.endpoints.EndpointsController;
import dev.kcm.controllers.network.endpointslice.EndpointSliceConfig;
import dev.kcm.controllers.network.endpointslice.EndpointSliceController;
import dev.kcm.controllers.shared.certificates.Signer;
import dev.kcm.controllers.shared.pki.AuthorityFiles;
import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiClients;
import dev.kcm.core.informer.Informers;
import dev.kcm.core.informer.WatchList;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.core.manager.Manager;
import dev.kcm.core.time.Environment;
import dev.kcm.embedded.boot.EmbeddedCluster;
import dev.kcm.embedded.resource.ApiServer;
import io.fabric8.kubernetes.client.Config;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Prints how fast controllers follow much that happens at once, how often they write, and what CPU
 * time they take. The API server is another process and answers over HTTPS; the controllers'
 * clients have no rate limit, so that the controllers are measured and not their brakes.
 *
 * <p>{@code services [SERVICES PODS CHANGES SECONDS]}: endpoints and endpointslices while readiness
 * flaps, by default 1000 services of 50 pods, 100 changes a second, 30 seconds. {@code namespace
 * [OBJECTS]}: a namespace is deleted, by default with 20 000 objects. {@code csrs [NUMBER]}:
 * certificates are issued, by default 1000.
 */
final class ControllerLoads {

  private static final PrintStream OUT = System.out;
  private static final String SERVE = "serve";
  private static final int PATIENCE_SECONDS = 110;

  private ControllerLoads() {}

  public static void main(String[] args) throws Exception {
    if (args[0].equals(SERVE)) {
      serve(Path.of(args[1]), world(Arrays.copyOfRange(args, 2, args.length)));
    } else {
      var unused = run(args);
    }
    System.exit(0);
  }

  private static ServedWorld world(String... args) {
    return switch (args[0]) {
      case "services" ->
          new FlappingServices(
              number(args, 1, 1000),
              number(args, 2, 50),
              number(args, 3, 100),
              number(args, 4, 30));
      case "namespace" -> new DoomedNamespace(number(args, 1, 20_000));
      case "csrs" -> new ManySigningRequests(number(args, 1, 1000));
      default -> throw new IllegalArgumentException("services, namespace or csrs, not " + args[0]);
    };
  }

  private static int number(String[] args, int index, int otherwise) {
    return args.length > index ? Integer.parseInt(args[index]) : otherwise;
  }

  private static List<ControllerSpec> controllers(String name, Path folder) throws IOException {
    return switch (name) {
      case "services" ->
          List.of(
              EndpointsController.spec(EndpointsConfig.defaults()),
              EndpointSliceController.spec(EndpointSliceConfig.defaults()));
      case "namespace" -> List.of(NamespaceController.spec(NamespaceConfig.defaults()));
      default ->
          List.of(
              CsrSigningController.spec(
                  new CsrSigningConfig(
                      Map.of(
                          Signer.KUBELET_CLIENT,
                          AuthorityFiles.read(
                              folder.resolve("pki/ca.pem"), folder.resolve("pki/ca-key.pem"))),
                      CsrSigningConfig.DEFAULT_LONGEST)));
    };
  }

  /** The server's side: fills the world, and loads it when told to. Ends with standard input. */
  private static void serve(Path folder, ServedWorld world) throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (EmbeddedCluster cluster =
        EmbeddedCluster.builder()
            .nodes(0)
            .requestLog(100_000)
            .pkiDir(folder.resolve("pki"))
            .start()) {
      cluster.pki().writeKubeconfigs(folder, cluster.url());
      world.fill(cluster.server());
      OUT.println("filled");
      String unused = in.readLine();
      awaitSettled(world, cluster.server());
      OUT.println("settled");
      unused = in.readLine();
      Outcome outcome = world.load(cluster.server());
      OUT.println(outcome.work() + " " + outcome.text());
      unused = in.readLine();
    }
  }

  private static void awaitSettled(ServedWorld world, ApiServer server)
      throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!world.settled(server)) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("the controllers have not settled");
      }
      Thread.sleep(100);
    }
  }

  /** Returns how much was done. */
  static int run(String... args) throws Exception {
    Path folder = Files.createTempDirectory("loads");
    Process server = serverProcess(folder, args);
    try (BufferedReader said =
            new BufferedReader(
                new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
        PrintWriter say =
            new PrintWriter(
                new OutputStreamWriter(server.getOutputStream(), StandardCharsets.UTF_8), true)) {
      expect("filled", said.readLine());
      Config config = Config.fromKubeconfig(folder.resolve("admin.kubeconfig").toFile());
      try (ApiClient shared = client(config)) {
        Manager manager = manager(controllers(args[0], folder), config, shared);
        long begin = System.nanoTime();
        long cpu = processCpu();
        manager.start();
        say.println("settle");
        expect("settled", said.readLine());
        OUT.printf(
            Locale.ROOT,
            "ControllerLoads %s: start and first pass %.2f s, %.2f s of CPU time%n",
            args[0],
            (System.nanoTime() - begin) / 1e9,
            (processCpu() - cpu) / 1e9);
        cpu = processCpu();
        say.println("load");
        String line = String.valueOf(said.readLine());
        int work = Integer.parseInt(line.substring(0, Math.max(0, line.indexOf(' '))));
        OUT.printf(
            Locale.ROOT,
            "ControllerLoads %s: %s; %.2f ms of CPU time each%n",
            args[0],
            line.substring(line.indexOf(' ') + 1),
            (processCpu() - cpu) / 1e6 / work);
        var unused = manager.stop(Duration.ofSeconds(5)).join();
        return work;
      }
    } finally {
      server.destroy();
    }
  }

  private static void expect(String word, String said) {
    if (!word.equals(said)) {
      throw new IllegalStateException("the server said " + said + " and not " + word);
    }
  }

  private static Process serverProcess(Path folder, String... args) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx2g",
                "-cp",
                System.getProperty("java.class.path"),
                ControllerLoads.class.getName(),
                SERVE,
                folder.toString()));
    command.addAll(List.of(args));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static ApiClient client(Config config) {
    return ApiClients.builder(config).unlimited().build();
  }

  private static Manager manager(List<ControllerSpec> specs, Config config, ApiClient shared) {
    Environment environment = Environment.system();
    MeterRegistry meters = new SimpleMeterRegistry();
    return Manager.named("bench")
        .controllers(specs)
        .selecting(spec -> true)
        .clients(identity -> client(config))
        .informers(Informers.create(shared, environment, meters, Duration.ZERO, WatchList.OFF))
        .meters(meters)
        .create(environment);
  }

  private static long processCpu() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}
