package dev.kcm.core.manager;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A manager whose controllers work only while this process leads. While it does not, the caches are
 * kept warm, so that taking over means starting the loops and nothing else; {@link #coldStandby()}
 * saves their memory and watches instead.
 *
 * <p>Candidacy is given back only after every run has ended; when one has not, the lease runs out
 * by itself, because what that run still does must not meet a successor.
 *
 * <p>Thread-safe: it only hands on to the manager and the candidacy, which are; the flag says
 * whether it was started.
 */
public final class LeaderElectedManager {

  /** Longest time for writing Events before leadership is given back: a successor waits for it. */
  static final Duration FLUSH = Duration.ofSeconds(1);

  /** Longest time for giving leadership back. */
  static final Duration RELEASE = Duration.ofSeconds(10);

  private final Manager manager;
  private final Candidacy candidacy;
  private final Runnable onLost;
  private final boolean warm;
  private final AtomicBoolean started = new AtomicBoolean();

  private LeaderElectedManager(
      Manager manager, Candidacy candidacy, Runnable onLost, boolean warm) {
    this.manager = manager;
    this.candidacy = candidacy;
    this.onLost = onLost;
    this.warm = warm;
  }

  /**
   * Joins a manager and its candidacy.
   *
   * @param manager not started; its fence should be the candidacy
   * @param onLost called after leadership was lost and the controllers were cancelled: a daemon
   *     ends its process, others do nothing and may lead again
   */
  public static LeaderElectedManager of(Manager manager, Candidacy candidacy, Runnable onLost) {
    return new LeaderElectedManager(manager, candidacy, onLost, true);
  }

  /**
   * The same, not started, whose caches are filled only when it begins to lead. They stay warm
   * after a loss.
   */
  public LeaderElectedManager coldStandby() {
    return new LeaderElectedManager(manager, candidacy, onLost, false);
  }

  /** The manager, for its health. */
  public Manager manager() {
    return manager;
  }

  /** Warms the caches and strives for leadership. Returns at once. A second call does nothing. */
  public void start() {
    if (!started.compareAndSet(false, true)) {
      return;
    }
    if (warm) {
      manager.standBy();
    }
    candidacy.campaign(manager::start, this::lost);
  }

  /**
   * Why this process could not do its work if it led now; empty when it could, leader or not. A
   * cold standby always could.
   */
  public Optional<String> notReadyBecause() {
    boolean waits = started.get() && !warm && candidacy.closedBecause().isPresent();
    return waits ? Optional.empty() : manager.notReadyBecause();
  }

  /**
   * Stops for good: controllers, informers, Events, leadership, clients.
   *
   * @param grace how long runs under way may take to finish
   * @return how it went; the step {@code leadership} is incomplete when it was not given back
   */
  public CompletableFuture<StopReport> stop(Duration grace) {
    return manager.stop(
        grace, FLUSH, steps -> steps.then("leadership", RELEASE, () -> giveBack(steps)));
  }

  private void lost() {
    manager.cancel();
    onLost.run();
  }

  private CompletionStage<String> giveBack(StopSequence steps) {
    if (!steps.wasComplete("controllers")) {
      candidacy.abandon();
      return CompletableFuture.completedFuture("not given back, because controllers still work");
    }
    return candidacy.release().thenApply(nothing -> "");
  }
}
