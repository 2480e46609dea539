package dev.kcm.core.api;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One open watch.
 *
 * <p>Confined to the mailbox of its exchange, except for {@link #close()}: {@code closed} is
 * written by any thread and read before each call of the listener.
 *
 * @param <T> model class
 */
final class WatchStream<T extends HasMetadata> implements Receiver, ApiClient.Watch {

  private final Connection connection;
  private final Warnings warnings;
  private final Call call;
  private final WatchListener<T> listener;
  private final FrameSplitter splitter;
  private final Exchange exchange;

  private volatile boolean closed;
  private @Nullable ErrorBody refusal;
  private @Nullable ApiError error;

  WatchStream(
      Connection connection,
      Warnings warnings,
      ResourceType<T> type,
      Call call,
      WatchListener<T> listener) {
    this.connection = connection;
    this.warnings = warnings;
    this.call = call;
    this.listener = listener;
    FrameDecoder<T> decoder = new FrameDecoder<>(connection.codec(), type, this);
    this.splitter =
        new FrameSplitter(
            (bytes, from, to) -> {
              if (!closed && error == null) {
                decoder.frame(bytes, from, to);
              }
            });
    this.exchange = new Exchange(this, connection.threads(), () -> connection.ended(this));
  }

  void begin(Duration headTimeout) {
    if (connection.opened(this)) {
      exchange.start(consumer -> connection.transport().watch(call, headTimeout, consumer));
    } else {
      exchange.abort(Connection.CLOSED);
    }
  }

  /** Ends it from the client's side; the listener hears of it. */
  void abort(ApiError reason) {
    exchange.abort(reason);
  }

  @Override
  public void close() {
    closed = true;
    exchange.abort(Connection.CLOSED);
  }

  void event(WatchListener.Type type, T object) {
    if (!closed) {
      listener.event(type, object);
    }
  }

  void bookmark(String resourceVersion, boolean initialEventsEnd) {
    if (!closed) {
      listener.bookmark(resourceVersion, initialEventsEnd);
    }
  }

  /** An ERROR event: nothing that follows it counts. */
  void error(ApiError reason) {
    error = reason;
    exchange.abort(reason);
  }

  @Override
  public void head(HttpResponse<?> response) {
    connection.meters().answered(call, response.code());
    connection.warned(warnings, response.headers("Warning"));
    if (!response.isSuccessful()) {
      refusal = new ErrorBody(connection.codec(), response);
    } else if (!closed) {
      listener.opened();
    }
  }

  @Override
  public void bytes(ByteBuffer buffer) throws IOException {
    if (refusal != null) {
      refusal.bytes(buffer);
    } else {
      splitter.feed(buffer);
    }
  }

  @Override
  public void end() throws IOException {
    if (refusal == null) {
      splitter.finish();
      ended(error);
    } else {
      ended(refusal.error());
    }
  }

  @Override
  public void failed(ApiError reason) {
    if (reason.kind() == ApiError.Kind.UNREACHABLE || reason.kind() == ApiError.Kind.BROKEN) {
      connection.meters().failed(call);
    }
    ended(error != null ? error : refusal != null ? refusal.error() : reason);
  }

  private void ended(@Nullable ApiError reason) {
    if (!closed) {
      closed = true;
      listener.closed(reason);
    }
  }
}
