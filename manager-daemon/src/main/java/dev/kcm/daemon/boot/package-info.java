/** The life of the process: command line, start in order, signals, exit codes. */
@NullMarked
package dev.kcm.daemon.boot;

import org.jspecify.annotations.NullMarked;
