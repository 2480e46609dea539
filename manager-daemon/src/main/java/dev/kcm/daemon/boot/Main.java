package dev.kcm.daemon.boot;

import dev.kcm.core.time.Environment;
import dev.kcm.daemon.logs.Logging;
import dev.kcm.daemon.notify.Notifier;
import dev.kcm.daemon.options.CommandLine;
import dev.kcm.daemon.options.Options;
import dev.kcm.daemon.options.ProductVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program. */
public final class Main {

  private static final Logger log = LoggerFactory.getLogger(Main.class);

  private Main() {}

  /**
   * Runs until a signal comes or leadership is lost.
   *
   * @param args flags as those of kube-controller-manager
   */
  public static void main(String[] args) {
    String columns = Optional.ofNullable(System.getenv("COLUMNS")).orElse("");
    CommandLine commandLine =
        CommandLine.of(ProductVersion.current(), CommandLine.columnsOf(columns));
    CommandLine.Result result = commandLine.parse(List.of(args));
    if (result instanceof CommandLine.Help help) {
      System.out.print(help.text());
    } else if (result instanceof CommandLine.Version version) {
      System.out.println(version.text());
    } else if (result instanceof CommandLine.Failed failed) {
      System.err.println("Error: " + failed.message());
      System.err.println(failed.hint());
      end(ExitCode.FAILED);
    } else if (result instanceof CommandLine.Parsed parsed) {
      end(run(parsed.options(), parsed.warnings()));
    }
  }

  /**
   * Gives the process the name that ps, top and pgrep show; the kernel keeps 15 characters, as it
   * does of the original's. The launcher can only set what the command line shows.
   */
  private static void nameProcess() {
    try {
      Files.writeString(Path.of("/proc/self/comm"), Daemon.NAME);
    } catch (IOException notLinux) {
      log.debug("The name of the process stays java: {}", notLinux.getMessage());
    }
  }

  private static ExitCode run(Options options, List<String> warnings) {
    if (options.checkConfig()) {
      return checked(options, warnings);
    }
    Logging logging = Logging.start(options.logs(), KubernetesNames::of);
    nameProcess();
    try {
      warnings.forEach(warning -> log.warn(warning));
      options
          .printed()
          .forEach(
              (flag, value) ->
                  log.atInfo().addKeyValue("v", 1).log("FLAG: --{}=\"{}\"", flag, value));
      return runLogged(options, logging);
    } finally {
      logging.close();
    }
  }

  /** Settings in force on standard output, what is doubtful or wrong on standard error. */
  private static ExitCode checked(Options options, List<String> warnings) {
    warnings.forEach(warning -> System.err.println("Warning: " + warning));
    options.printed().forEach((flag, value) -> System.out.println(flag + "=" + value));
    try {
      Daemon.check(options, Environment.system());
      return ExitCode.STOPPED;
    } catch (StartupException e) {
      System.err.println("Error: " + e.getMessage());
      return ExitCode.FAILED;
    }
  }

  private static ExitCode runLogged(Options options, Logging logging) {
    try {
      Environment environment = Environment.system();
      Daemon daemon =
          Daemon.start(
              options,
              environment,
              logging::setVerbosity,
              Notifier.of(System.getenv(), environment));
      Signals.onStop(daemon, logging);
      return daemon.end().join();
    } catch (StartupException e) {
      log.atError().addKeyValue("err", e.getMessage()).log("command failed");
      return ExitCode.FAILED;
    }
  }

  /**
   * Ends the process without running shutdown hooks: whoever comes here has stopped everything, or
   * must not go on for another moment.
   */
  private static void end(ExitCode code) {
    System.out.flush();
    System.err.flush();
    Runtime.getRuntime().halt(code.status());
  }
}
