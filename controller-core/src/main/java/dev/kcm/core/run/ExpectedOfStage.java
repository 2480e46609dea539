package dev.kcm.core.run;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Stage;
import java.util.ArrayList;
import java.util.List;

/**
 * Raises expectations before a stage and lowers them for what will never be seen to arrive.
 *
 * <p>Confined to the mailbox of a run.
 */
final class ExpectedOfStage {

  private final Expectations expectations;
  private final ObjectKey key;

  ExpectedOfStage(Expectations expectations, ObjectKey key) {
    this.expectations = expectations;
    this.key = key;
  }

  /**
   * Raises expectations for all actions of a stage in one record.
   *
   * @param first whether this is the first stage of the run to expect something: it replaces what
   *     an earlier run left, later ones add
   * @return whether the stage expects anything
   */
  boolean raise(Stage stage, boolean first) {
    int creations = 0;
    List<ObjectKey> deletions = new ArrayList<>();
    for (Action action : stage.actions()) {
      if (action instanceof Action.Create<?> create && create.expected()) {
        creations++;
      } else if (action instanceof Action.Delete<?> delete && delete.expected()) {
        deletions.add(delete.key());
      }
    }
    if (creations == 0 && deletions.isEmpty()) {
      return false;
    }
    if (first) {
      expectations.expect(key, creations, deletions);
    } else {
      expectations.raise(key, creations, deletions);
    }
    return true;
  }

  /** Lowers for an action that failed. */
  void failed(Action action, ApiError error) {
    // What a namespace on its way out refuses stays expected: that keeps the key quiet until the
    // namespace has taken it away, where lowering would try again at once, in vain.
    if (!Rejections.isQuiet(action, error)) {
      withdraw(action);
    }
  }

  /** Lowers for an action that was skipped, or whose object was gone already. */
  void withdraw(Action action) {
    if (action instanceof Action.Create<?> create && create.expected()) {
      expectations.creationObserved(key);
    } else if (action instanceof Action.Delete<?> delete && delete.expected()) {
      expectations.deletionObserved(key, delete.key());
    }
  }
}
