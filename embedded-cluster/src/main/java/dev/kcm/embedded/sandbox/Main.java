package dev.kcm.embedded.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Command line of the sandbox. */
public final class Main {

  private Main() {}

  /**
   * Runs the sandbox.
   *
   * @param args the program to start as a manager, then the user's words
   */
  public static void main(String[] args) {
    System.setProperty("logback.configurationFile", "dev/kcm/embedded/boot/logback.xml");
    List<String> words = List.of(args);
    SandboxOptions.Outcome outcome =
        SandboxOptions.parse(words.subList(1, words.size()), Path.of(words.get(0)));
    if (outcome.help()) {
      System.out.print(SandboxOptions.USAGE);
      return;
    }
    if (outcome.options().isEmpty()) {
      outcome.problems().forEach(problem -> System.err.println("sandbox: " + problem));
      System.exit(1);
    }
    System.exit(run(outcome.options().get()));
  }

  private static int run(SandboxOptions options) {
    try (Sandbox sandbox = Sandbox.start(options)) {
      closeOnSignal(sandbox);
      sandbox.startManagers();
      if (options.demo()) {
        return sandbox.demo(System.out) ? 0 : 1;
      }
      if (!options.command().isEmpty()) {
        return sandbox.exec();
      }
      sandbox.show(System.out);
      return 0;
    } catch (IOException | RuntimeException e) {
      System.err.println("sandbox: " + e.getMessage());
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  /** Closing twice does no harm. */
  private static void closeOnSignal(Sandbox sandbox) {
    Runtime.getRuntime().addShutdownHook(new Thread(sandbox::close, "shutdown"));
  }
}
