package dev.kcm.daemon.logs;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Lets through what {@code --vmodule} raises over the verbosity of the program.
 *
 * <p><i>Thread-safe: reads only.</i>
 */
final class ModuleFilter extends TurboFilter {

  private final Verbosity verbosity;

  ModuleFilter(Verbosity verbosity) {
    this.verbosity = verbosity;
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] params,
      @Nullable Throwable thrown) {
    int own = verbosity.of(logger.getName());
    boolean raised = own > verbosity.level() && level.isGreaterOrEqual(least(logger, own));
    return raised ? FilterReply.ACCEPT : FilterReply.NEUTRAL;
  }

  /** Libraries are never raised to where they write headers and bodies. */
  private static Level least(Logger logger, int verbosity) {
    Level least = Verbosity.leastLevel(verbosity);
    boolean isOwn = logger.getName().startsWith(Logging.OWN_LOGGERS + ".");
    return isOwn || least.isGreaterOrEqual(Level.DEBUG) ? least : Level.DEBUG;
  }
}
