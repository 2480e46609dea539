package dev.kcm.core.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Makes core/v1 Events and what goes with them.
 *
 * <p>Immutable.
 */
final class EventObjects {

  static final ResourceType<Event> TYPE = ResourceType.of(Event.class);

  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  private static final int LONGEST_NAME = 253;

  private EventObjects() {}

  static ObjectReference reference(HasMetadata object, ResourceType<?> type) {
    ObjectMeta metadata = object.getMetadata();
    return new ObjectReferenceBuilder()
        .withApiVersion(type.apiVersion())
        .withKind(type.kind())
        .withNamespace(metadata.getNamespace())
        .withName(metadata.getName())
        .withUid(metadata.getUid())
        .withResourceVersion(metadata.getResourceVersion())
        .build();
  }

  /** {@code <object>.<hex nanoseconds>}, or a random name where that would be no valid name. */
  static String name(Occurrence occurrence, RandomGenerator random) {
    String name =
        occurrence.regarding().getName() + "." + Long.toHexString(epochNanos(occurrence.at()));
    return name.length() <= LONGEST_NAME && SUBDOMAIN.matcher(name).matches()
        ? name
        : new UUID(random.nextLong(), random.nextLong()).toString();
  }

  static long epochNanos(Instant at) {
    return at.getEpochSecond() * 1_000_000_000L + at.getNano();
  }

  static ObjectKey key(EventWrite write) {
    return new ObjectKey(write.occurrence().namespace(), write.name());
  }

  static Event event(EventWrite write) {
    Occurrence occurrence = write.occurrence();
    String host = occurrence.reporter().instance();
    return new EventBuilder()
        .withNewMetadata()
        .withName(write.name())
        .withNamespace(occurrence.namespace())
        .endMetadata()
        .withInvolvedObject(occurrence.regarding())
        .withRelated(occurrence.related())
        .withReason(occurrence.reason())
        .withMessage(write.message())
        .withNewSource()
        .withComponent(occurrence.reporter().component())
        .withHost(host.isEmpty() ? null : host)
        .endSource()
        .withFirstTimestamp(seconds(write.first()))
        .withLastTimestamp(seconds(occurrence.at()))
        .withCount(write.count())
        .withType(occurrence.type())
        .withReportingComponent(occurrence.reporter().component())
        .withReportingInstance(host)
        .build();
  }

  static String repetition(EventWrite write) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("count", write.count())
        .put("lastTimestamp", seconds(write.occurrence().at()))
        .put("message", write.message())
        .toString();
  }

  private static String seconds(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
