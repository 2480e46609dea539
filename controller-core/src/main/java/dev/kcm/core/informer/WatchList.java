package dev.kcm.core.informer;

/** Whether the initial state is streamed through the watch instead of listed. */
public enum WatchList {
  /** Streamed where the server can, else listed; the default. */
  AUTO,
  /** Always streamed. */
  ON,
  /** Always listed. */
  OFF
}
