package dev.kcm.core.run;

import io.fabric8.kubernetes.api.model.ObjectReference;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to an object, before it is known how it will be written.
 *
 * @param reporter who saw it
 * @param regarding the object
 * @param related another object it concerns; null for none
 * @param type {@code Normal} or {@code Warning}
 * @param reason CamelCase reason
 * @param message human-readable text
 * @param at time of day; no two occurrences of a recorder have the same
 * @param atNanos the same moment on the monotonic clock
 */
record Occurrence(
    EventOutbox.Reporter reporter,
    ObjectReference regarding,
    @Nullable ObjectReference related,
    String type,
    String reason,
    String message,
    Instant at,
    long atNanos) {

  /** Namespace the Event is written to: the object's own, or {@code default}. */
  String namespace() {
    String own = regarding.getNamespace();
    return own == null || own.isEmpty() ? "default" : own;
  }

  Source source() {
    return new Source(
        reporter,
        regarding.getKind(),
        regarding.getNamespace(),
        regarding.getName(),
        regarding.getUid(),
        regarding.getApiVersion(),
        type);
  }

  Group group() {
    return new Group(source(), reason);
  }

  /** What the spam filter counts together: reasons do not tell sources apart. */
  record Source(
      EventOutbox.Reporter reporter,
      String kind,
      String namespace,
      String name,
      String uid,
      String apiVersion,
      String type) {}

  /** What is combined when too many different messages come. */
  record Group(Source source, String reason) {}
}
