package dev.kcm.daemon.http;

import dev.kcm.daemon.tls.ServingTls;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.protocols.ssl.SNIContextMatcher;
import io.undertow.protocols.ssl.SNISSLContext;
import io.undertow.server.HttpHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.xnio.Options;
import org.xnio.Sequence;
import org.xnio.SslClientAuthMode;

/**
 * The HTTPS listener of the daemon: TLS, HTTP/1.1 and HTTP/2, client certificates asked for but
 * never required.
 *
 * <p>Limits are those of the original: headers of 1 MiB in all, 90 s idle. Thread-safe.
 */
public final class HttpsServer implements AutoCloseable {

  private static final int MAX_HEADER_BYTES = 1 << 20;
  private static final int MAX_BODY_BYTES = 1 << 16;
  private static final int IDLE_MILLIS = 90_000;
  private static final int HEADER_READ_MILLIS = 32_000;

  private final Undertow undertow;

  private HttpsServer(Undertow undertow) {
    this.undertow = undertow;
  }

  /**
   * How the port behaves.
   *
   * @param address where to listen; port 0 takes a free one
   * @param protocols TLS versions by JDK name
   * @param cipherSuites by JDK name; empty for those of the Java runtime
   * @param http2 whether HTTP/2 is offered
   * @param maxStreams streams at once on an HTTP/2 connection
   * @param asksForCertificates whether clients are asked for a certificate
   */
  public record Settings(
      InetSocketAddress address,
      List<String> protocols,
      List<String> cipherSuites,
      boolean http2,
      int maxStreams,
      boolean asksForCertificates) {

    /** TLS 1.2 and 1.3, HTTP/2 with 100 streams, asking for certificates. */
    public static Settings at(InetSocketAddress address) {
      return new Settings(address, List.of("TLSv1.2", "TLSv1.3"), List.of(), true, 100, true);
    }

    public Settings {
      protocols = List.copyOf(protocols);
      cipherSuites = List.copyOf(cipherSuites);
    }
  }

  /**
   * Opens the port.
   *
   * @param tls what to show
   * @param handler takes every request
   * @throws IOException when the port cannot be opened; the message names it
   */
  public static HttpsServer open(Settings settings, ServingTls tls, HttpHandler handler)
      throws IOException {
    InetSocketAddress address = settings.address();
    Undertow.Builder builder =
        Undertow.builder()
            .setIoThreads(1)
            .setWorkerThreads(8)
            .setServerOption(UndertowOptions.ENABLE_HTTP2, settings.http2())
            .setServerOption(UndertowOptions.MAX_HEADER_SIZE, MAX_HEADER_BYTES)
            .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, (long) MAX_BODY_BYTES)
            .setServerOption(UndertowOptions.IDLE_TIMEOUT, IDLE_MILLIS)
            .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, IDLE_MILLIS)
            .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, HEADER_READ_MILLIS)
            .setServerOption(
                UndertowOptions.HTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, settings.maxStreams())
            // Else a restart fails for a minute: connections of the former process linger.
            .setSocketOption(Options.REUSE_ADDRESSES, true)
            .setSocketOption(Options.SSL_ENABLED_PROTOCOLS, Sequence.of(settings.protocols()))
            .setSocketOption(
                Options.SSL_CLIENT_AUTH_MODE,
                settings.asksForCertificates()
                    ? SslClientAuthMode.REQUESTED
                    : SslClientAuthMode.NOT_REQUESTED)
            .addHttpsListener(
                address.getPort(), address.getAddress().getHostAddress(), context(tls))
            .setHandler(handler);
    if (!settings.cipherSuites().isEmpty()) {
      builder.setSocketOption(
          Options.SSL_ENABLED_CIPHER_SUITES, Sequence.of(settings.cipherSuites()));
    }
    Undertow undertow = builder.build();
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

  /** Shows something else in handshakes from now on; open connections go on. */
  public void show(ServingTls tls) {
    undertow.getListenerInfo().get(0).setSslContext(context(tls));
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

  private static SSLContext context(ServingTls tls) {
    SSLContext byDefault = tls.context(tls.certificate());
    if (tls.named().isEmpty()) {
      return byDefault;
    }
    SNIContextMatcher.Builder matcher =
        new SNIContextMatcher.Builder().setDefaultContext(byDefault);
    for (ServingTls.Named named : tls.named()) {
      SSLContext context = tls.context(named.certificate());
      named.names().forEach(name -> matcher.addMatch(pattern(name), context));
    }
    return new SNISSLContext(matcher.build());
  }

  /** The library takes names as regular expressions; a star stands for one part of a name. */
  private static String pattern(String name) {
    return name.replace(".", "\\.").replace("*", "[^.]*");
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
