package dev.kcm.daemon.logs;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/**
 * Divides errors from the rest, for two streams.
 *
 * <p><i>Immutable.</i>
 */
final class SeverityFilter extends Filter<ILoggingEvent> {

  private final boolean errors;

  SeverityFilter(boolean errors) {
    this.errors = errors;
  }

  @Override
  public FilterReply decide(ILoggingEvent event) {
    boolean isError = event.getLevel().isGreaterOrEqual(Level.ERROR);
    return isError == errors ? FilterReply.NEUTRAL : FilterReply.DENY;
  }
}
