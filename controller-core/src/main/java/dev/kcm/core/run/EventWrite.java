package dev.kcm.core.run;

import java.time.Instant;

/**
 * What to write for an occurrence.
 *
 * @param occurrence what happened last
 * @param name name of the Event
 * @param count how often it happened so far
 * @param first when it happened first
 * @param message text, with a prefix when messages were combined
 */
record EventWrite(Occurrence occurrence, String name, int count, Instant first, String message) {

  /** Whether the Event should be there already, so that only its count and time change. */
  boolean isRepetition() {
    return count > 1;
  }
}
