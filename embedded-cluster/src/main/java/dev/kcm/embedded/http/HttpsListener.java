package dev.kcm.embedded.http;

import io.undertow.UndertowOptions;
import io.undertow.connector.ByteBufferPool;
import io.undertow.protocols.ssl.UndertowXnioSsl;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.server.HttpHandler;
import io.undertow.server.protocol.http.AlpnOpenListener;
import io.undertow.server.protocol.http.HttpOpenListener;
import io.undertow.server.protocol.http2.Http2OpenListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLContext;
import org.xnio.ChannelListener;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Sequence;
import org.xnio.SslClientAuthMode;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;
import org.xnio.ssl.SslConnection;

/**
 * A port for TLS that speaks HTTP/1.1 and HTTP/2. Put together here and not by the library's own
 * builder, which offers no place for {@link RefusedUrls}.
 *
 * <p>Thread-safe: immutable but for what it closes.
 */
final class HttpsListener implements AutoCloseable {

  private static final int IO_THREADS = 2;
  private static final int WORKER_THREADS = 16;
  private static final int BUFFER_BYTES = 16 * 1024 - 20;
  private static final int BACKLOG = 1000;
  private static final int MAX_STREAMS = 1000;
  private static final int IDLE_MILLIS = 60_000_000;

  private static final OptionMap WORKER =
      OptionMap.builder()
          .set(Options.WORKER_NAME, "apiserver-http")
          .set(Options.THREAD_DAEMON, true)
          .set(Options.WORKER_IO_THREADS, IO_THREADS)
          .set(Options.WORKER_TASK_CORE_THREADS, WORKER_THREADS)
          .set(Options.WORKER_TASK_MAX_THREADS, WORKER_THREADS)
          .set(Options.TCP_NODELAY, true)
          .set(Options.CORK, true)
          .getMap();

  private static final OptionMap SOCKET =
      OptionMap.builder()
          .set(Options.TCP_NODELAY, true)
          .set(Options.REUSE_ADDRESSES, true)
          .set(Options.BACKLOG, BACKLOG)
          .set(Options.SSL_CLIENT_AUTH_MODE, SslClientAuthMode.REQUESTED)
          .set(Options.SSL_ENABLED_PROTOCOLS, Sequence.of("TLSv1.3", "TLSv1.2"))
          .getMap();

  private static final OptionMap HTTP =
      OptionMap.builder()
          .set(UndertowOptions.BUFFER_PIPELINED_DATA, true)
          .set(UndertowOptions.NO_REQUEST_TIMEOUT, IDLE_MILLIS)
          .set(UndertowOptions.ENABLE_HTTP2, true)
          .set(UndertowOptions.DECODE_URL, false)
          .set(UndertowOptions.HTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, MAX_STREAMS)
          // Each watch that a client ends cancels a stream; the default allows 200 in 30 s.
          .set(UndertowOptions.MAX_RST_FRAMES_PER_WINDOW, Integer.MAX_VALUE)
          .getMap();

  private final XnioWorker worker;
  private final AlpnOpenListener connections;
  private final AcceptingChannel<SslConnection> channel;

  private HttpsListener(
      XnioWorker worker, AlpnOpenListener connections, AcceptingChannel<SslConnection> channel) {
    this.worker = worker;
    this.connections = connections;
    this.channel = channel;
  }

  /**
   * Listens, and hands all requests to the handler.
   *
   * @throws IOException when the address cannot be bound
   */
  static HttpsListener start(InetSocketAddress address, SSLContext tls, HttpHandler handler)
      throws IOException {
    Xnio xnio = Xnio.getInstance(HttpsListener.class.getClassLoader());
    XnioWorker worker = xnio.createWorker(WORKER);
    AlpnOpenListener connections = connections(handler);
    UndertowXnioSsl ssl =
        new UndertowXnioSsl(xnio, OptionMap.create(Options.USE_DIRECT_BUFFERS, true), tls);
    ChannelListener<AcceptingChannel<SslConnection>> accepted =
        ChannelListeners.openListenerAdapter((ChannelListener<StreamConnection>) connections);
    try {
      AcceptingChannel<SslConnection> channel =
          ssl.createSslConnectionServer(worker, address, accepted, SOCKET);
      channel.resumeAccepts();
      return new HttpsListener(worker, connections, channel);
    } catch (IOException e) {
      worker.shutdownNow();
      throw e;
    }
  }

  private static AlpnOpenListener connections(HttpHandler handler) {
    ByteBufferPool buffers = new DefaultByteBufferPool(true, BUFFER_BYTES, -1, 4);
    HttpOpenListener http1 = new HttpOpenListener(buffers, HTTP);
    http1.setRootHandler(handler);
    Http2OpenListener http2 = new Http2OpenListener(buffers, HTTP);
    http2.setRootHandler(handler);
    AlpnOpenListener both =
        new AlpnOpenListener(buffers, HTTP, "http/1.1", new RefusedUrls.Listener(http1));
    return both.addProtocol(Http2OpenListener.HTTP2, http2, 10);
  }

  InetSocketAddress address() {
    return channel.getLocalAddress(InetSocketAddress.class);
  }

  /** Stops listening and cuts open connections. */
  @Override
  public void close() {
    IoUtils.safeClose(channel);
    connections.closeConnections();
    worker.shutdownNow();
  }
}
