package dev.kcm.core.api;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Connections to one API server, with the TLS and proxy settings of one fabric8 {@link Config}, for
 * any number of clients: each {@link HttpClient} under it costs threads, buffers and a handshake.
 *
 * <p>Requests share HTTP/2 connections where the server speaks it and Java is 24 or newer; a
 * further one is opened when all have as many requests under way as any server takes. With an older
 * Java they use HTTP/1.1: its client breaks off whatever is under way when the server says GOAWAY
 * (JDK-8335181; back-ported to some late updates, which are not told apart), as API servers do with
 * the answer to each request they do not know the sender of. An expired token would look like a
 * broken connection then, and no new one would be asked for. Watches use HTTP/1.1, one connection
 * each: they never use up the server's limit of streams per connection, one that moves much does
 * not hold up the others, and a dead connection is dropped with its watch.
 *
 * <p>Guarded by {@code lock}.
 */
public final class ApiConnections implements AutoCloseable {

  /** Requests under way on a connection: half of the lowest common limit of streams. */
  private static final int MOST_REQUESTS = 50;

  /** The first Java whose client lets requests end that were under way at a GOAWAY. */
  private static final int HTTP2_SINCE = 24;

  private final Config config;
  private final HttpClient.Factory factory = new JdkHttpClientFactory();
  private final Object lock = new Object();

  @GuardedBy("lock") private final List<Lane> lanes = new ArrayList<>();

  @GuardedBy("lock") private @Nullable Lane watches;

  private ApiConnections(Config config) {
    this.config = config;
  }

  /**
   * Connections for the address, authorities, client certificate and proxy of a Config. Nothing is
   * connected yet. Tokens and passwords are each client's own.
   *
   * @throws RuntimeException when its certificates cannot be used
   */
  public static ApiConnections to(Config config) {
    ApiConnections connections = new ApiConnections(config);
    synchronized (connections.lock) {
      connections.lanes.add(connections.laneForRequests());
    }
    return connections;
  }

  /** Whether the client of this Java is not fit for HTTP/2 with an API server. */
  static boolean onlyHttp11(Runtime.Version java) {
    return java.feature() < HTTP2_SINCE;
  }

  private Lane laneForRequests() {
    return new Lane(client(onlyHttp11(Runtime.version())));
  }

  private HttpClient client(boolean http1) {
    HttpClient.Builder builder = factory.newBuilder(config);
    RequestConfig once =
        new RequestConfigBuilder(config.getRequestConfig()).withRequestRetryBackoffLimit(0).build();
    builder.tag(once);
    if (http1) {
      builder.preferHttp11();
    }
    return builder.build();
  }

  /** A lane for one request, to be given back by {@link #leave}. */
  Lane enter() {
    synchronized (lock) {
      for (Lane lane : lanes) {
        if (lane.requests < MOST_REQUESTS) {
          lane.requests++;
          return lane;
        }
      }
      Lane opened = laneForRequests();
      opened.requests++;
      lanes.add(opened);
      return opened;
    }
  }

  /** A request that entered the lane is over. */
  void leave(Lane lane) {
    synchronized (lock) {
      lane.requests--;
    }
  }

  /** The lane of watches; nobody leaves it. */
  Lane watches() {
    synchronized (lock) {
      if (watches == null) {
        watches = new Lane(client(true));
      }
      return watches;
    }
  }

  /**
   * Gives up a lane, since a request on it has not been answered: HTTP/2 would send the next one
   * down the same dead connection until TCP gives up a quarter of an hour later. Other requests
   * under way on it go on.
   */
  void abandon(Lane suspect) {
    synchronized (lock) {
      lanes.remove(suspect);
    }
  }

  /** A client that was closed leaves nothing behind. */
  void forget(Transport closed) {
    synchronized (lock) {
      lanes.forEach(lane -> lane.forget(closed));
      if (watches != null) {
        watches.forget(closed);
      }
    }
  }

  HttpClient.Factory factory() {
    return factory;
  }

  /** Closes all connections; clients that use them must be closed before. */
  @Override
  public void close() {
    synchronized (lock) {
      lanes.forEach(lane -> lane.base.close());
      if (watches != null) {
        watches.base.close();
      }
    }
  }

  /**
   * One HTTP client and what the clients above it made of it.
   *
   * <p>Guarded by the connections' lock, {@code derived} by itself.
   */
  static final class Lane {

    private final HttpClient base;

    @GuardedBy("derived") private final Map<Transport, HttpClient> derived = new HashMap<>();

    private int requests;

    private Lane(HttpClient base) {
      this.base = base;
    }

    /** The same connections with the credentials and checks of a transport, made once. */
    HttpClient of(Transport transport, UnaryOperator<HttpClient> derive) {
      synchronized (derived) {
        return derived.computeIfAbsent(transport, any -> derive.apply(base));
      }
    }

    private void forget(Transport closed) {
      synchronized (derived) {
        derived.remove(closed);
      }
    }
  }
}
