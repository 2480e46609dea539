package dev.kcm.daemon.boot;

import dev.kcm.core.manager.Candidacy;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A candidacy that tells somebody else too when leadership begins.
 *
 * @param candidacy does the work
 * @param begun runs after what the manager does when leadership begins
 */
record AnnouncedCandidacy(Candidacy candidacy, Runnable begun) implements Candidacy {

  @Override
  public void campaign(Runnable onStarted, Runnable onLost) {
    candidacy.campaign(
        () -> {
          onStarted.run();
          begun.run();
        },
        onLost);
  }

  @Override
  public CompletionStage<Void> release() {
    return candidacy.release();
  }

  @Override
  public void abandon() {
    candidacy.abandon();
  }

  @Override
  public Optional<String> closedBecause() {
    return candidacy.closedBecause();
  }

  @Override
  public Optional<String> term() {
    return candidacy.term();
  }
}
