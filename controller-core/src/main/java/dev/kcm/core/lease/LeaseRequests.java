package dev.kcm.core.lease;

import dev.kcm.core.api.ApiException;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.time.Timers;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Requests that are answered in time, whatever becomes of them: each ends with a reply on the
 * mailbox, after the timeout at the latest. An answer after that is ignored.
 *
 * <p>Confined to the election's mailbox.
 */
final class LeaseRequests {

  private final LeaseLock lock;
  private final Timers timers;
  private final Executor mailbox;
  private final Duration timeout;

  LeaseRequests(LeaseLock lock, Timers timers, Executor mailbox, Duration timeout) {
    this.lock = lock;
    this.timers = timers;
    this.mailbox = mailbox;
    this.timeout = timeout;
  }

  void get(Consumer<Reply> then) {
    send(lock::get, then);
  }

  void create(Lease lease, Consumer<Reply> then) {
    send(() -> lock.create(lease), then);
  }

  void update(Lease lease, Consumer<Reply> then) {
    send(() -> lock.update(lease), then);
  }

  private void send(Supplier<CompletableFuture<Lease>> request, Consumer<Reply> then) {
    Pending pending = new Pending(then);
    pending.timer =
        timers.schedule(
            timeout, mailbox, () -> pending.answer(Reply.failed(noAnswer("within " + timeout))));
    CompletableFuture<Lease> answer;
    try {
      answer = request.get();
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    var unused =
        answer.whenCompleteAsync((lease, error) -> pending.answer(Reply.of(lease, error)), mailbox);
  }

  static ApiException timedOut(Duration timeout) {
    return new ApiException(noAnswer("within " + timeout));
  }

  private static ApiError noAnswer(String detail) {
    return ApiError.of(ApiError.Kind.BROKEN, 0, "no answer " + detail);
  }

  /**
   * How a request ended: exactly one is set.
   *
   * @param lease the answer
   * @param error why there is none
   */
  record Reply(@Nullable Lease lease, @Nullable ApiError error) {

    static Reply failed(ApiError error) {
      return new Reply(null, error);
    }

    static Reply of(@Nullable Lease lease, @Nullable Throwable error) {
      if (error != null) {
        return failed(ApiException.errorOf(error));
      }
      return lease == null ? failed(noAnswer("in the response")) : new Reply(lease, null);
    }
  }

  /** Confined to the mailbox. */
  private static final class Pending {

    private final Consumer<Reply> then;
    private Timers.@Nullable Timer timer;
    private boolean answered;

    private Pending(Consumer<Reply> then) {
      this.then = then;
    }

    private void answer(Reply reply) {
      if (!answered) {
        answered = true;
        if (timer != null) {
          timer.cancel();
        }
        then.accept(reply);
      }
    }
  }
}
