package dev.kcm.core.lease;

import dev.kcm.core.time.Environment;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes part in the election of a leader for as long as it is started.
 *
 * <p>Thread-safe. Nothing blocks, and no thread is held while nothing happens.
 */
public final class LeaderElector implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LeaderElector.class);

  private final Election election;
  private final Leadership leadership;

  private LeaderElector(Election election) {
    this.election = election;
    this.leadership = new View(election);
  }

  /**
   * Settings of an elector.
   *
   * @param lock where the Lease is; with a client of its own
   * @param callbacks what is told
   */
  public static Builder builder(
      LeaderElectionConfig config, LeaseLock lock, LeaderCallbacks callbacks) {
    return new Builder(config, lock, callbacks);
  }

  /**
   * Becomes a candidate. May be called again after {@link #stop()} has completed, and after a loss
   * that ended the election.
   *
   * @throws IllegalStateException when it is running, or not yet done with stopping
   */
  public void start() {
    election.start();
  }

  /**
   * Stops leading or standing. A leader first tells its work to end, waits for it up to the stop
   * grace while it goes on renewing, and then gives the lease back; if the work has not ended, the
   * lease is left to run out.
   *
   * @return completes on a thread of the environment when all that is done; never exceptionally
   */
  public CompletionStage<Void> stop() {
    return election.stop();
  }

  /** Says that the Lease may have changed, so that this candidate looks at it right away. */
  public void leaseChanged() {
    election.leaseChanged();
  }

  /** Whether this process leads; the fence for its writes. */
  public Leadership leadership() {
    return leadership;
  }

  /**
   * Why the election is not well; empty when it is. Standing by is well, and so is not being
   * started.
   *
   * @param timeout added to the lease duration before a leader that cannot renew counts as unwell;
   *     zero or more, upstream's manager takes 20 s
   */
  public Optional<String> unhealthyBecause(Duration timeout) {
    return election.unhealthyBecause(timeout);
  }

  /**
   * Stops for good, and then removes the meters. Another elector of the same Lease in this process
   * should wait for that: the two would share their meters. Idempotent.
   *
   * @return as that of {@link #stop()}
   */
  public CompletionStage<Void> shutDown() {
    return election.stop().thenRun(election.meters()::close);
  }

  /** As {@link #shutDown()}. Does not wait. */
  @Override
  public void close() {
    var unused = shutDown();
  }

  /** Settings of an elector. Confined to the thread that builds. */
  public static final class Builder {

    private final LeaderElectionConfig config;
    private final LeaseLock lock;
    private final LeaderCallbacks callbacks;
    private MeterRegistry registry = new CompositeMeterRegistry();
    private LeaderEvents events = LeaderEvents.NONE;

    private Builder(LeaderElectionConfig config, LeaseLock lock, LeaderCallbacks callbacks) {
      this.config = config;
      this.lock = lock;
      this.callbacks = callbacks;
    }

    /** Where meters are registered, from {@link #build} on; by default nowhere. */
    public Builder meters(MeterRegistry newRegistry) {
      registry = newRegistry;
      return this;
    }

    /** Who records events; by default nobody. */
    public Builder events(LeaderEvents newEvents) {
      events = newEvents;
      return this;
    }

    /**
     * Makes the elector, not started.
     *
     * @throws IllegalArgumentException when the lock's namespace or name is empty
     */
    public LeaderElector build(Environment environment) {
      if (lock.key().namespace().isEmpty() || lock.key().name().isEmpty()) {
        throw new IllegalArgumentException(
            "leader election: the lease needs a namespace and a name, got \"%s\" and \"%s\""
                .formatted(lock.key().namespace(), lock.key().name()));
      }
      Duration safe = config.renewDeadline().plus(config.stopGrace());
      if (config.leaseDuration().compareTo(safe) <= 0) {
        log.warn(
            "leader election: after a loss work has {} to end, but another process may lead after"
                + " {}; leaseDuration should be above renewDeadline + stopGrace",
            config.stopGrace(),
            config.leaseDuration().minus(config.renewDeadline()));
      }
      return new LeaderElector(
          new Election(config, lock, callbacks, events, registry, environment));
    }
  }

  /** Thread-safe: the election's answers are. */
  private record View(Election election) implements Leadership {

    @Override
    public Optional<String> closedBecause() {
      return election.closedBecause();
    }

    @Override
    public Optional<FencingToken> fencing() {
      return election.fencing();
    }

    @Override
    public Optional<String> leader() {
      return election.leader();
    }
  }
}
