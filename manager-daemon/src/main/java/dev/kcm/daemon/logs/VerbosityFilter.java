package dev.kcm.daemon.logs;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/**
 * Holds back messages whose key {@code v} is above the verbosity of their logger.
 *
 * <p><i>Thread-safe: reads only.</i>
 */
final class VerbosityFilter extends Filter<ILoggingEvent> {

  private final Verbosity verbosity;

  VerbosityFilter(Verbosity verbosity) {
    this.verbosity = verbosity;
  }

  @Override
  public FilterReply decide(ILoggingEvent event) {
    int needed = LogEntry.givenVerbosity(event);
    return needed > verbosity.of(event.getLoggerName()) ? FilterReply.DENY : FilterReply.NEUTRAL;
  }
}
