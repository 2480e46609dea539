package dev.kcm.core.loop;

import dev.kcm.core.object.ObjectKey;
import java.util.Optional;

/**
 * Reads everything a decision needs from caches. Called by several threads at once for different
 * keys.
 *
 * @param <S> snapshot
 */
@FunctionalInterface
public interface Reader<S> {

  /**
   * The snapshot for a key.
   *
   * @param key which object
   * @param settled whether every creation and deletion this loop made for the key has been seen to
   *     arrive (or waited for long enough); established before the first cache is read; always true
   *     for loops without expectations
   * @return empty when there is no such object any more: the key is done and its expectations are
   *     dropped
   */
  Optional<S> read(ObjectKey key, boolean settled);

  /**
   * The snapshot for a run; what the loop calls. Override it when the key is not enough.
   *
   * @param run the key, and what else is known of the run
   * @return as above
   */
  default Optional<S> read(RunContext run) {
    return read(run.key(), run.settled());
  }
}
