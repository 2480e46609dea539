/**
 * The settings of the program: one class for each group of flags, and the records they become.
 *
 * <p>Start from {@link dev.kcm.daemon.options.CommandLine}, which turns the words of a command line
 * into help, a version, a list of everything that is wrong, or {@link
 * dev.kcm.daemon.options.Options}:
 *
 * <pre>{@code
 * CommandLine commandLine = CommandLine.of(ProductVersion.current(), 80);
 * CommandLine.Result result = commandLine.parse(List.of(args));
 * if (result instanceof CommandLine.Parsed parsed) {
 *   start(parsed.options());
 * }
 * }</pre>
 *
 * <p>Flag names, defaults and messages are those of kube-controller-manager 1.34. Checks go beyond
 * upstream's: timings of the lease, worker counts, address ranges, files and feature gates are
 * looked at before anything starts, and all findings are reported at once. Nothing here prints,
 * starts a thread or ends the process; files are only looked at, not read. Everything public is
 * immutable.
 */
@NullMarked
package dev.kcm.daemon.options;

import org.jspecify.annotations.NullMarked;
