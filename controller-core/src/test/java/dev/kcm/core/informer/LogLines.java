package dev.kcm.core.informer;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What informers log at info or above while it is open. Confined to the thread of the test. */
final class LogLines implements AutoCloseable {

  private final Logger logger = (Logger) LoggerFactory.getLogger(Informers.class);
  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

  LogLines() {
    appender.start();
    logger.setLevel(Level.INFO);
    logger.setAdditive(false);
    logger.addAppender(appender);
  }

  /** The lines since the last call. */
  List<String> take() {
    List<String> lines = appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    appender.list.clear();
    return lines;
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
    logger.setAdditive(true);
    logger.setLevel(null);
  }
}
