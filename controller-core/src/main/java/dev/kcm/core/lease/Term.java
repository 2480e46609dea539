package dev.kcm.core.lease;

import dev.kcm.core.time.Environment;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One term of leadership of this process.
 *
 * <p>Thread-safe: whether it leads is computed from the last renewal, which the election publishes;
 * whoever ends the term first has ended it.
 */
final class Term implements LeaderToken {

  private final Environment environment;
  private final Duration renewDeadline;
  private final Duration tolerance;
  private final Consumer<Term> onSuspect;
  private final Lease lease;
  private final TermWork work;
  private final AtomicReference<@Nullable String> endedBecause = new AtomicReference<>();
  private final AtomicBoolean suspect = new AtomicBoolean();

  /** Written by the election. */
  private volatile Renewal renewal;

  /** Written by the election. */
  private volatile FencingToken fencing;

  /** Written by whoever asks the work to end; never becomes false again. */
  private volatile boolean cancelled;

  /**
   * @param held how the lease was acquired
   * @param work the callbacks of the term
   * @param onSuspect called when the clocks cast doubt on the term; it must be quick
   */
  Term(
      Environment environment,
      LeaderElectionConfig config,
      Claim.Outcome.Held held,
      TermWork work,
      Consumer<Term> onSuspect) {
    this.environment = environment;
    this.renewDeadline = config.renewDeadline();
    this.tolerance = tolerance(config);
    this.lease = held.lease();
    this.renewal = held.renewal();
    this.fencing = FencingToken.of(held.lease());
    this.work = work;
    this.onSuspect = onSuspect;
  }

  /**
   * How far the clocks may move apart unnoticed. A suspended machine looks younger by that much, so
   * it must stay below what lies between renew deadline and lease duration.
   */
  private static Duration tolerance(LeaderElectionConfig config) {
    Duration margin = config.leaseDuration().minus(config.renewDeadline()).dividedBy(2);
    return margin.compareTo(config.retryPeriod()) < 0 ? margin : config.retryPeriod();
  }

  /** Why this process must not write as the leader now; empty when it may. */
  Optional<String> closedBecause() {
    String ended = endedBecause.get();
    if (ended != null) {
      return Optional.of(ended);
    }
    Renewal last = renewal;
    Duration age = last.age(environment);
    if (age.compareTo(renewDeadline) >= 0) {
      return Optional.of(
          "the lease was last renewed %s ago, the limit is %s".formatted(age, renewDeadline));
    }
    if (last.divergence(environment).compareTo(tolerance) > 0) {
      doubt();
    }
    return suspect.get()
        ? Optional.of(
            "this process was suspended or its clock was set; the lease is being confirmed")
        : Optional.empty();
  }

  /** Casts doubt on the term until the next renewal. */
  void doubt() {
    if (endedBecause.get() == null && suspect.compareAndSet(false, true)) {
      onSuspect.accept(this);
    }
  }

  boolean isSuspect() {
    return suspect.get();
  }

  /** Records a renewal. It ends doubt if the clocks have not moved apart since it was sent. */
  void renewed(Claim.Outcome.Held held) {
    Renewal newRenewal = held.renewal();
    renewal = newRenewal;
    FencingToken now = FencingToken.of(held.lease());
    // Another token only if it is another Lease, or was freed by somebody in between.
    if (!now.leaseUid().equals(fencing.leaseUid()) || now.transitions() != fencing.transitions()) {
      fencing = now;
    }
    if (newRenewal.divergence(environment).compareTo(tolerance) <= 0) {
      suspect.set(false);
    }
  }

  /** The Lease as it was acquired. */
  Lease lease() {
    return lease;
  }

  TermWork work() {
    return work;
  }

  Renewal renewal() {
    return renewal;
  }

  /** Asks the work to end, while the term goes on. */
  void cancel() {
    cancelled = true;
  }

  /**
   * Ends the term and cancels its token.
   *
   * @return false when it was over already
   */
  boolean end(String why) {
    cancelled = true;
    return endedBecause.compareAndSet(null, why);
  }

  boolean isOver() {
    return endedBecause.get() != null;
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public boolean isLeading() {
    return closedBecause().isEmpty();
  }

  @Override
  public FencingToken fencing() {
    return fencing;
  }
}
