package dev.kcm.core.loop;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.PlanText;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a loop would do for a key at this moment.
 *
 * @param key which
 * @param settled whether all its own creations and deletions have been seen to arrive
 * @param decision the plan; null when there is no such object
 */
public record Explanation(ObjectKey key, boolean settled, @Nullable Plan decision) {

  /** The plan; empty when there is no such object. */
  public Optional<Plan> plan() {
    return Optional.ofNullable(decision);
  }

  /** The plan in words, one line for each action with its reason. */
  public String text() {
    if (decision == null) {
      return key + ": no such object";
    }
    String waiting = settled ? "" : " (waits for earlier creations or deletions to arrive)";
    return key + waiting + "\n" + PlanText.of(decision);
  }
}
