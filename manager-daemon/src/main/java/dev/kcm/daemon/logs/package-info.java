/**
 * The log: layouts of Kubernetes components, verbosity, files.
 *
 * <p>Code logs through SLF4J; {@link dev.kcm.daemon.logs.Logging} sets Logback up from the command
 * line and changes the verbosity at run time:
 *
 * <pre>{@code
 * Logging logging = Logging.start(options.logs(), ObjectNames.NONE);
 * log.atInfo().addKeyValue("v", 2).addKeyValue("pod", pod).log("Deleted pod");
 * logging.setVerbosity(4);
 * }</pre>
 *
 * <p>Levels and verbosity: errors, warnings and messages at level info always show, debug shows
 * from verbosity 4 and trace from 6. An info message with the key {@code v} shows from that
 * verbosity on. Loggers outside this program's packages show warnings, from verbosity 2 also info,
 * from 8 debug, never trace, where HTTP libraries write tokens and Secrets. A message with keys and
 * values, or with a throwable, is written in the structured form; the key or thread context {@code
 * logger} names the controller.
 *
 * <p>Everything goes to standard error, each line in one write. Nothing is promised about the Java
 * shape of encoders and filters, which are not for use elsewhere.
 */
@NullMarked
package dev.kcm.daemon.logs;

import org.jspecify.annotations.NullMarked;
