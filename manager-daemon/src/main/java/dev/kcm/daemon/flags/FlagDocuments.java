package dev.kcm.daemon.flags;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Texts about all flags that are made from their table: a manual page, a page of the documentation,
 * and completion for shells. Flags that are not listed in the help are in none but the page.
 *
 * <p><i>Immutable.</i>
 */
public final class FlagDocuments {

  private static final List<String> FILE_ENDINGS =
      List.of("-file", "kubeconfig", "-config", "-dir", "-manifest");

  private final String program;
  private final FlagTable table;

  private FlagDocuments(String program, FlagTable table) {
    this.program = program;
    this.table = table;
  }

  /** The texts about the flags of a program. */
  public static FlagDocuments of(String program, FlagTable table) {
    return new FlagDocuments(program, table);
  }

  private List<Flag<?>> listed() {
    return table.groups().stream().flatMap(group -> listed(group).stream()).toList();
  }

  private static List<Flag<?>> listed(FlagGroup group) {
    return group.flags().stream().filter(flag -> flag.lifecycle().isListed()).toList();
  }

  private static boolean takesFile(Flag<?> flag) {
    return flag.type().word().equals("string")
        && FILE_ENDINGS.stream().anyMatch(flag.name()::endsWith);
  }

  private static boolean needsValue(Flag<?> flag) {
    return flag.type().bare().isEmpty();
  }

  /** The first sentence of the help, in one line. */
  private static String summary(Flag<?> flag) {
    String text = flag.help().get().replace('\n', ' ');
    int end = text.indexOf(". ");
    return end < 0 ? text.replaceFirst("\\.$", "") : text.substring(0, end);
  }

  private static <T> String defaultOf(Flag<T> flag) {
    return flag.type().printer().apply(flag.defaultValue());
  }

  /** A page of the documentation, in Markdown. */
  public String markdown() {
    StringBuilder page =
        new StringBuilder("# Flags\n\nMade from the table of flags; a test keeps it ");
    page.append("up to date.\n");
    for (FlagGroup group : table.groups()) {
      if (!listed(group).isEmpty()) {
        page.append("\n## ")
            .append(group.name().substring(0, 1).toUpperCase(Locale.ROOT))
            .append(group.name().substring(1))
            .append("\n\n| flag | value | default | meaning |\n|---|---|---|---|\n");
        listed(group).forEach(flag -> row(page, flag));
      }
    }
    page.append(
        "\n## Flags of other releases\n\nUnderstood, not listed in the help. Each use gives one ");
    page.append("warning.\n\n| flag | what a use is answered with |\n|---|---|\n");
    for (Flag<?> flag : table.flags()) {
      if (!flag.lifecycle().isListed()) {
        page.append("| `--")
            .append(flag.name())
            .append("` | ")
            .append(cell(flag.lifecycle().warning(flag.name(), "").orElse("")))
            .append(" |\n");
      }
    }
    return page.toString();
  }

  private static void row(StringBuilder page, Flag<?> flag) {
    String printed = defaultOf(flag);
    page.append("| ")
        .append(flag.shorthand().isEmpty() ? "" : "`-" + flag.shorthand() + "`, ")
        .append("`--")
        .append(flag.name())
        .append("` | ")
        .append(flag.type().word().isEmpty() ? "true or false" : flag.type().word())
        .append(" | ")
        .append(printed.isEmpty() ? "" : "`" + cell(printed) + "`")
        .append(" | ")
        .append(cell(flag.help().get()))
        .append(" |\n");
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", "<br>");
  }

  /** The manual page, section 8, in roff. */
  public String man() {
    StringBuilder page = new StringBuilder();
    page.append(".TH ")
        .append(program.toUpperCase(Locale.ROOT))
        .append(" 8\n.SH NAME\n")
        .append(roff(program))
        .append(" \\- control loops of a Kubernetes cluster\n.SH SYNOPSIS\n.B ")
        .append(roff(program))
        .append("\n[\\fIflags\\fR]\n.SH DESCRIPTION\n")
        .append("Watches objects of the API server and acts until the cluster is as they say.\n")
        .append("One process leads, others wait; SIGTERM hands over and ends with 0.\n")
        .append(".SH OPTIONS\n");
    for (FlagGroup group : table.groups()) {
      List<Flag<?>> listed = listed(group);
      if (!listed.isEmpty()) {
        page.append(".SS ").append(roff(group.name())).append('\n');
        listed.forEach(flag -> option(page, flag));
      }
    }
    return page.append(".SH EXIT STATUS\n.TP\n.B 0\nhelp, version, or stopped by a signal\n")
        .append(".TP\n.B 1\nwrong settings, something missing at start, or lost leadership\n")
        .append(".TP\n.B 255\nthe API server refuses service accounts for controllers\n")
        .toString();
  }

  private static void option(StringBuilder page, Flag<?> flag) {
    page.append(".TP\n\\fB");
    if (!flag.shorthand().isEmpty()) {
      page.append("\\-").append(flag.shorthand()).append("\\fR, \\fB");
    }
    page.append(roff("--" + flag.name())).append("\\fR");
    if (!flag.type().word().isEmpty()) {
      page.append(" \\fI").append(roff(flag.type().word())).append("\\fR");
    }
    String printed = defaultOf(flag);
    page.append('\n').append(roff(flag.help().get()));
    if (!printed.isEmpty()) {
      page.append("\nDefault: ").append(roff(printed)).append('.');
    }
    page.append('\n');
  }

  private static String roff(String text) {
    return text.replace("\\", "\\e")
        .replace("-", "\\-")
        .lines()
        .map(line -> line.startsWith(".") || line.startsWith("'") ? "\\&" + line : line)
        .collect(Collectors.joining("\n"));
  }

  /** Completion for bash. */
  public String bash() {
    String names =
        listed().stream()
            .map(flag -> "--" + flag.name() + (needsValue(flag) ? "=" : ""))
            .collect(Collectors.joining("\n    "));
    String files =
        listed().stream()
            .filter(FlagDocuments::takesFile)
            .map(flag -> "--" + flag.name())
            .collect(Collectors.joining("|"));
    return """
        # Completion for bash. Made from the table of flags.
        _kube_controller_manager() {
          local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
          COMPREPLY=()
          if [ "$current" = "=" ]; then
            current=
          elif [ "$previous" = "=" ]; then
            previous=${COMP_WORDS[COMP_CWORD-2]}
          fi
          case $previous in
            FILES)
              compopt -o filenames
              mapfile -t COMPREPLY < <(compgen -f -- "$current")
              return
              ;;
          esac
          case $current in
            -*)
              compopt -o nospace
              mapfile -t COMPREPLY < <(compgen -W "
            NAMES
              " -- "$current")
              ;;
          esac
        }
        complete -F _kube_controller_manager PROGRAM
        """
        .replace("FILES", files)
        .replace("NAMES", names)
        .replace("PROGRAM", program);
  }

  /** Completion for zsh. */
  public String zsh() {
    return "#compdef "
        + program
        + "\n# Made from the table of flags.\n_arguments \\\n"
        + listed().stream().map(FlagDocuments::zshLine).collect(Collectors.joining(" \\\n"))
        + "\n";
  }

  private static String zshLine(Flag<?> flag) {
    String about = summary(flag).replace("'", "'\\''").replace("[", "\\[").replace("]", "\\]");
    String value =
        needsValue(flag) ? "=:" + flag.type().word() + ":" + (takesFile(flag) ? "_files" : "") : "";
    String form = needsValue(flag) ? "=" : "";
    return "  '*--"
        + flag.name()
        + form
        + "["
        + about.replace(":", "\\:")
        + "]"
        + value.replaceFirst("^=", "")
        + "'";
  }

  /** Completion for fish. */
  public String fish() {
    StringBuilder text = new StringBuilder("# Made from the table of flags.\n");
    for (Flag<?> flag : listed()) {
      text.append("complete -c ").append(program).append(" -l ").append(flag.name());
      if (!flag.shorthand().isEmpty()) {
        text.append(" -s ").append(flag.shorthand());
      }
      if (needsValue(flag)) {
        text.append(takesFile(flag) ? " -r -F" : " -x");
      } else {
        text.append(" -f");
      }
      text.append(" -d '")
          .append(summary(flag).replace("\\", "\\\\").replace("'", "\\'"))
          .append("'\n");
    }
    return text.toString();
  }
}
