/**
 * The command line: flags as data, parsing, help.
 *
 * <p>A {@link dev.kcm.daemon.flags.Flag} is declared once and later used as the key to read its
 * value; a {@link dev.kcm.daemon.flags.FlagTable} holds all flags in their groups.
 *
 * <pre>{@code
 * static final Flag<Duration> RESYNC = Flag.duration("min-resync-period", "12h", "Least time ...");
 * FlagTable table = FlagTable.of(List.of(FlagGroup.of("generic", RESYNC)));
 * FlagParser.Outcome outcome = FlagParser.parse(table, List.of("--min-resync-period=6h"));
 * Duration resync = outcome.values().get(RESYNC);
 * }</pre>
 *
 * <p>The syntax is that of the Go flag library the original program uses: a boolean never takes the
 * next word, {@code _} and {@code -} are the same letter in names, lists are CSV records that
 * repeat, durations and numbers are written as in Go. Unlike there, parsing goes on after a bad
 * flag and reports all of them. Everything here is immutable and knows neither streams nor exits.
 */
@NullMarked
package dev.kcm.daemon.flags;

import org.jspecify.annotations.NullMarked;
