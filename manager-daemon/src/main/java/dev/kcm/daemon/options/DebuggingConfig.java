package dev.kcm.daemon.options;

/**
 * What the HTTPS server offers for finding faults.
 *
 * @param profiling whether {@code /debug/pprof/} and {@code /debug/flags/} are served
 * @param contentionProfiling whether waiting for locks is recorded; only with profiling
 */
public record DebuggingConfig(boolean profiling, boolean contentionProfiling) {}
