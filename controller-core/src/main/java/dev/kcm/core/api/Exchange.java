package dev.kcm.core.api;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.time.SerialExecutor;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One request on the wire and its answer.
 *
 * <p>The receiver runs on a mailbox of this exchange, never on a thread of the transport. The
 * transport reads a few pieces of the body ahead and then waits for the receiver, so a slow
 * receiver slows its own server stream down and nothing else.
 *
 * <p>Confined to its mailbox, except for {@link #abort} and the callbacks of the transport, which
 * only put tasks into it.
 */
final class Exchange {

  /** Pieces of the body in the mailbox; the JDK's client makes them 16 KiB at most. */
  private static final int AHEAD = 16;

  /** Puts a request on the wire; the consumer takes the body of its answer. */
  interface Sending {
    CompletableFuture<HttpResponse<AsyncBody>> send(AsyncBody.Consumer<List<ByteBuffer>> consumer);
  }

  private final Receiver receiver;
  private final Executor mailbox;
  private final Runnable onEnd;

  /** Why it was given up, written by whoever did: it goes before what that makes the wire say. */
  private volatile @Nullable ApiError aborted;

  /** Pieces that the receiver has not dealt with. */
  private final AtomicInteger waiting = new AtomicInteger();

  private @Nullable AsyncBody body;
  private boolean ended;

  /**
   * An exchange that has not begun.
   *
   * @param receiver takes the answer
   * @param threads lends its threads to the mailbox
   * @param onEnd called once after the last call of the receiver, or instead of it after an abort
   */
  Exchange(Receiver receiver, Executor threads, Runnable onEnd) {
    this.receiver = receiver;
    this.mailbox = new SerialExecutor(threads);
    this.onEnd = onEnd;
  }

  /** Sends; credentials may be fetched on the way, so this runs on a thread that may wait. */
  void start(Sending sending) {
    mailbox.execute(
        () -> {
          if (ended) {
            return;
          }
          try {
            var unused = sending.send(this::chunk).whenCompleteAsync(this::headOrFailure, mailbox);
          } catch (RuntimeException notSent) {
            fail(Failures.ofThrown(notSent));
          }
        });
  }

  /** Gives up. The receiver hears of it unless it has had its last call already. */
  void abort(ApiError error) {
    aborted = error;
    mailbox.execute(() -> fail(error));
  }

  private void headOrFailure(
      @Nullable HttpResponse<AsyncBody> response, @Nullable Throwable failure) {
    if (response == null) {
      fail(Failures.ofThrown(failure == null ? new IOException("no answer") : failure));
      return;
    }
    AsyncBody incoming = response.body();
    if (ended) {
      incoming.cancel();
      return;
    }
    body = incoming;
    receiver.head(response);
    var unused = incoming.done().whenCompleteAsync((nothing, broken) -> bodyEnded(broken), mailbox);
    incoming.consume();
  }

  /** On a thread of the transport, which makes no further call before it is asked for more. */
  private void chunk(List<ByteBuffer> buffers, AsyncBody source) {
    mailbox.execute(() -> take(buffers, source));
    if (waiting.incrementAndGet() < AHEAD) {
      source.consume();
    }
  }

  private void take(List<ByteBuffer> buffers, AsyncBody source) {
    if (ended) {
      return;
    }
    try {
      for (ByteBuffer buffer : buffers) {
        receiver.bytes(buffer);
        if (ended) {
          return;
        }
      }
      if (waiting.getAndDecrement() == AHEAD) {
        source.consume();
      }
    } catch (IOException undecodable) {
      fail(Failures.undecodable(undecodable));
    } catch (RuntimeException broken) {
      fail(Failures.ofThrown(broken));
    }
  }

  private void bodyEnded(@Nullable Throwable broken) {
    if (ended) {
      return;
    }
    body = null;
    if (broken != null) {
      fail(Failures.ofThrown(broken));
      return;
    }
    try {
      receiver.end();
      finish();
    } catch (IOException undecodable) {
      fail(Failures.undecodable(undecodable));
    } catch (RuntimeException failed) {
      fail(Failures.ofThrown(failed));
    }
  }

  private void fail(ApiError error) {
    if (ended) {
      return;
    }
    ApiError reason = aborted;
    finish();
    receiver.failed(reason == null ? error : reason);
  }

  private void finish() {
    ended = true;
    if (body != null) {
      body.cancel();
    }
    onEnd.run();
  }
}
