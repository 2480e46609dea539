package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.FlagParser;
import dev.kcm.daemon.flags.FlagTable;
import dev.kcm.daemon.flags.HelpText;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line of the program.
 *
 * <p><i>Immutable.</i>
 */
public final class CommandLine {

  private static final String INTRODUCTION =
      """
      kube-controller-manager runs the control loops of a Kubernetes cluster. Each
      watches objects of the API server and acts until the cluster is as they say.

      Usage:
        kube-controller-manager [flags]
      """;

  private static final String HINT = "See 'kube-controller-manager --help' for all flags.";

  /** What a command line asks for. */
  public sealed interface Result {}

  /**
   * Help is wanted: print the text to standard output and end with 0.
   *
   * @param text several lines with a line break at the end
   */
  public record Help(String text) implements Result {}

  /**
   * The version is wanted: print the text to standard output and end with 0.
   *
   * @param text one line without a line break
   * @param format how it is written
   */
  public record Version(String text, Format format) implements Result {

    /** Forms of the version. */
    public enum Format {
      /** A short sentence. */
      TEXT,
      /** All fields for a reader. */
      RAW,
      /** All fields for a program. */
      JSON
    }
  }

  /**
   * Something is wrong: print it to standard error and end with 1.
   *
   * @param problems one sentence for each finding; flags that cannot be read first, then the order
   *     of the options
   * @param hint where to look
   */
  public record Failed(List<String> problems, String hint) implements Result {

    /** Copies the list. */
    public Failed {
      problems = List.copyOf(problems);
    }

    /** Returns all problems in one line: a single one as it is, several as {@code [a, b]}. */
    public String message() {
      return problems.size() == 1 ? problems.get(0) : "[" + String.join(", ", problems) + "]";
    }
  }

  /**
   * The program can start.
   *
   * @param options its settings
   * @param warnings one sentence for each doubtful setting; to be logged once
   */
  public record Parsed(Options options, List<String> warnings) implements Result {

    /** Copies the list. */
    public Parsed {
      warnings = List.copyOf(warnings);
    }
  }

  private final ProductVersion version;
  private final int columns;
  private final FlagTable table = OptionGroups.table();

  private CommandLine(ProductVersion version, int columns) {
    this.version = version;
    this.columns = columns;
  }

  /**
   * Returns the command line of a release.
   *
   * @param columns width of the terminal for the help, or 0 not to wrap
   */
  public static CommandLine of(ProductVersion version, int columns) {
    return new CommandLine(version, columns);
  }

  /**
   * Returns the width the environment variable {@code COLUMNS} tells, or 80.
   *
   * @param columns the variable, or empty
   */
  public static int columnsOf(String columns) {
    return columns.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(columns) : 80;
  }

  /** Returns all flags. */
  public FlagTable table() {
    return table;
  }

  /**
   * Reads a command line and checks all settings; files that are named are looked for. Never throws
   * for anything in {@code args}.
   *
   * @param args the words after the name of the program
   */
  public Result parse(List<String> args) {
    FlagParser.Outcome outcome = FlagParser.parse(table, args);
    GlobalOptions.Request request = OptionGroups.request(outcome.values());
    if (outcome.problems().isEmpty() && request.help()) {
      return new Help(INTRODUCTION + HelpText.of(table, columns));
    }
    if (outcome.problems().isEmpty() && !request.version().isEmpty()) {
      return version(request.version());
    }
    Checks checks = OptionGroups.check(table, outcome.values());
    List<String> problems = joined(outcome.problems(), checks.problems());
    if (!problems.isEmpty()) {
      return new Failed(problems, HINT);
    }
    return new Parsed(
        OptionGroups.read(outcome.values(), checks.gates(), version),
        joined(outcome.warnings(), checks.warnings()));
  }

  private Version version(String format) {
    return switch (format) {
      case "raw" -> new Version(version.raw(), Version.Format.RAW);
      case "json" -> new Version(version.json(), Version.Format.JSON);
      default -> new Version(version.line(), Version.Format.TEXT);
    };
  }

  private static List<String> joined(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    return List.copyOf(all);
  }
}
