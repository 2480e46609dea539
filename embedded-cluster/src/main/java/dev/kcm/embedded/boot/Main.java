package dev.kcm.embedded.boot;

import dev.kcm.embedded.pki.PkiException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Runs an embedded cluster until the process is told to stop. */
public final class Main {

  private static final String LOGGING = "logback.configurationFile";

  private Main() {}

  /**
   * Starts the cluster, says where it listens, and stays until SIGTERM or SIGINT.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String[] arguments) throws InterruptedException {
    if (System.getProperty(LOGGING) == null) {
      System.setProperty(LOGGING, "dev/kcm/embedded/boot/logback.xml");
    }
    CountDownLatch stopped = new CountDownLatch(1);
    int code = run(List.of(arguments), System.out, System.err, stopped);
    if (code != 0 || stopped.getCount() == 0) {
      System.exit(code);
    }
    stopped.await();
  }

  /**
   * Starts the cluster.
   *
   * @param stopped counted down when nothing is left to wait for
   * @return exit code, 0 when the cluster runs or the help was shown
   */
  static int run(List<String> arguments, PrintStream out, PrintStream err, CountDownLatch stopped) {
    Options.Parsed parsed = Options.parse(arguments);
    if (parsed.options().isEmpty()) {
      parsed.problems().forEach(problem -> err.println("error: " + problem));
      err.println("See --help.");
      return 1;
    }
    Options options = parsed.options().get();
    if (options.help()) {
      out.print(Options.HELP);
      stopped.countDown();
      return 0;
    }
    return start(options, out, err);
  }

  private static int start(Options options, PrintStream out, PrintStream err) {
    try {
      EmbeddedCluster.Builder builder =
          EmbeddedCluster.builder()
              .bindAddress(options.bindAddress())
              .port(options.port())
              .nodes(options.nodes())
              .pkiDir(options.dataDir())
              .authorization(options.authorization());
      if (options.keep()) {
        builder.storeFile(options.dataDir().resolve("objects.mv"));
      }
      EmbeddedCluster cluster = builder.start();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(cluster), "shutdown"));
      out.println("API server ready on " + cluster.url());
      out.flush();
      return 0;
    } catch (IOException e) {
      err.printf(
          "error: --bind-address \"%s\" --port \"%d\": cannot listen there: %s; choose a free port,"
              + " or 0 for any, and an address of this machine%n",
          options.bindAddress(), options.port(), reason(e));
    } catch (PkiException | UncheckedIOException e) {
      err.printf("error: --data-dir \"%s\": %s%n", options.dataDir(), e.getMessage());
    }
    return 1;
  }

  private static String reason(IOException e) {
    return e instanceof java.net.UnknownHostException || e.getMessage() == null
        ? "unknown address"
        : e.getMessage();
  }

  /** Ends with exit code 0: a stop by signal is the regular end of this program. */
  private static void stop(EmbeddedCluster cluster) {
    cluster.close();
    Runtime.getRuntime().halt(0);
  }
}
