package dev.kcm.daemon.logs;

import java.util.List;

/**
 * How the program logs.
 *
 * @param format text or JSON
 * @param verbosity 0 normal, 2 changes of state, 4 debugging, 6 and more requests
 * @param modules verbosity of single loggers, the first match counts
 * @param splitStreams whether messages below error go to standard output
 * @param dir directory of a log file with a dated name, or empty
 * @param file log file, or empty; wins over the directory
 * @param maxFileMebibytes size at which a log file is started anew; 0 means never
 */
public record LogConfig(
    Format format,
    int verbosity,
    List<ModuleLevel> modules,
    boolean splitStreams,
    String dir,
    String file,
    int maxFileMebibytes) {

  /** Copies the list. */
  public LogConfig {
    modules = List.copyOf(modules);
  }

  /** The layout of log lines. */
  public enum Format {
    /** One line with a header, the message, and keys with values. */
    TEXT,
    /** One JSON object for each line. */
    JSON
  }

  /**
   * Verbosity of some loggers.
   *
   * @param pattern name with {@code *} and {@code ?}
   * @param level their verbosity
   */
  public record ModuleLevel(String pattern, int level) {}
}
