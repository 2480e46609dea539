package dev.kcm.core.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.plan.Action;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happens again and again, as an {@code events.k8s.io/v1} Event with a series.
 *
 * <p>Confined to the mailbox of its recorder.
 */
final class EventSeries {

  static final ResourceType<Event> TYPE = ResourceType.of(Event.class);

  /** What the server takes, in bytes. */
  static final int LONGEST_NOTE = 1024;

  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final Action.Emit emit;
  private final Occurrence first;
  private final String name;
  private Instant last;
  private long lastNanos;
  private int count = 1;
  private int written;
  private boolean created;

  EventSeries(Action.Emit emit, Occurrence first, String name) {
    this.emit = emit;
    this.first = first;
    this.name = name;
    this.last = first.at();
    this.lastNanos = first.atNanos();
  }

  /** What counts as the same Event. */
  record Key(
      String type, String action, String reason, Identity regarding, @Nullable Identity related) {

    static Key of(Occurrence occurrence, Action.Emit emit) {
      ObjectReference related = occurrence.related();
      return new Key(
          occurrence.type(),
          emit.action(),
          occurrence.reason(),
          Identity.of(occurrence.regarding()),
          related == null ? null : Identity.of(related));
    }
  }

  /** An object, whatever its version. */
  record Identity(String kind, String namespace, String name, String uid, String apiVersion) {

    static Identity of(ObjectReference object) {
      return new Identity(
          object.getKind(),
          String.valueOf(object.getNamespace()),
          String.valueOf(object.getName()),
          String.valueOf(object.getUid()),
          object.getApiVersion());
    }
  }

  /** It happened again. */
  void again(Occurrence occurrence) {
    count++;
    last = occurrence.at();
    lastNanos = occurrence.atNanos();
  }

  /** What is there to know of it is on its way to the server. */
  void written() {
    written = count;
  }

  /** The server has it. */
  void created() {
    created = true;
  }

  boolean wasCreated() {
    return created;
  }

  boolean isSeries() {
    return count > 1;
  }

  boolean hasNews() {
    return count > written;
  }

  long lastNanos() {
    return lastNanos;
  }

  Action.Emit emit() {
    return emit;
  }

  String name() {
    return name;
  }

  ObjectKey key() {
    return new ObjectKey(first.namespace(), name);
  }

  /** The Event as a whole. */
  Event event() {
    EventBuilder event =
        new EventBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(first.namespace())
            .endMetadata()
            .withEventTime(new MicroTime(MICROS.format(first.at())))
            .withReportingController(first.reporter().component())
            .withReportingInstance(first.reporter().instance())
            .withAction(emit.action())
            .withReason(first.reason())
            .withRegarding(first.regarding())
            .withRelated(first.related())
            .withNote(cut(first.message()))
            .withType(first.type());
    if (isSeries()) {
      event
          .withNewSeries()
          .withCount(count)
          .withLastObservedTime(new MicroTime(MICROS.format(last)))
          .endSeries();
    }
    return event.build();
  }

  /** What is new, as a merge patch. */
  String patch() {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("series").put("count", count).put("lastObservedTime", MICROS.format(last));
    return patch.toString();
  }

  /** As much as fits, without half a character at the end. */
  static String cut(String note) {
    byte[] bytes = note.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= LONGEST_NOTE) {
      return note;
    }
    int end = LONGEST_NOTE;
    while ((bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }
}
