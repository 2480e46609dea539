package dev.kcm.embedded.sandbox;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the command line of the sandbox asks for.
 *
 * @param demo whether to walk through the promises and end
 * @param dataDir where certificates, kubeconfigs and logs go
 * @param keep whether objects go there, too, and come back
 * @param apiserverPort port of the API server
 * @param managerPort port of the first manager; the others take the next ones
 * @param uiPort port of the page that shows the cluster, 0 for a free one
 * @param nodes number of simulated nodes
 * @param managers number of manager processes
 * @param launcher the program to start as a manager
 * @param command program and words to run against the sandbox, which ends with it; empty for none
 */
record SandboxOptions(
    boolean demo,
    Path dataDir,
    boolean keep,
    int apiserverPort,
    int managerPort,
    int uiPort,
    int nodes,
    int managers,
    Path launcher,
    List<String> command) {

  static final String USAGE =
      """
      Usage: ./sandbox [options] [demo | exec PROGRAM [WORDS ...]]

      Starts a Kubernetes API server with simulated nodes in one process, and several
      kube-controller-manager processes beside it. Ctrl-C ends all of them.

        demo                   walk through what the managers promise, then end; exit code 0 only
                               if all of it holds
        exec PROGRAM ...       run a program with KUBECONFIG and SANDBOX_UI (the address of
                               the page) set, then end with its exit code
        --data-dir DIR         all objects, certificates, kubeconfigs and logs; the cluster goes on
                               where it ended (default: objects in memory, the others in
                               sandbox-data; the demo never keeps objects)
        --apiserver-port N     port of the API server (default 6443)
        --manager-port N       port of the first manager, the others take the next (default 10257)
        --ui-port N            port of the page that shows the cluster, 0 for a free one
                               (default 6444)
        --nodes N              simulated nodes, 0 to 1000 (default 3)
        --managers N           kube-controller-manager processes, 0 to 9 (default 3)
        --help                 this text
      """;

  /** What a command line turned out to be: options, a wish for help, or a list of problems. */
  record Outcome(Optional<SandboxOptions> options, boolean help, List<String> problems) {}

  /**
   * Reads a command line.
   *
   * @param args the words behind the program's name
   * @param launcher the program to start as a manager
   */
  static Outcome parse(List<String> args, Path launcher) {
    Parser parser = new Parser();
    parser.read(args);
    if (parser.help) {
      return new Outcome(Optional.empty(), true, List.of());
    }
    parser.check();
    return parser.problems.isEmpty()
        ? new Outcome(Optional.of(parser.options(launcher)), false, List.of())
        : new Outcome(Optional.empty(), false, List.copyOf(parser.problems));
  }

  /** Confined to the thread that parses. */
  private static final class Parser {

    private final List<String> problems = new ArrayList<>();
    private boolean help;
    private boolean demo;
    private boolean keep;
    private Path dataDir = Path.of("sandbox-data");
    private int apiserverPort = 6443;
    private int managerPort = 10257;
    private int uiPort = 6444;
    private int nodes = 3;
    private int managers = 3;
    private List<String> command = List.of();

    private void read(List<String> args) {
      for (int i = 0; i < args.size(); i++) {
        String word = args.get(i);
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        switch (name) {
          case "demo" -> demo = true;
          case "exec" -> {
            command = List.copyOf(args.subList(i + 1, args.size()));
            if (command.isEmpty()) {
              problems.add("exec needs a program to run");
            }
            return;
          }
          case "--help", "-h" -> help = true;
          case "--data-dir",
              "--apiserver-port",
              "--manager-port",
              "--ui-port",
              "--nodes",
              "--managers" -> {
            if (equals < 0 && i + 1 == args.size()) {
              problems.add(name + " needs a value");
            } else {
              set(name, equals < 0 ? args.get(++i) : word.substring(equals + 1));
            }
          }
          default ->
              problems.add(
                  "unknown word \"%s\"; allowed: demo, exec and the options of --help"
                      .formatted(word));
        }
      }
    }

    private void set(String name, String value) {
      switch (name) {
        case "--data-dir" -> {
          dataDir = Path.of(value);
          keep = true;
        }
        case "--apiserver-port" -> apiserverPort = number(name, value, 1, 65535);
        case "--manager-port" -> managerPort = number(name, value, 1, 65535);
        case "--ui-port" -> uiPort = number(name, value, 0, 65535);
        case "--nodes" -> nodes = number(name, value, 0, 1000);
        default -> managers = number(name, value, 0, 9);
      }
    }

    private int number(String name, String value, int least, int most) {
      try {
        int number = Integer.parseInt(value);
        if (number >= least && number <= most) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Reported below, with what is allowed.
      }
      problems.add(
          "%s: \"%s\" is not a whole number from %d to %d".formatted(name, value, least, most));
      return least;
    }

    private void check() {
      if (managerPort + managers - 1 > 65535) {
        problems.add(
            "--manager-port: %d managers do not fit above port %d, allowed: up to 65535"
                .formatted(managers, managerPort));
      }
      if (apiserverPort >= managerPort && apiserverPort < managerPort + managers) {
        problems.add(
            "--apiserver-port: %d is one of the managers' ports %d to %d"
                .formatted(apiserverPort, managerPort, managerPort + managers - 1));
      }
      boolean ofManagers = uiPort >= managerPort && uiPort < managerPort + managers;
      if (ofManagers || uiPort == apiserverPort) {
        problems.add("--ui-port: %d is the port of something else here".formatted(uiPort));
      }
      if (demo && !command.isEmpty()) {
        problems.add("demo and exec exclude each other");
      }
      if (demo && managers < 3) {
        problems.add("--managers: the demo needs 3 or more, not " + managers);
      }
      if (demo && nodes < 1) {
        problems.add("--nodes: the demo needs 1 or more, not " + nodes);
      }
    }

    private SandboxOptions options(Path launcher) {
      return new SandboxOptions(
          demo,
          dataDir,
          keep && !demo,
          apiserverPort,
          managerPort,
          uiPort,
          nodes,
          managers,
          launcher,
          command);
    }
  }
}
