package dev.kcm.daemon.logs;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.filter.Filter;
import dev.kcm.daemon.logs.LogConfig.Format;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * The log of the program.
 *
 * <p><i>Thread-safe: Logback's loggers are, and verbosity is one volatile number.</i>
 */
public final class Logging {

  static final String OWN_LOGGERS = "dev.kcm";

  private static final long MEBIBYTE = 1L << 20;

  private final LoggerContext context;
  private final Verbosity verbosity;

  private Logging(LoggerContext context, Verbosity verbosity) {
    this.context = context;
    this.verbosity = verbosity;
  }

  /** Where lines go; tests give streams of their own. */
  record Streams(OutputStream standard, OutputStream error, ZoneId zone, long pid) {

    static Streams ofProcess() {
      return new Streams(
          System.out, System.err, ZoneId.systemDefault(), ProcessHandle.current().pid());
    }
  }

  /**
   * Sets the logging of this process up, in place of what was set up before. A log file that cannot
   * be written is reported in the log and left out.
   *
   * @param names tells API objects among logged values
   */
  public static Logging start(LogConfig config, ObjectNames names) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    return start(context, config, names, Streams.ofProcess());
  }

  static Logging start(
      LoggerContext context, LogConfig config, ObjectNames names, Streams streams) {
    Verbosity verbosity = new Verbosity(config.verbosity(), config.modules());
    Logging logging = new Logging(context, verbosity);
    EventEncoder.LineLayout layout =
        config.format() == Format.JSON
            ? new JsonLayout(verbosity, names)
            : new TextLayout(verbosity, names, streams.zone(), streams.pid());
    context.reset();
    logging.addConsole(config, layout, streams);
    List<String> problems = logging.addFile(config, layout, streams);
    if (verbosity.hasModules()) {
      ModuleFilter filter = new ModuleFilter(verbosity);
      filter.start();
      context.addTurboFilter(filter);
    }
    logging.setVerbosity(config.verbosity());
    problems.forEach(problem -> context.getLogger(Logging.class).warn(problem));
    return logging;
  }

  private void addConsole(LogConfig config, EventEncoder.LineLayout layout, Streams streams) {
    if (config.splitStreams()) {
      add("standard error", streams.error(), layout, List.of(new SeverityFilter(true)));
      add("standard output", streams.standard(), layout, List.of(new SeverityFilter(false)));
    } else {
      add("standard error", streams.error(), layout, List.of());
    }
  }

  private List<String> addFile(LogConfig config, EventEncoder.LineLayout layout, Streams streams) {
    boolean fixed = !config.file().isEmpty();
    if (!fixed && config.dir().isEmpty()) {
      return List.of();
    }
    String place = fixed ? config.file() : config.dir();
    long mostBytes = config.maxFileMebibytes() * MEBIBYTE;
    try {
      Path path = Path.of(place);
      LogFile file =
          fixed
              ? LogFile.at(path, mostBytes)
              : LogFile.in(path, mostBytes, Clock.system(streams.zone()), streams.pid());
      add("file", file, layout, List.of());
      return List.of();
    } catch (IOException | InvalidPathException unusable) {
      return List.of(
          "cannot write the log to %s, it goes to standard error only: %s"
              .formatted(place, unusable));
    }
  }

  private void add(
      String name,
      OutputStream out,
      EventEncoder.LineLayout layout,
      List<SeverityFilter> severity) {
    EventEncoder encoder = new EventEncoder(layout);
    encoder.setContext(context);
    encoder.start();
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(context);
    appender.setName(name);
    appender.setEncoder(encoder);
    List<Filter<ILoggingEvent>> filters = new ArrayList<>(severity);
    filters.add(new VerbosityFilter(verbosity));
    for (Filter<ILoggingEvent> filter : filters) {
      filter.start();
      appender.addFilter(filter);
    }
    // The process goes on writing to its streams after this logging has been replaced.
    appender.setOutputStream(out instanceof LogFile ? out : new Unclosable(out));
    appender.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
  }

  /** Returns how much is logged. */
  public int verbosity() {
    return verbosity.level();
  }

  /**
   * Changes how much is logged, at once and for all threads; {@code --vmodule} stays.
   *
   * @param level from 0
   * @throws IllegalArgumentException if it is negative
   */
  public void setVerbosity(int level) {
    if (level < 0) {
      throw new IllegalArgumentException("verbosity " + level + ", allowed are 0 and more");
    }
    verbosity.set(level);
    context.getLogger(OWN_LOGGERS).setLevel(Verbosity.leastLevel(level));
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Verbosity.leastForeignLevel(level));
  }

  /** Writes out what is left and ends logging; later messages are lost. Idempotent. */
  public void close() {
    context.stop();
  }
}
