package dev.kcm.daemon.logs;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.List;

/**
 * The logging until the command line is read: text at verbosity 0 to standard error. Logback finds
 * it as a service, and looks for no configuration file.
 *
 * <p><i>Confined to the thread that asks for the first logger.</i>
 */
public final class EarlyLogging extends ContextAwareBase implements Configurator {

  /** For Logback. */
  public EarlyLogging() {}

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    LogConfig plain = new LogConfig(LogConfig.Format.TEXT, 0, List.of(), false, "", "", 0);
    Logging.start(context, plain, ObjectNames.NONE, Logging.Streams.ofProcess());
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
