package dev.kcm.daemon.boot;

/** How the process ends. */
enum ExitCode {
  /** Help, version, or stopped by a signal. */
  STOPPED(0),
  /** Wrong settings, something missing at start, or lost leadership. */
  FAILED(1),
  /** The API server refuses what a controller needs to have an identity of its own. */
  NO_CLIENT(255);

  private final int status;

  ExitCode(int status) {
    this.status = status;
  }

  int status() {
    return status;
  }
}
