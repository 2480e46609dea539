package dev.kcm.core.lease;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.time.Environment;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the lease back: reads it, and if it is still this process's own, writes it as free on
 * condition that nobody changed it in between. Repeated until it is known to be given back or the
 * renew deadline has passed.
 *
 * <p>Confined to the election's mailbox.
 */
final class Release {

  private static final Logger log = LoggerFactory.getLogger(Release.class);

  /**
   * Waits between tries after an error other than a first conflict are a retry period over this.
   */
  private static final int TRIES_PER_PERIOD = 8;

  private final Election election;
  private final Environment environment;
  private final Executor mailbox;
  private final LeaderElectionConfig config;
  private final Runnable done;
  private final long deadlineNanos;
  private boolean sawConflict;

  Release(Election election, Executor mailbox, Runnable done) {
    this.election = election;
    this.environment = election.environment();
    this.mailbox = mailbox;
    this.config = election.config();
    this.done = done;
    this.deadlineNanos = environment.ticker().nanos() + config.renewDeadline().toNanos();
  }

  void run() {
    election.requests().get(this::judge);
  }

  private void judge(LeaseRequests.Reply reply) {
    Lease lease = reply.lease();
    if (lease == null) {
      again(Objects.requireNonNull(reply.error()));
      return;
    }
    LeaseRecord record = LeaseRecord.of(lease);
    if (!election.observation().isMine(record)) {
      election.observation().released();
      done.run();
      return;
    }
    Instant now = LeaseRecord.micros(environment.wallClock().now());
    LeaseRecord free = new LeaseRecord("", 1, now, now, record.transitions());
    election.requests().update(free.writtenTo(lease), this::written);
  }

  private void written(LeaseRequests.Reply reply) {
    if (reply.lease() == null) {
      again(Objects.requireNonNull(reply.error()));
      return;
    }
    election.observation().released();
    election.observation().read(reply.lease());
    election.meters().count(ElectionMeters.Transition.RELEASED);
    log.info("released lease {}", election.key());
    done.run();
  }

  private void again(ApiError error) {
    if (error.kind() == ApiError.Kind.NOT_FOUND) {
      election.observation().released();
      done.run();
    } else if (environment.ticker().nanos() - deadlineNanos >= 0) {
      log.warn(
          "failed to release lease {}, it runs out by itself: {}", election.key(), error.message());
      done.run();
    } else if (error.kind() == ApiError.Kind.CONFLICT && !sawConflict) {
      sawConflict = true;
      run();
    } else {
      Duration wait = config.retryPeriod().dividedBy(TRIES_PER_PERIOD);
      environment.timers().schedule(wait, mailbox, this::run);
    }
  }
}
