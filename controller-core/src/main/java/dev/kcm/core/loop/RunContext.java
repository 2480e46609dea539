package dev.kcm.core.loop;

import dev.kcm.core.api.Fence;
import dev.kcm.core.object.ObjectKey;
import java.util.Optional;

/**
 * What a run is about, for readers that need more than the key.
 *
 * @param key which object
 * @param settled whether every creation and deletion this loop made for the key has been seen to
 *     arrive, or waited for long enough
 * @param attempt 1, and one more for each failure of the key since it last succeeded
 * @param id tells this run of the loop from others in logs
 * @param fence closed once the run is cancelled or this process may not write
 */
public record RunContext(ObjectKey key, boolean settled, int attempt, String id, Fence fence) {

  /**
   * Why the run should end without result: it took too long, the loop is being stopped, or
   * leadership is lost. Empty while it may go on. Cheap; a reader that takes long asks now and
   * then.
   */
  public Optional<String> cancelledBecause() {
    return fence.closedBecause();
  }

  /**
   * Names the term of leadership, a fencing token for systems outside; empty where no leader is
   * elected.
   */
  public Optional<String> term() {
    return fence.term();
  }
}
