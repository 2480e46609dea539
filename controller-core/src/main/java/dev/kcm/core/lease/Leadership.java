package dev.kcm.core.lease;

import dev.kcm.core.api.ApiException;
import dev.kcm.core.api.Fence;
import dev.kcm.core.object.ApiError;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whether this process leads, computed when asked from the age of the last renewal.
 *
 * <p>Thread-safe; never blocks. As a {@link Fence} it is open exactly while {@link #isLeader()}.
 */
public interface Leadership extends Fence {

  /** Whether this process may write as the leader now. */
  default boolean isLeader() {
    return closedBecause().isEmpty();
  }

  /** The term that leads now; empty when this process does not lead. */
  Optional<FencingToken> fencing();

  /** The {@linkplain FencingToken#text() text} of {@link #fencing()}. */
  @Override
  default Optional<String> term() {
    return fencing().map(FencingToken::text);
  }

  /** Who holds the lease, as last seen; empty when nobody does or nothing was seen yet. */
  Optional<String> leader();

  /**
   * Runs a write if this process leads.
   *
   * @throws ApiException of kind FENCED, with the reason, when it does not
   */
  default <T> T guarded(Supplier<T> write) {
    Optional<String> closed = closedBecause();
    if (closed.isPresent()) {
      throw new ApiException(ApiError.of(ApiError.Kind.FENCED, 0, "not sent: " + closed.get()));
    }
    return write.get();
  }
}
