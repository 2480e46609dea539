package dev.kcm.core.run;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Decides how occurrences become Events: repeated ones are counted, many different ones of one
 * reason are combined, and a source that talks too much is silenced for a while.
 *
 * <p>The rules and numbers are those of Kubernetes' own recorder, so that lists of Events look the
 * same. It reads no clock: times come with the occurrences.
 *
 * <p>Confined to the mailbox of its recorder.
 */
final class EventCorrelator {

  /** From this many different messages on they are combined. */
  static final int DISTINCT_MESSAGES = 10;

  /** A group of messages that was quiet for longer starts anew. */
  static final Duration GROUP_TIMEOUT = Duration.ofMinutes(10);

  static final String COMBINED = "(combined from similar events): ";

  /** Events of one source at once. */
  static final int BURST = 25;

  /** Then one more in this time. */
  static final Duration REFILL = Duration.ofMinutes(5);

  /** Most entries of each memory; the one not used for longest goes. */
  static final int MEMORY = 4096;

  private final Map<Occurrence.Group, Distinct> distinctByGroup = new Recent<>();
  private final Map<Identity, Seen> seenByIdentity = new Recent<>();
  private final Map<Occurrence.Source, Bucket> bucketBySource = new Recent<>();
  private final Function<Occurrence, String> names;

  /**
   * @param names gives the name of a new Event
   */
  EventCorrelator(Function<Occurrence, String> names) {
    this.names = names;
  }

  /** What to write; empty when the source is silenced. */
  Optional<EventWrite> correlate(Occurrence occurrence) {
    EventWrite write = count(occurrence, isCombined(occurrence));
    // Silenced occurrences are counted all the same: the next one that passes tells of them.
    return mayPass(occurrence) ? Optional.of(write) : Optional.empty();
  }

  private boolean isCombined(Occurrence occurrence) {
    Distinct distinct =
        distinctByGroup.compute(
            occurrence.group(),
            (group, known) ->
                known == null || occurrence.atNanos() - known.lastNanos > GROUP_TIMEOUT.toNanos()
                    ? new Distinct()
                    : known);
    distinct.lastNanos = occurrence.atNanos();
    if (distinct.messages.contains(occurrence.message())) {
      return false;
    }
    if (distinct.messages.size() < DISTINCT_MESSAGES - 1) {
      distinct.messages.add(occurrence.message());
      return false;
    }
    return true;
  }

  private EventWrite count(Occurrence occurrence, boolean combined) {
    Identity identity =
        new Identity(occurrence.group(), combined, combined ? "" : occurrence.message());
    Seen seen =
        seenByIdentity.computeIfAbsent(
            identity, absent -> new Seen(names.apply(occurrence), occurrence.at()));
    seen.count++;
    return new EventWrite(
        occurrence,
        seen.name,
        seen.count,
        seen.first,
        combined ? COMBINED + occurrence.message() : occurrence.message());
  }

  private boolean mayPass(Occurrence occurrence) {
    return bucketBySource
        .computeIfAbsent(occurrence.source(), source -> new Bucket(occurrence.atNanos()))
        .take(occurrence.atNanos());
  }

  /** What counts as the same Event. */
  private record Identity(Occurrence.Group group, boolean combined, String message) {}

  /** The different messages of a group so far. */
  private static final class Distinct {
    private final Set<String> messages = new HashSet<>();
    private long lastNanos;
  }

  /** An Event that was written. */
  private static final class Seen {
    private final String name;
    private final Instant first;
    private int count;

    private Seen(String name, Instant first) {
      this.name = name;
      this.first = first;
    }
  }

  /** Tokens of a source. */
  private static final class Bucket {
    private double tokens = BURST;
    private long filledNanos;

    private Bucket(long nowNanos) {
      this.filledNanos = nowNanos;
    }

    private boolean take(long nowNanos) {
      double refilled = Math.max(0, nowNanos - filledNanos) / (double) REFILL.toNanos();
      tokens = Math.min(BURST, tokens + refilled);
      filledNanos = nowNanos;
      if (tokens < 1) {
        return false;
      }
      tokens--;
      return true;
    }
  }

  /** Remembers the entries used last. */
  private static final class Recent<K, V> extends LinkedHashMap<K, V> {

    private static final long serialVersionUID = 1L;

    private Recent() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > MEMORY;
    }
  }
}
