package dev.kcm.embedded.http;

import dev.kcm.embedded.resource.WatchEvent;

/** Turns the events of one watch into bytes, in the form its client asked for. */
@FunctionalInterface
interface FrameWriter {

  /** The frame without line end. Called in the order of events, by one thread at a time. */
  byte[] frame(WatchEvent event);
}
