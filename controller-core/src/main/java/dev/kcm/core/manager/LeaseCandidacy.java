package dev.kcm.core.manager;

import dev.kcm.core.lease.LeaderCallbacks;
import dev.kcm.core.lease.LeaderElector;
import dev.kcm.core.lease.LeaderToken;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Candidacy on a Lease.
 *
 * <p>Thread-safe: volatile fields hand on what {@link #campaign} and {@link #abandon} were told,
 * before the elector is started or stopped.
 */
public final class LeaseCandidacy implements Candidacy {

  private final LeaderElector elector;
  private volatile Runnable onStarted = () -> {};
  private volatile Runnable onLost = () -> {};
  private volatile boolean abandoned;

  private LeaseCandidacy(Function<LeaderCallbacks, LeaderElector> elector) {
    this.elector = elector.apply(new Callbacks());
  }

  /**
   * Candidacy through an elector.
   *
   * @param elector makes the elector, not started, with the callbacks given
   */
  public static LeaseCandidacy of(Function<LeaderCallbacks, LeaderElector> elector) {
    return new LeaseCandidacy(elector);
  }

  /** The elector, for its health and its view of who leads. */
  public LeaderElector elector() {
    return elector;
  }

  @Override
  public void campaign(Runnable started, Runnable lost) {
    onStarted = started;
    onLost = lost;
    elector.start();
  }

  @Override
  public CompletionStage<Void> release() {
    return elector.stop();
  }

  @Override
  public void abandon() {
    abandoned = true;
    var unused = elector.stop();
  }

  @Override
  public Optional<String> closedBecause() {
    return elector.leadership().closedBecause();
  }

  private final class Callbacks implements LeaderCallbacks {

    @Override
    public void onStartedLeading(LeaderToken token) {
      onStarted.run();
    }

    /** The work has ended before a candidacy is released; see {@link LeaderElectedManager}. */
    @Override
    public CompletionStage<Void> onStoppedLeading(StopReason reason) {
      if (reason != StopReason.STOPPED) {
        onLost.run();
      }
      return abandoned
          ? CompletableFuture.failedFuture(new IllegalStateException("work has not ended"))
          : CompletableFuture.completedFuture(null);
    }
  }
}
