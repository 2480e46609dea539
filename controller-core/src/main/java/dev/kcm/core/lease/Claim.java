package dev.kcm.core.lease;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.time.Environment;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One try to get or to keep the lease.
 *
 * <p>A holder writes at once, on top of the state it knows. If that fails, and for everybody else,
 * the Lease is read, judged, and written only if it is free, expired or one's own, on condition
 * that nobody changed it in between. In a coordinated election it is only written if it names this
 * process already.
 *
 * <p>Confined to the election's mailbox.
 */
final class Claim {

  private final LeaderElectionConfig config;
  private final ObjectKey key;
  private final LeaseRequests requests;
  private final Observation observation;
  private final Environment environment;
  private final ElectionMeters meters;
  private final boolean coordinated;
  private final boolean leading;
  private final Consumer<Outcome> outcome;
  private final long startedNanos;
  private boolean writing;
  private boolean abandoned;

  /** How a try ended. */
  sealed interface Outcome {

    /**
     * This process holds the lease.
     *
     * @param lease as stored
     * @param renewal when the write that succeeded was sent
     */
    record Held(Lease lease, Renewal renewal) implements Outcome {}

    /** Somebody else holds it, or a process of the same identity. */
    record HeldByOther(String holder) implements Outcome {}

    /** The controller of coordinated elections wants somebody else to lead. */
    record Unwanted(String preferred) implements Outcome {}

    /** Nothing was learned or gained. */
    record Failed(ApiError error) implements Outcome {}
  }

  /**
   * @param leading whether this process leads as the try begins
   * @param outcome called once, unless the claim is abandoned
   */
  Claim(Election election, boolean leading, Consumer<Outcome> outcome) {
    this.config = election.config();
    this.key = election.key();
    this.requests = election.requests();
    this.observation = election.observation();
    this.environment = election.environment();
    this.meters = election.meters();
    this.coordinated = election.isCoordinated();
    this.leading = leading;
    this.outcome = outcome;
    this.startedNanos = environment.ticker().nanos();
  }

  void run() {
    Lease known = observation.lease();
    if (!coordinated
        && known != null
        && observation.isMine(observation.record())
        && !observation.isExpired()) {
      write(known, kept(observation.record()), error -> read());
    } else {
      read();
    }
  }

  /** Sends nothing more and reports nothing. */
  void abandon() {
    abandoned = true;
  }

  /** Whether a write is under way. */
  boolean isWriting() {
    return writing;
  }

  long startedNanos() {
    return startedNanos;
  }

  private void read() {
    requests.get(
        reply -> {
          if (abandoned) {
            return;
          }
          if (reply.lease() != null) {
            observation.read(reply.lease());
            judge(reply.lease(), observation.record());
          } else if (isNotFound(reply)) {
            missing();
          } else {
            outcome.accept(new Outcome.Failed(Objects.requireNonNull(reply.error())));
          }
        });
  }

  private void judge(Lease lease, LeaseRecord record) {
    if (coordinated) {
      judgeAppointment(lease, record);
    } else if (observation.isMine(record)) {
      if (leading) {
        meters.slowPath();
      }
      write(lease, kept(record), this::fail);
    } else if (record.isFree() || (!leading && observation.isExpired())) {
      write(lease, taken(record), this::fail);
    } else {
      outcome.accept(new Outcome.HeldByOther(record.holder()));
    }
  }

  /** A lease that has run out is the controller's to give, even to its last holder. */
  private void judgeAppointment(Lease lease, LeaseRecord record) {
    boolean appointed = observation.isMine(record) || (!leading && observation.isAppointment());
    if (!appointed || observation.isExpired()) {
      outcome.accept(new Outcome.HeldByOther(record.holder()));
    } else if (!record.preferredHolder().isEmpty()) {
      outcome.accept(new Outcome.Unwanted(record.preferredHolder()));
    } else {
      if (leading) {
        meters.slowPath();
      }
      write(lease, kept(record), this::fail);
    }
  }

  /**
   * A Lease that was deleted frees nothing: its holder, if there was one, leads until its time is
   * up, and is first to make the Lease again.
   */
  private void missing() {
    observation.missing();
    if (coordinated) {
      outcome.accept(new Outcome.HeldByOther(""));
      return;
    }
    LeaseRecord last = observation.record();
    boolean held = !last.isFree() && !observation.isMine(last) && !observation.isExpired();
    if (held) {
      outcome.accept(new Outcome.HeldByOther(last.holder()));
      return;
    }
    Lease fresh =
        new LeaseBuilder()
            .withNewMetadata()
            .withNamespace(key.namespace())
            .withName(key.name())
            .endMetadata()
            .build();
    write(fresh, fresh(0), this::fail);
  }

  private void write(Lease base, LeaseRecord record, Consumer<ApiError> failed) {
    Instant renewTime = Objects.requireNonNull(record.renewTime());
    Renewal renewal = Renewal.now(environment);
    Consumer<LeaseRequests.Reply> then =
        reply -> {
          writing = false;
          if (reply.lease() != null) {
            observation.wrote(reply.lease(), renewal.nanos());
          } else {
            observation.failed(renewTime, Objects.requireNonNull(reply.error()));
          }
          if (abandoned) {
            return;
          }
          if (reply.lease() != null) {
            outcome.accept(new Outcome.Held(reply.lease(), renewal));
          } else {
            failed.accept(Objects.requireNonNull(reply.error()));
          }
        };
    observation.writing(renewTime);
    writing = true;
    Lease lease = labelled(record.writtenTo(base));
    if (lease.getMetadata().getResourceVersion() == null) {
      requests.create(lease, then);
    } else {
      requests.update(lease, then);
    }
  }

  private void fail(ApiError error) {
    outcome.accept(new Outcome.Failed(error));
  }

  private LeaseRecord kept(LeaseRecord record) {
    return new LeaseRecord(
        config.identity(), seconds(), record.acquireTime(), wallNow(), record.transitions());
  }

  private LeaseRecord taken(LeaseRecord record) {
    return fresh(record.transitions() + 1);
  }

  private LeaseRecord fresh(int transitions) {
    Instant now = wallNow();
    return new LeaseRecord(config.identity(), seconds(), now, now, transitions);
  }

  private int seconds() {
    return Math.toIntExact(config.leaseDuration().toSeconds());
  }

  private Instant wallNow() {
    return observation.notWritten(LeaseRecord.micros(environment.wallClock().now()));
  }

  private Lease labelled(Lease lease) {
    if (!config.labels().isEmpty()) {
      Map<String, String> labels = new HashMap<>();
      if (lease.getMetadata().getLabels() != null) {
        labels.putAll(lease.getMetadata().getLabels());
      }
      labels.putAll(config.labels());
      lease.getMetadata().setLabels(labels);
    }
    return lease;
  }

  private static boolean isNotFound(LeaseRequests.Reply reply) {
    @Nullable ApiError error = reply.error();
    return error != null && error.kind() == ApiError.Kind.NOT_FOUND;
  }
}
