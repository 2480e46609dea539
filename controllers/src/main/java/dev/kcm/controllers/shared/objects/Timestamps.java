package dev.kcm.controllers.shared.objects;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Points in time as they stand in API objects: RFC 3339, whole seconds when written.
 *
 * <p>Immutable.
 */
public final class Timestamps {

  private Timestamps() {}

  /** The time a field holds; empty when the field is missing, empty or not a time. */
  public static Optional<Instant> parse(@Nullable String field) {
    if (field == null || field.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.parse(field));
    } catch (DateTimeException unreadable) {
      return Optional.empty();
    }
  }

  /** The text for a field, cut to whole seconds. */
  public static String format(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
