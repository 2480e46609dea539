package dev.kcm.embedded.boot;

import dev.kcm.embedded.access.AuthorizationMode;
import dev.kcm.embedded.nodes.NodeSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The command line.
 *
 * @param bindAddress address to listen on
 * @param port port to listen on
 * @param nodes number of simulated nodes
 * @param dataDir where certificates and kubeconfigs are kept
 * @param keep whether objects are kept there, too
 * @param authorization who decides about requests
 * @param help whether only the help is wanted
 */
record Options(
    String bindAddress,
    int port,
    int nodes,
    Path dataDir,
    boolean keep,
    AuthorizationMode authorization,
    boolean help) {

  static final String HELP =
      """
      Runs a Kubernetes API server with simulated nodes in one process.

      Usage:
        embedded-cluster [flags]

      Flags:
        --bind-address string   IP address or host name to listen on (default 127.0.0.1)
        --port int              port to listen on, 0 for a free one (default 6443)
        --nodes int             number of simulated nodes, 0 to %d (default 3)
        --data-dir string       directory for all objects, certificates and kubeconfigs, made when
                                missing (default: objects in memory, the others in sandbox-data)
        --authorization-mode    Components: components of the cluster may do everything, others
                                what roles allow; RBAC: roles only; AlwaysAllow
                                (default Components)
        --help                  show this text and exit
      """
          .formatted(NodeSettings.MAX_COUNT);

  private static final List<String> NAMES =
      List.of("bind-address", "port", "nodes", "data-dir", "authorization-mode");

  private static final Map<String, AuthorizationMode> MODES =
      Map.of(
          "Components", AuthorizationMode.COMPONENTS,
          "RBAC", AuthorizationMode.RBAC,
          "AlwaysAllow", AuthorizationMode.ALWAYS_ALLOW);

  /** What came of reading a command line: options, or all that is wrong with it. */
  record Parsed(Optional<Options> options, List<String> problems) {

    Parsed {
      problems = List.copyOf(problems);
    }
  }

  static Parsed parse(List<String> arguments) {
    Reader reader = new Reader();
    reader.read(arguments);
    String bindAddress = reader.text("bind-address", "127.0.0.1");
    int port = reader.number("port", 6443, 65_535);
    int nodes = reader.number("nodes", 3, NodeSettings.MAX_COUNT);
    String dataDir = reader.text("data-dir", "sandbox-data");
    AuthorizationMode mode = reader.mode();
    return reader.problems.isEmpty() || reader.help
        ? new Parsed(
            Optional.of(
                new Options(
                    bindAddress,
                    port,
                    nodes,
                    Path.of(dataDir),
                    reader.values.containsKey("data-dir"),
                    mode,
                    reader.help)),
            List.of())
        : new Parsed(Optional.empty(), reader.problems);
  }

  /** Collects values and problems. Confined to one thread. */
  private static final class Reader {

    private final Map<String, String> values = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    private boolean help;

    void read(List<String> arguments) {
      for (int i = 0; i < arguments.size(); i++) {
        String argument = arguments.get(i);
        int equals = argument.indexOf('=');
        String name = equals < 0 ? argument : argument.substring(0, equals);
        if (argument.equals("--help") || argument.equals("-h")) {
          help = true;
        } else if (!name.startsWith("--") || !NAMES.contains(name.substring(2))) {
          problems.add(
              "\"%s\" is not an option; allowed are --%s, --help"
                  .formatted(argument, String.join(", --", NAMES)));
        } else if (equals >= 0) {
          values.put(name.substring(2), argument.substring(equals + 1));
        } else if (i + 1 < arguments.size()) {
          values.put(name.substring(2), arguments.get(++i));
        } else {
          problems.add(name + " needs a value");
        }
      }
    }

    String text(String name, String absent) {
      String value = values.getOrDefault(name, absent);
      if (value.isBlank() || value.indexOf('\0') >= 0) {
        problems.add("--%s \"%s\": must not be empty".formatted(name, value));
        return absent;
      }
      return value;
    }

    AuthorizationMode mode() {
      String value = values.getOrDefault("authorization-mode", "Components");
      AuthorizationMode mode = MODES.get(value);
      if (mode == null) {
        problems.add(
            "--authorization-mode \"%s\": must be Components, RBAC or AlwaysAllow"
                .formatted(value));
        return AuthorizationMode.COMPONENTS;
      }
      return mode;
    }

    int number(String name, int absent, int highest) {
      String value = values.getOrDefault(name, String.valueOf(absent));
      if (value.matches("[0-9]{1,9}") && Integer.parseInt(value) <= highest) {
        return Integer.parseInt(value);
      }
      problems.add("--%s \"%s\": must be a number from 0 to %d".formatted(name, value, highest));
      return absent;
    }
  }
}
