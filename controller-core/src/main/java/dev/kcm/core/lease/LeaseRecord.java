package dev.kcm.core.lease;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a Lease says about its holder. Any field of a Lease may be absent; none of that is an error.
 *
 * @param holder identity of the holder; empty when the lease is free
 * @param durationSeconds how long candidates wait after the last renewal they saw; 0 when absent
 * @param acquireTime when the holder got it, by the holder's wall clock; null when absent
 * @param renewTime when it was last renewed, by the holder's wall clock; null when absent
 * @param transitions how often the holder changed; 0 when absent
 * @param preferredHolder whom the controller of coordinated elections wants to lead instead; empty
 *     when absent. It is never written
 */
public record LeaseRecord(
    String holder,
    int durationSeconds,
    @Nullable Instant acquireTime,
    @Nullable Instant renewTime,
    int transitions,
    String preferredHolder) {

  /** What a Lease without a spec says. */
  public static final LeaseRecord EMPTY = new LeaseRecord("", 0, null, null, 0);

  /** A record without a preferred holder. */
  public LeaseRecord(
      String holder,
      int durationSeconds,
      @Nullable Instant acquireTime,
      @Nullable Instant renewTime,
      int transitions) {
    this(holder, durationSeconds, acquireTime, renewTime, transitions, "");
  }

  /** Reads a Lease. */
  public static LeaseRecord of(Lease lease) {
    LeaseSpec spec = lease.getSpec();
    return spec == null
        ? EMPTY
        : new LeaseRecord(
            orEmpty(spec.getHolderIdentity()),
            orZero(spec.getLeaseDurationSeconds()),
            instant(spec.getAcquireTime()),
            instant(spec.getRenewTime()),
            orZero(spec.getLeaseTransitions()),
            orEmpty(spec.getPreferredHolder()));
  }

  /** Whether nobody holds it. */
  public boolean isFree() {
    return holder.isEmpty();
  }

  /** How long candidates wait after the last renewal they saw; never negative. */
  Duration duration() {
    return Duration.ofSeconds(Math.max(0, durationSeconds));
  }

  /** A copy of a Lease that says this; every other field of it stays as it is. */
  Lease writtenTo(Lease lease) {
    return new LeaseBuilder(lease)
        .editOrNewSpec()
        .withHolderIdentity(holder)
        .withLeaseDurationSeconds(durationSeconds)
        .withAcquireTime(zoned(acquireTime))
        .withRenewTime(zoned(renewTime))
        .withLeaseTransitions(transitions)
        .endSpec()
        .build();
  }

  /** A time as a Lease keeps it: whole microseconds. */
  static Instant micros(Instant time) {
    return time.truncatedTo(ChronoUnit.MICROS);
  }

  private static String orEmpty(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static int orZero(@Nullable Integer value) {
    return value == null ? 0 : value;
  }

  private static @Nullable Instant instant(@Nullable ZonedDateTime time) {
    return time == null ? null : time.toInstant();
  }

  private static @Nullable ZonedDateTime zoned(@Nullable Instant time) {
    return time == null ? null : time.atZone(ZoneOffset.UTC);
  }
}
