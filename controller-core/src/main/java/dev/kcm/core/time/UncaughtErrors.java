package dev.kcm.core.time;

/** Counts what tasks end by and nobody catches. Thread-safe. */
interface UncaughtErrors {

  /** One more. */
  void uncaught();
}
