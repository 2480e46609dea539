package dev.kcm.core.lease;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.time.Ticker;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows of the Lease: the last state it saw, since when on its own clock, and
 * which states it wrote itself.
 *
 * <p>A record is this process's own when it names its identity and a renew time this process wrote,
 * or tried to write without learning the outcome. The identity alone proves nothing: another
 * process, or an earlier one, may have the same.
 *
 * <p>Confined to the election's mailbox, except {@link #seen()}.
 */
final class Observation {

  private final Ticker ticker;
  private final String identity;
  private final Set<Instant> written = new HashSet<>();
  private @Nullable Instant confirmed;
  private @Nullable Lease lease;
  private LeaseRecord record = LeaseRecord.EMPTY;
  private long sinceNanos;

  /** Whether the Lease, or its absence, has been seen. */
  private boolean looked;

  private boolean appointments;

  /** The last record that named this process by somebody else's doing, legally. */
  private @Nullable LeaseRecord appointment;

  /** For readers outside the mailbox, which alone writes it. */
  private volatile Seen seen;

  /**
   * Who holds the lease.
   *
   * @param holder empty for nobody
   * @param sinceNanos when the record was first seen, or written
   */
  record Seen(String holder, long sinceNanos) {}

  Observation(Ticker ticker, String identity) {
    this.ticker = ticker;
    this.identity = identity;
    this.sinceNanos = ticker.nanos();
    this.seen = new Seen("", sinceNanos);
  }

  Seen seen() {
    return seen;
  }

  /** The last state seen; null before the first. */
  @Nullable Lease lease() {
    return lease;
  }

  LeaseRecord record() {
    return record;
  }

  /** From now on somebody else may name this process the holder. */
  void allowAppointments() {
    appointments = true;
  }

  /** Remembers a state that was read. The age of an unchanged record goes on. */
  void read(Lease newLease) {
    LeaseRecord before = record;
    boolean namedAlready = before.holder().equals(identity) && !isMine(before) && !isExpired();
    boolean first = !looked;
    looked = true;
    remember(newLease, ticker.nanos());
    if (!record.equals(before)) {
      // A record found at the first look, or renewed by somebody, is that of a namesake.
      appointment = !first && !namedAlready && record.holder().equals(identity) ? record : null;
    }
  }

  /** Remembers that there is no Lease. */
  void missing() {
    looked = true;
  }

  /** Whether the Lease, or its absence, has been seen. */
  boolean hasLooked() {
    return looked;
  }

  /** Remembers a state this process wrote; its age counts from when the request was sent. */
  void wrote(Lease newLease, long sentNanos) {
    written.clear();
    remember(newLease, sentNanos);
    // The state before may still be on its way as the answer to a read that was overtaken.
    addWritten(confirmed);
    confirmed = record.renewTime();
    addWritten(confirmed);
  }

  private void addWritten(@Nullable Instant renewTime) {
    if (renewTime != null) {
      written.add(renewTime);
    }
  }

  /** A time at or just after the given one that none of this process's writes carries. */
  Instant notWritten(Instant time) {
    Instant free = time;
    while (written.contains(free)) {
      free = free.plus(1, ChronoUnit.MICROS);
    }
    return free;
  }

  /** Remembers that a write is on its way. */
  void writing(Instant renewTime) {
    written.add(renewTime);
  }

  /** Forgets a write if its error says that it did not happen. */
  void failed(Instant renewTime, ApiError error) {
    switch (error.kind()) {
      case TIMEOUT, SERVER_ERROR, BROKEN, UNDECODABLE -> {
        // It may have happened, or may still.
      }
      default -> written.remove(renewTime);
    }
  }

  /** Forgets all writes: the lease was given back. */
  void released() {
    written.clear();
    confirmed = null;
  }

  /** Whether the Lease may name this process by its own doing. */
  boolean mayBeMine() {
    return !written.isEmpty();
  }

  boolean isMine(LeaseRecord candidate) {
    return candidate.holder().equals(identity)
        && candidate.renewTime() != null
        && written.contains(candidate.renewTime());
  }

  /** Whether the record last seen appoints this process. */
  boolean isAppointment() {
    return appointments && record.equals(appointment);
  }

  /** Whether the record last seen names this process although it may not lead by it. */
  boolean isImpostor() {
    return record.holder().equals(identity) && !isMine(record) && !isAppointment();
  }

  /** Whether the record last seen has not changed for as long as it says itself. */
  boolean isExpired() {
    return remainingNanos() <= 0;
  }

  /** Time until the record last seen expires; negative afterwards. */
  long remainingNanos() {
    return record.duration().toNanos() - (ticker.nanos() - sinceNanos);
  }

  private void remember(Lease newLease, long nanos) {
    LeaseRecord newRecord = LeaseRecord.of(newLease);
    if (lease == null || !newRecord.equals(record)) {
      record = newRecord;
      sinceNanos = nanos;
      seen = new Seen(newRecord.holder(), nanos);
    }
    lease = newLease;
  }
}
