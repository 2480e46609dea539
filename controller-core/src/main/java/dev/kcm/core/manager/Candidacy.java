package dev.kcm.core.manager;

import dev.kcm.core.api.Fence;
import java.util.concurrent.CompletionStage;

/**
 * Candidacy as a manager needs it. As a fence it is closed unless this process leads at that very
 * moment. Thread-safe.
 */
public interface Candidacy extends Fence {

  /**
   * Strives for leadership from now on.
   *
   * @param onStarted called each time leadership begins
   * @param onLost called each time it ends otherwise than by {@link #release()} or {@link
   *     #abandon()}, after the fence has closed
   */
  void campaign(Runnable onStarted, Runnable onLost);

  /**
   * Ends the campaign and gives leadership back, so that a successor need not wait.
   *
   * @return completes when it is given back, or was not held; fails when it has to run out
   */
  CompletionStage<Void> release();

  /** Ends the campaign and lets leadership run out. */
  void abandon();
}
