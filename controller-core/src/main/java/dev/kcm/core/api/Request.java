package dev.kcm.core.api;

import dev.kcm.core.api.ApiConnections.Lane;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.time.Timers;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request of a caller: waits for its turn, is sent, and sent again where that is safe.
 *
 * <p>It is repeated only when the server asked for it, with Retry-After on 429 or 5xx, or when the
 * connection of a GET broke before anything of its answer was passed on.
 *
 * <p>Confined to the mailbox of the exchange under way; the steps between two exchanges happen one
 * after the other. {@code over} publishes the end to other threads.
 *
 * @param <R> result
 */
final class Request<R> implements Receiver {

  /** How often at most a request is repeated. */
  private static final int MOST_RETRIES = 10;

  private static final Duration AFTER_BREAK = Duration.ofSeconds(1);

  private final Connection connection;
  private final Warnings warnings;
  private final Call call;
  private final Supplier<Answer<R>> answers;
  private final CompletableFuture<R> future = new CompletableFuture<>();

  private volatile boolean over;
  private volatile TokenBucket.@Nullable Ticket ticket;
  private volatile @Nullable Exchange exchange;

  private @Nullable Answer<R> answer;
  private @Nullable ErrorBody refusal;
  private @Nullable Lane lane;
  private Timers.@Nullable Timer timer;
  private boolean timedOut;
  private int retries;
  private long askedAt;
  private long sentAt;
  private long received;

  Request(Connection connection, Warnings warnings, Call call, Supplier<Answer<R>> answers) {
    this.connection = connection;
    this.warnings = warnings;
    this.call = call;
    this.answers = answers;
  }

  CompletableFuture<R> begin() {
    if (!connection.opened(this)) {
      future.completeExceptionally(new ApiException(Connection.CLOSED));
      return future;
    }
    var unused = future.whenComplete((result, failure) -> settle());
    admit();
    return future;
  }

  /** Ends it from outside: by the client's close, or since the caller cancelled the future. */
  void abort(ApiError error) {
    TokenBucket.Ticket place = ticket;
    if (place != null) {
      place.cancel();
    }
    future.completeExceptionally(new ApiException(error));
  }

  private void settle() {
    over = true;
    connection.ended(this);
    TokenBucket.Ticket place = ticket;
    if (place != null) {
      place.cancel();
    }
    Exchange current = exchange;
    if (current != null) {
      current.abort(Connection.CLOSED);
    }
  }

  private void admit() {
    askedAt = connection.nanos();
    ticket = connection.limiter().acquire(this::admitted);
  }

  private void admitted() {
    connection.meters().waited(call, askedAt);
    connection.slots().acquire(this::send);
  }

  private boolean send() {
    if (over) {
      return false;
    }
    sentAt = connection.nanos();
    received = 0;
    timedOut = false;
    answer = answers.get();
    refusal = null;
    Transport transport = connection.transport();
    Lane via;
    try {
      via = transport.enter();
    } catch (RuntimeException unusable) {
      fail(Failures.ofThrown(unusable));
      return false;
    }
    lane = via;
    Exchange current = new Exchange(this, connection.threads(), () -> leave(via));
    exchange = current;
    startTimer(current);
    current.start(consumer -> transport.send(via, call, connection.requestTimeout(), consumer));
    if (over) {
      current.abort(Connection.CLOSED);
    }
    return true;
  }

  private void leave(Lane via) {
    connection.transport().leave(via);
    connection.slots().release();
  }

  private void startTimer(Exchange current) {
    Duration timeout = connection.requestTimeout();
    if (!timeout.isZero()) {
      timer =
          connection
              .environment()
              .timers()
              .schedule(
                  timeout, connection.threads(), () -> current.abort(Connection.noAnswer(timeout)));
    }
  }

  @Override
  public void head(HttpResponse<?> response) {
    connection.meters().answered(call, response.code());
    connection.warned(warnings, response.headers("Warning"));
    if (!response.isSuccessful()) {
      refusal = new ErrorBody(connection.codec(), response);
    }
  }

  @Override
  public void bytes(ByteBuffer buffer) throws IOException {
    received += buffer.remaining();
    if (refusal != null) {
      refusal.bytes(buffer);
    } else if (answer != null) {
      answer.bytes(buffer);
      restartTimer();
    }
  }

  private void restartTimer() {
    Exchange current = exchange;
    if (answer != null && answer.streams() && timer != null && current != null) {
      timer.cancel();
      startTimer(current);
    }
  }

  @Override
  public void end() throws IOException {
    if (refusal != null) {
      finished();
      refused(refusal);
    } else if (answer != null) {
      R result = answer.result();
      finished();
      future.complete(result);
    }
  }

  @Override
  public void failed(ApiError error) {
    finished();
    if (refusal != null && error.kind() == Kind.BROKEN) {
      // The status line alone says enough; only the explanation got lost.
      refused(refusal);
      return;
    }
    if (error.kind() == Kind.UNREACHABLE || error.kind() == Kind.BROKEN) {
      connection.meters().failed(call);
    }
    timedOut = error.equals(Connection.noAnswer(connection.requestTimeout()));
    if (timedOut && lane != null) {
      connection.transport().abandon(lane);
    }
    boolean untouched = answer == null || !answer.passedOn();
    if (error.kind() == Kind.BROKEN && call.onlyReads() && untouched && !timedOut) {
      again(retries == 0 ? Duration.ZERO : AFTER_BREAK, error);
    } else {
      fail(error);
    }
  }

  private void refused(ErrorBody body) {
    ApiError error = body.error();
    Duration asked = body.retryAfter();
    boolean mayRepeat = error.code() == 429 || error.code() >= 500;
    if (asked != null && mayRepeat) {
      again(asked, error);
    } else {
      fail(error);
    }
  }

  private void again(Duration wait, ApiError error) {
    if (retries >= MOST_RETRIES || over) {
      fail(error);
      return;
    }
    retries++;
    connection.meters().repeated(call, error.code());
    connection
        .environment()
        .timers()
        .schedule(
            wait,
            connection.threads(),
            () -> {
              if (!over) {
                admit();
              }
            });
  }

  private void fail(ApiError error) {
    future.completeExceptionally(new ApiException(error));
  }

  private void finished() {
    if (timer != null) {
      timer.cancel();
    }
    connection.meters().finished(call, sentAt, received);
  }
}
