package dev.kcm.embedded.http;

import dev.kcm.embedded.access.AccessControl;
import dev.kcm.embedded.access.Authorizer;
import dev.kcm.embedded.pki.ClientCertificates;
import dev.kcm.embedded.pki.Pki;
import dev.kcm.embedded.resource.ApiServer;
import dev.kcm.embedded.resource.UserInfo;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * The HTTPS side of the API server: HTTP/1.1 and HTTP/2 on one port.
 *
 * <p>Thread-safe: {@code close} may be called from any thread, more than once.
 */
public final class ApiHttpServer implements AutoCloseable {

  private final HttpsListener listener;
  private final URI url;
  private final AtomicBoolean closed = new AtomicBoolean();

  private ApiHttpServer(HttpsListener listener, URI url) {
    this.listener = listener;
    this.url = url;
  }

  /** Starts a description of a server for the resources. */
  public static Builder builder(ApiServer resources, Pki pki) {
    return new Builder(Backend.of(resources), pki);
  }

  static Builder builder(Backend backend, Pki pki) {
    return new Builder(backend, pki);
  }

  private static ApiHttpServer start(Builder settings, RequestHandler handler) throws IOException {
    InetSocketAddress wanted = new InetSocketAddress(settings.bindAddress, settings.port);
    HttpsListener listener = HttpsListener.start(wanted, settings.pki.serverContext(), handler);
    return new ApiHttpServer(listener, url(listener.address()));
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
      listener.close();
    }
  }

  /** Describes a server; every setting has a default. Single use, confined to one thread. */
  public static final class Builder {

    private static final int WATCH_LIMIT = 10_000;

    private final Backend backend;
    private final Pki pki;
    private String bindAddress = "127.0.0.1";
    private int port;
    private Clock clock = Clock.systemUTC();
    private Authorizer authorizer = Authorizer.components();
    private Function<String, Optional<UserInfo>> tokens = token -> Optional.empty();
    private BooleanSupplier ready = () -> true;
    private int watchLimit = WATCH_LIMIT;

    private Builder(Backend backend, Pki pki) {
      this.backend = backend;
      this.pki = pki;
    }

    /** Address to listen on. Default 127.0.0.1. */
    public Builder bindAddress(String value) {
      bindAddress = value;
      return this;
    }

    /** Port to listen on, 0 for a free one. Default 0. */
    public Builder port(int value) {
      port = value;
      return this;
    }

    /** The clock of the cluster, by which tables tell ages. Default: the system's. */
    public Builder clock(Clock value) {
      clock = value;
      return this;
    }

    /**
     * Who may do what. Default: administrators and components of the cluster everything, other
     * known users discovery, everybody health and version.
     */
    public Builder authorizer(Authorizer value) {
      authorizer = value;
      return this;
    }

    /** Who sends tokens, and who may do what. Default: no token holds, {@link #authorizer}. */
    public Builder access(AccessControl value) {
      tokens = value::authenticate;
      authorizer = value.authorizer();
      return this;
    }

    /** What {@code /readyz} asks about the simulated nodes. Default: always ready. */
    public Builder ready(BooleanSupplier value) {
      ready = value;
      return this;
    }

    /** How many events may wait for one slow watcher before it is cut off. Default 10 000. */
    public Builder watchLimit(int value) {
      watchLimit = value;
      return this;
    }

    /**
     * A server that listens.
     *
     * @throws IOException when the address cannot be bound
     */
    public ApiHttpServer start() throws IOException {
      Authentication authentication =
          new Authentication(
              ClientCertificates.signedBy(pki.ca().certificate()), Clock.systemUTC(), tokens);
      RequestHandler handler =
          new RequestHandler(
              new Access(authentication, authorizer),
              new ResourceHandler(backend, clock, watchLimit),
              new DocumentHandler(backend::kinds, new HealthHandler(ready)));
      return ApiHttpServer.start(this, handler);
    }
  }
}
