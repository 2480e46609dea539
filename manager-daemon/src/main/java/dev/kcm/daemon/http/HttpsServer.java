package dev.kcm.daemon.http;

import dev.kcm.daemon.tls.AnyClientCertificate;
import dev.kcm.daemon.tls.ServingCertificate;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.xnio.Options;
import org.xnio.Sequence;
import org.xnio.SslClientAuthMode;

/**
 * The HTTPS listener of the daemon: TLS 1.2 and 1.3, HTTP/1.1 and HTTP/2, client certificates asked
 * for when an authority for them is known.
 *
 * <p>Limits are those of the original: headers of 1 MiB in all, 90 s idle, 100 streams for each
 * connection. Thread-safe.
 */
public final class HttpsServer implements AutoCloseable {

  private static final int MAX_HEADER_BYTES = 1 << 20;
  private static final int MAX_BODY_BYTES = 1 << 16;
  private static final int IDLE_MILLIS = 90_000;
  private static final int HEADER_READ_MILLIS = 32_000;
  private static final int MAX_STREAMS = 100;

  private final Undertow undertow;

  private HttpsServer(Undertow undertow) {
    this.undertow = undertow;
  }

  /**
   * Opens the port.
   *
   * @param address where to listen; port 0 takes a free one
   * @param certificate what to show
   * @param clientAuthorities authorities of client certificates; with none, no certificate is asked
   *     for
   * @param handler takes every request
   * @throws IOException when the port cannot be opened; the message names it
   */
  public static HttpsServer open(
      InetSocketAddress address,
      ServingCertificate certificate,
      List<X509Certificate> clientAuthorities,
      HttpHandler handler)
      throws IOException {
    Undertow undertow =
        Undertow.builder()
            .setIoThreads(1)
            .setWorkerThreads(8)
            .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
            .setServerOption(UndertowOptions.MAX_HEADER_SIZE, MAX_HEADER_BYTES)
            .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, (long) MAX_BODY_BYTES)
            .setServerOption(UndertowOptions.IDLE_TIMEOUT, IDLE_MILLIS)
            .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, IDLE_MILLIS)
            .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, HEADER_READ_MILLIS)
            .setServerOption(UndertowOptions.HTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, MAX_STREAMS)
            .setSocketOption(Options.SSL_ENABLED_PROTOCOLS, Sequence.of("TLSv1.2", "TLSv1.3"))
            .setSocketOption(
                Options.SSL_CLIENT_AUTH_MODE,
                clientAuthorities.isEmpty()
                    ? SslClientAuthMode.NOT_REQUESTED
                    : SslClientAuthMode.REQUESTED)
            .addHttpsListener(
                address.getPort(),
                address.getAddress().getHostAddress(),
                context(certificate, clientAuthorities))
            .setHandler(handler)
            .build();
    try {
      undertow.start();
    } catch (RuntimeException e) {
      throw new IOException(
          "failed to create listener: listen tcp %s:%d: %s"
              .formatted(address.getAddress().getHostAddress(), address.getPort(), rootMessage(e)),
          e);
    }
    return new HttpsServer(undertow);
  }

  /** The port that is open. */
  public int port() {
    return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
  }

  /** The address that is open. */
  public InetAddress address() {
    return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getAddress();
  }

  @Override
  public void close() {
    undertow.stop();
  }

  private static SSLContext context(
      ServingCertificate certificate, List<X509Certificate> clientAuthorities) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      KeyManager[] keys = certificate.keyManagers();
      context.init(keys, new TrustManager[] {new AnyClientCertificate(clientAuthorities)}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("TLS is not available in this JVM", e);
    }
  }

  private static String rootMessage(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage();
    return message == null ? root.toString() : message;
  }
}
