package dev.kcm.core.lease;

import dev.kcm.core.lease.Claim.Outcome;
import dev.kcm.core.lease.ElectionMeters.Transition;
import dev.kcm.core.lease.LeaderCallbacks.StopReason;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.SerialExecutor;
import dev.kcm.core.time.Timers;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state machine of an elector.
 *
 * <p>Phases go from IDLE to CANDIDATE to LEADER and back over STEPPING_DOWN, ENDING, RELEASING and
 * LEAVING, some of which may be left out. Whatever happens arrives as a task on one mailbox;
 * nothing there blocks. A term ends on whatever thread notices first, the mailbox hears of it
 * afterwards.
 *
 * <p>Confined to {@code mailbox}, except what is said to be volatile or atomic.
 */
final class Election {

  private static final Logger log = LoggerFactory.getLogger(LeaderElector.class);

  private final LeaderElectionConfig config;
  private final LeaseLock lock;
  private final LeaderCallbacks callbacks;
  private final Environment environment;
  private final ElectionMeters meters;
  private final Executor mailbox;
  private final Executor callbackThreads;
  private final Executor watchdogThreads;
  private final Observation observation;
  private final LeaseRequests requests;
  private final Notices notices;

  /** Whether the elector was started and is not idle again. */
  private final AtomicBoolean running = new AtomicBoolean();

  /** The present term, for readers outside; written by the mailbox. */
  private volatile @Nullable Term term;

  /** When the mailbox last did something; written by the mailbox. */
  private volatile long activeNanos;

  private Phase phase = Phase.IDLE;
  private @Nullable Claim claim;
  private boolean claimAgain;
  private Timers.@Nullable Timer nextClaim;

  /** The last term, until its work has ended. */
  private @Nullable Term endedTerm;

  private LeaseLock.@Nullable Watching watching;

  /** Keeps the candidate known; null unless elections are to be coordinated. */
  private @Nullable Announcer announcer;

  private boolean coordinated;
  private boolean stopRequested;
  private final List<CompletableFuture<Void>> stops = new ArrayList<>();

  private enum Phase {
    /** Not started, or over. */
    IDLE,
    /** Tries to get the lease. */
    CANDIDATE,
    /** Told to stop while a write was under way. */
    WITHDRAWING,
    /** Holds and renews the lease. */
    LEADER,
    /** Holds and renews the lease while the work of the term ends. */
    STEPPING_DOWN,
    /** No longer leads; the work of the term has yet to end. */
    ENDING,
    /** Gives the lease back. */
    RELEASING,
    /** Withdraws its candidacy from the election's controller. */
    LEAVING
  }

  Election(
      LeaderElectionConfig config,
      LeaseLock lock,
      LeaderCallbacks callbacks,
      LeaderEvents events,
      MeterRegistry registry,
      Environment environment) {
    this.config = config;
    this.lock = lock;
    this.callbacks = callbacks;
    this.environment = environment;
    this.mailbox = new SerialExecutor(environment.executor("leader-election"));
    this.callbackThreads = environment.executor("leader-election-callback");
    this.watchdogThreads = environment.executor("leader-election-watchdog");
    this.observation = new Observation(environment.ticker(), config.identity());
    this.requests = new LeaseRequests(lock, environment.timers(), mailbox, config.requestTimeout());
    this.notices =
        new Notices(
            config.identity(),
            lock.key(),
            observation,
            callbacks,
            events,
            new SerialExecutor(environment.executor("leader-election-notice")));
    this.meters =
        new ElectionMeters(
            registry,
            lock.key().name(),
            () -> closedBecause().isEmpty() ? 1 : 0,
            this::renewalAgeSeconds);
  }

  // What the parts of an election share.

  LeaderElectionConfig config() {
    return config;
  }

  ObjectKey key() {
    return lock.key();
  }

  LeaseRequests requests() {
    return requests;
  }

  Observation observation() {
    return observation;
  }

  Environment environment() {
    return environment;
  }

  ElectionMeters meters() {
    return meters;
  }

  /** Whether the API server appoints the leader; known before the first try. */
  boolean isCoordinated() {
    return coordinated;
  }

  // From any thread.

  void start() {
    if (!running.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "the elector of lease " + key() + " is running; stop it before starting it again");
    }
    activeNanos = environment.ticker().nanos();
    mailbox.execute(this::begin);
  }

  CompletableFuture<Void> stop() {
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    mailbox.execute(() -> requestStop(stopped));
    return stopped;
  }

  void leaseChanged() {
    mailbox.execute(
        () -> {
          if (watching != null && (phase == Phase.CANDIDATE || phase == Phase.LEADER)) {
            claimNow();
          }
        });
  }

  Optional<String> closedBecause() {
    Term present = term;
    return present == null ? Optional.of("this process does not lead") : present.closedBecause();
  }

  Optional<FencingToken> fencing() {
    Term present = term;
    return present == null || !present.isLeading()
        ? Optional.empty()
        : Optional.of(present.fencing());
  }

  Optional<String> leader() {
    String holder = observation.seen().holder();
    return holder.isEmpty() ? Optional.empty() : Optional.of(holder);
  }

  Optional<String> unhealthyBecause(Duration timeout) {
    if (!running.get()) {
      return Optional.empty();
    }
    if (notices.hasNamesake()) {
      return Optional.of(
          "another process has the identity %s and renews lease %s"
              .formatted(config.identity(), key().name()));
    }
    Duration limit = config.leaseDuration().plus(timeout);
    Observation.Seen seen = observation.seen();
    if (seen.holder().equals(config.identity()) && isOlder(seen.sinceNanos(), limit)) {
      return Optional.of("failed election to renew leadership on lease " + key().name());
    }
    return isOlder(activeNanos, limit)
        ? Optional.of("the election on lease %s makes no progress".formatted(key().name()))
        : Optional.empty();
  }

  private boolean isOlder(long nanos, Duration limit) {
    return environment.ticker().since(nanos).compareTo(limit) > 0;
  }

  private double renewalAgeSeconds() {
    Term present = term;
    return present == null || present.isOver()
        ? 0
        : present.renewal().age(environment).toNanos() / 1e9;
  }

  /** The mailbox has done something. */
  void isActive() {
    activeNanos = environment.ticker().nanos();
  }

  // Candidate.

  private void begin() {
    phase = Phase.CANDIDATE;
    Coordination coordination = config.coordination();
    if (coordination == null) {
      stand();
      return;
    }
    announcer = new Announcer(this, coordination, lock.candidates(), mailbox);
    announcer.findOut(
        served -> {
          coordinated = served;
          if (served) {
            observation.allowAppointments();
          }
          stand();
        });
  }

  private void stand() {
    watching = lock.watch(new Changes());
    log.info("attempting to acquire leader lease {}...", key());
    claimNow();
  }

  /** Tries at once; while a try is under way, once more right after it. */
  private void claimNow() {
    if (claim != null) {
      claimAgain = true;
      return;
    }
    cancelNextClaim();
    claimAgain = false;
    activeNanos = environment.ticker().nanos();
    Term present = term;
    boolean confirming = present != null && present.isSuspect();
    long startedNanos = activeNanos;
    claim =
        new Claim(
            this,
            present != null,
            outcome -> {
              claim = null;
              activeNanos = environment.ticker().nanos();
              notices.tellLeader();
              concluded(outcome, startedNanos, confirming);
            });
    claim.run();
  }

  private void concluded(Outcome outcome, long startedNanos, boolean confirming) {
    switch (phase) {
      case CANDIDATE -> candidacyConcluded(outcome);
      case WITHDRAWING -> release();
      case LEADER, STEPPING_DOWN -> renewalConcluded(outcome, startedNanos, confirming);
      default -> log.debug("lease {}: {} comes too late", key(), outcome);
    }
  }

  private void candidacyConcluded(Outcome outcome) {
    // Not before the first look: a lease that names this process by then was given to a namesake.
    if (announcer != null && coordinated && observation.hasLooked()) {
      announcer.begin();
    }
    if (outcome instanceof Outcome.Held held
        && held.renewal().age(environment).compareTo(config.renewDeadline()) < 0) {
      lead(held);
      return;
    }
    if (outcome instanceof Outcome.HeldByOther other) {
      log.debug("lock is held by {} and has not yet expired", nobodyIfEmpty(other.holder()));
    } else if (outcome instanceof Outcome.Unwanted unwanted) {
      log.debug("lease {} is to be given to {}", key(), unwanted.preferred());
    } else if (outcome instanceof Outcome.Failed failed) {
      log.debug("failed to acquire lease {}: {}", key(), failed.error().message());
    }
    if (claimAgain) {
      claimNow();
    } else {
      claimIn(candidateWait());
    }
  }

  /** 1 to 2.2 retry periods; or when the lease expires, if that is earlier and lies ahead. */
  private Duration candidateWait() {
    long retry = config.retryPeriod().toNanos();
    double draw = environment.random().nextDouble();
    long wait = (long) (retry * (1 + draw * LeaderElectionConfig.JITTER));
    long remaining = observation.remainingNanos();
    if (remaining > 0 && !observation.record().isFree()) {
      // Spread a little: all candidates saw the last renewal at nearly the same time.
      wait = Math.min(wait, remaining + (long) (draw * retry / 4));
    }
    return Duration.ofNanos(wait);
  }

  private void claimIn(Duration delay) {
    cancelNextClaim();
    nextClaim = environment.timers().schedule(delay, mailbox, this::nextClaimDue);
  }

  private void nextClaimDue() {
    nextClaim = null;
    if (phase == Phase.CANDIDATE || phase == Phase.LEADER || phase == Phase.STEPPING_DOWN) {
      claimNow();
    }
  }

  private void cancelNextClaim() {
    if (nextClaim != null) {
      nextClaim.cancel();
      nextClaim = null;
    }
  }

  // Leader.

  private void lead(Outcome.Held held) {
    phase = Phase.LEADER;
    log.info("successfully acquired lease {}", key());
    TermWork work = new TermWork(callbacks, callbackThreads);
    Term begun =
        new Term(
            environment, config, held, work, suspect -> mailbox.execute(() -> suspected(suspect)));
    term = begun;
    meters.count(Transition.ACQUIRED);
    notices.record(held.lease(), "became leader");
    new Watchdog(begun, environment, config, watchdogThreads, why -> lose(begun, why)).start();
    work.start(begun, error -> mailbox.execute(() -> startFailed(begun, error)));
    claimAfter(held.renewal().nanos());
  }

  private void renewalConcluded(Outcome outcome, long startedNanos, boolean confirming) {
    Term present = term;
    if (present == null || present.isOver()) {
      return;
    }
    if (outcome instanceof Outcome.Held held) {
      present.renewed(held);
      meters.renewed(environment.ticker().since(startedNanos));
    } else if (outcome instanceof Outcome.HeldByOther other) {
      lose(present, "the lease is held by " + nobodyIfEmpty(other.holder()));
      return;
    } else if (outcome instanceof Outcome.Unwanted unwanted) {
      lose(present, "the election controller prefers " + unwanted.preferred());
      return;
    } else if (outcome instanceof Outcome.Failed failed) {
      log.warn("failed to renew lease {}: {}", key(), failed.error().message());
      if (confirming) {
        lose(present, "the lease could not be confirmed: " + failed.error().message());
        return;
      }
    }
    if (present.isSuspect() || claimAgain) {
      claimNow();
    } else {
      claimAfter(startedNanos);
    }
  }

  private static String nobodyIfEmpty(String holder) {
    return holder.isEmpty() ? "nobody" : holder;
  }

  /** The next renewal begins a retry period after the last began. */
  private void claimAfter(long startedNanos) {
    Duration passed = environment.ticker().since(startedNanos);
    Duration left = config.retryPeriod().minus(passed);
    claimIn(left.isNegative() ? Duration.ZERO : left);
  }

  private void suspected(Term suspect) {
    if (term == suspect && !suspect.isOver()) {
      log.warn(
          "this process was suspended or its clock was set; confirming that it holds lease {}",
          key());
      meters.count(Transition.SUSPECT);
      claimNow();
    }
  }

  // The end of a term.

  /** From any thread: the watchdog's, or the mailbox, which need not run for the work to end. */
  private void lose(Term lost, String why) {
    if (lost.end(why)) {
      meters.count(Transition.LOST);
      log.info("leaderelection lost: {}", why);
      notices.record(lost.lease(), "stopped leading");
      CompletableFuture<Void> ended = lost.work().stop(StopReason.LOST);
      mailbox.execute(() -> lostTerm(lost, ended));
    }
  }

  private void lostTerm(Term lost, CompletableFuture<Void> ended) {
    if (term != lost) {
      return;
    }
    boolean waiting = phase == Phase.STEPPING_DOWN;
    endTerm(lost);
    phase = Phase.ENDING;
    if (!waiting) {
      whenEnded(lost, ended);
    }
  }

  private void startFailed(Term failed, Throwable error) {
    log.error("The callback for the start of leadership failed; stepping down", error);
    if (term == failed && phase == Phase.LEADER) {
      stepDown(StopReason.START_FAILED);
    }
  }

  private void stepDown(StopReason reason) {
    Term present = term;
    if (present == null) {
      return;
    }
    phase = Phase.STEPPING_DOWN;
    present.cancel();
    whenEnded(present, present.work().stop(reason));
  }

  private void whenEnded(Term ending, CompletableFuture<Void> ended) {
    Timers.Timer grace =
        environment.timers().schedule(config.stopGrace(), mailbox, () -> graceOver(ending, ended));
    var unused =
        ended.whenCompleteAsync(
            (nothing, error) -> {
              grace.cancel();
              workEnded(ending, error == null);
            },
            mailbox);
  }

  private void graceOver(Term ending, CompletableFuture<Void> ended) {
    if (ended.isDone()) {
      return;
    }
    log.warn("work under lease {} has not ended within {}", key(), config.stopGrace());
    if (term == ending) {
      stopTerm(ending);
      phase = Phase.ENDING;
    }
    if (phase == Phase.ENDING && endedTerm == ending && stopRequested) {
      becomeIdle();
    }
  }

  private void workEnded(Term ending, boolean cleanly) {
    if (phase == Phase.STEPPING_DOWN && term == ending) {
      stopTerm(ending);
      if (cleanly && config.releaseOnStop()) {
        release();
        return;
      }
      phase = Phase.ENDING;
    }
    if (phase == Phase.ENDING && endedTerm == ending) {
      afterTerm();
    }
  }

  private void stopTerm(Term ending) {
    if (ending.end("this process stopped leading")) {
      notices.record(ending.lease(), "stopped leading");
    }
    endTerm(ending);
  }

  /** The term is over already; the mailbox forgets it. */
  private void endTerm(Term ending) {
    term = null;
    endedTerm = ending;
    cancelNextClaim();
    claimAgain = false;
    if (claim != null) {
      claim.abandon();
      claim = null;
    }
  }

  private void release() {
    phase = Phase.RELEASING;
    if (stopRequested && announcer != null) {
      // Before the lease is free: the controller should not appoint this process again.
      var unused = announcer.leave();
    }
    new Release(this, mailbox, this::released).run();
  }

  private void released() {
    notices.tellLeader();
    afterTerm();
  }

  private void afterTerm() {
    endedTerm = null;
    if (stopRequested || config.afterLoss() == LeaderElectionConfig.AfterLoss.STOP) {
      becomeIdle();
    } else {
      phase = Phase.CANDIDATE;
      log.info("attempting to acquire leader lease {}...", key());
      // Not at once: whoever failed to lead should not be the first to try again.
      claimIn(candidateWait());
    }
  }

  private void requestStop(CompletableFuture<Void> stopped) {
    if (phase == Phase.IDLE) {
      stopped.complete(null);
      return;
    }
    stops.add(stopped);
    if (stopRequested) {
      return;
    }
    stopRequested = true;
    switch (phase) {
      case CANDIDATE -> withdraw();
      case LEADER -> stepDown(StopReason.STOPPED);
      default -> log.debug("lease {}: already on the way to stop", key());
    }
  }

  private void withdraw() {
    cancelNextClaim();
    if (claim != null && claim.isWriting()) {
      // If the server grants it, it must be given back: wait for the answer.
      phase = Phase.WITHDRAWING;
      return;
    }
    if (claim != null) {
      claim.abandon();
      claim = null;
    }
    if (observation.mayBeMine() && config.releaseOnStop()) {
      release();
    } else {
      becomeIdle();
    }
  }

  private void becomeIdle() {
    endedTerm = null;
    if (watching != null) {
      watching.close();
      watching = null;
    }
    if (announcer == null) {
      isIdle();
      return;
    }
    phase = Phase.LEAVING;
    CompletableFuture<Void> left = announcer.leave();
    announcer = null;
    var unused = left.whenCompleteAsync((nothing, never) -> isIdle(), mailbox);
  }

  private void isIdle() {
    phase = Phase.IDLE;
    stopRequested = false;
    List<CompletableFuture<Void>> waiting = List.copyOf(stops);
    stops.clear();
    running.set(false);
    callbackThreads.execute(() -> waiting.forEach(stopped -> stopped.complete(null)));
  }

  /** Posts to the mailbox. Immutable. */
  private final class Changes implements LeaseLock.Observer {

    @Override
    public void changed(LeaseRecord record) {
      mailbox.execute(() -> consider(record));
    }

    @Override
    public void deleted() {
      leaseChanged();
    }
  }

  /** A change that may mean something to this process is looked at right away. */
  private void consider(LeaseRecord record) {
    boolean namesThis = record.holder().equals(config.identity());
    boolean unwanted = coordinated && !record.preferredHolder().isEmpty();
    boolean chance =
        phase == Phase.CANDIDATE && (coordinated ? namesThis && !unwanted : record.isFree());
    boolean threat = phase == Phase.LEADER && (!namesThis || unwanted);
    if (chance || threat) {
      claimNow();
    }
  }
}
