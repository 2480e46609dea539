package dev.kcm.embedded.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kcm.embedded.resource.Statuses;
import io.undertow.connector.ByteBufferPool;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.ConnectorStatistics;
import io.undertow.server.DelegateOpenListener;
import io.undertow.server.HttpHandler;
import io.undertow.server.protocol.http.HttpOpenListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.xnio.OptionMap;
import org.xnio.StreamConnection;
import org.xnio.conduits.AbstractStreamSinkConduit;
import org.xnio.conduits.ConduitStreamSinkChannel;
import org.xnio.conduits.StreamSinkConduit;

/**
 * Puts a Status into the answer to HTTP/1.1 requests that the server library cannot parse, for
 * example because of a URL with half an escape. The library writes that answer by itself, past all
 * handlers, as the same few bytes without a body each time.
 *
 * <p>Confined to the I/O thread of its connection.
 */
final class RefusedUrls extends AbstractStreamSinkConduit<StreamSinkConduit> {

  private static final ByteBuffer BARE =
      bytes("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  private static final ByteBuffer FULL = full();

  /** What remains to be written instead of the bare answer. */
  private @Nullable ByteBuffer instead;

  private RefusedUrls(StreamSinkConduit next) {
    super(next);
  }

  private static ByteBuffer full() {
    byte[] body =
        Statuses.badRequest("the request cannot be parsed").status().toString().getBytes(UTF_8);
    String head =
        "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length
            + "\r\nConnection: close\r\n\r\n";
    return bytes(head + new String(body, UTF_8));
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(US_ASCII)).asReadOnlyBuffer();
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    if (instead == null && source.remaining() == BARE.remaining() && source.equals(BARE)) {
      instead = FULL.duplicate();
    }
    ByteBuffer pending = instead;
    if (pending == null) {
      return next.write(source);
    }
    while (pending.hasRemaining()) {
      if (next.write(pending) == 0) {
        return 0;
      }
    }
    int taken = source.remaining();
    source.position(source.limit());
    return taken;
  }

  /** Opens connections as the library does, with this in between. Thread-safe: immutable. */
  static final class Listener implements DelegateOpenListener {

    private final HttpOpenListener http;

    Listener(HttpOpenListener http) {
      this.http = http;
    }

    @Override
    public void handleEvent(StreamConnection connection, @Nullable PooledByteBuffer first) {
      wrap(connection);
      http.handleEvent(connection, first);
    }

    @Override
    public void handleEvent(StreamConnection connection) {
      wrap(connection);
      http.handleEvent(connection);
    }

    private static void wrap(StreamConnection connection) {
      ConduitStreamSinkChannel sink = connection.getSinkChannel();
      sink.setConduit(new RefusedUrls(sink.getConduit()));
    }

    @Override
    public HttpHandler getRootHandler() {
      return http.getRootHandler();
    }

    @Override
    public void setRootHandler(HttpHandler handler) {
      http.setRootHandler(handler);
    }

    @Override
    public OptionMap getUndertowOptions() {
      return http.getUndertowOptions();
    }

    @Override
    public void setUndertowOptions(OptionMap options) {
      http.setUndertowOptions(options);
    }

    @Override
    public ByteBufferPool getBufferPool() {
      return http.getBufferPool();
    }

    @Override
    public ConnectorStatistics getConnectorStatistics() {
      return http.getConnectorStatistics();
    }

    @Override
    public void closeConnections() {
      http.closeConnections();
    }
  }
}
