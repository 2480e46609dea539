package dev.kcm.embedded.http;

import dev.kcm.embedded.pki.Pki;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;
import org.xnio.Options;
import org.xnio.Sequence;
import org.xnio.SslClientAuthMode;

/**
 * The HTTPS side of the API server: HTTP/1.1 and HTTP/2 on one port.
 *
 * <p>Thread-safe: {@code close} may be called from any thread, more than once.
 */
public final class ApiHttpServer implements AutoCloseable {

  private static final int IO_THREADS = 2;
  private static final int MAX_STREAMS = 1000;

  private final Undertow undertow;
  private final URI url;
  private final AtomicBoolean closed = new AtomicBoolean();

  private ApiHttpServer(Undertow undertow, URI url) {
    this.undertow = undertow;
    this.url = url;
  }

  static ApiHttpServer start(String bindAddress, int port, Pki pki, RequestHandler handler) {
    Undertow undertow =
        Undertow.builder()
            .setIoThreads(IO_THREADS)
            .setWorkerOption(Options.WORKER_NAME, "apiserver-http")
            .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
            .setServerOption(UndertowOptions.DECODE_URL, false)
            .setServerOption(UndertowOptions.HTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, MAX_STREAMS)
            .setSocketOption(Options.SSL_CLIENT_AUTH_MODE, SslClientAuthMode.REQUESTED)
            .setSocketOption(Options.SSL_ENABLED_PROTOCOLS, Sequence.of("TLSv1.3", "TLSv1.2"))
            .addHttpsListener(port, bindAddress, pki.serverContext())
            .setHandler(handler)
            .build();
    undertow.start();
    InetSocketAddress bound = (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
    return new ApiHttpServer(undertow, url(bound));
  }

  /** Where clients on this machine reach the server. */
  private static URI url(InetSocketAddress bound) {
    String host =
        bound.getAddress().isAnyLocalAddress() ? "127.0.0.1" : bound.getAddress().getHostAddress();
    String quoted = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return URI.create("https://" + quoted + ":" + bound.getPort());
  }

  /** Base URL, for example {@code https://127.0.0.1:6443}. */
  public URI url() {
    return url;
  }

  /** Stops listening and cuts open connections. Never throws. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      undertow.stop();
    }
  }
}
