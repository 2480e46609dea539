package dev.kcm.core.loop;

import dev.kcm.core.object.ObjectKey;
import org.slf4j.MDC;

/**
 * The fields that log lines of a run carry in the MDC: {@code controller}, {@code key} and {@code
 * reconcile}, the id of the run.
 *
 * <p>Immutable.
 */
enum RunLog {
  /** Sets them. */
  FIELDS,
  /** Sets none, and costs nothing. */
  NO_FIELDS;

  /** Sets the fields on the calling thread, until {@link #clear()}. */
  void set(String loop, ObjectKey key, String id) {
    if (this == FIELDS) {
      MDC.put("controller", loop);
      MDC.put("key", key.toString());
      MDC.put("reconcile", id);
    }
  }

  /** Takes them away. */
  void clear() {
    if (this == FIELDS) {
      MDC.remove("controller");
      MDC.remove("key");
      MDC.remove("reconcile");
    }
  }
}
