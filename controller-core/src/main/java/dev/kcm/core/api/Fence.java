package dev.kcm.core.api;

import java.util.Optional;

/**
 * Says at the moment of a write whether this process may still write.
 *
 * <p>Asked once for each write, just before it leaves the process. Thread-safe; must not block.
 */
@FunctionalInterface
public interface Fence {

  /** Always open. */
  Fence OPEN = Optional::empty;

  /** Why a write must not leave the process now; empty when it may. */
  Optional<String> closedBecause();

  /**
   * Names the term of leadership that keeps it open, as a fencing token for systems outside; empty
   * where no leader is elected.
   */
  default Optional<String> term() {
    return Optional.empty();
  }
}
