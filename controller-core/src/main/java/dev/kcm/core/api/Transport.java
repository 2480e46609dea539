package dev.kcm.core.api;

import dev.kcm.core.api.ApiConnections.Lane;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.Ticker;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.utils.TokenRefreshInterceptor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * HTTP over connections that may be shared, with one client's credentials and without fabric8's
 * retries.
 *
 * <p>Thread-safe: immutable but for the connections, which are.
 */
final class Transport implements AutoCloseable {

  private final Config config;
  private final String userAgent;
  private final Fence fence;
  private final Environment environment;
  private final ApiConnections connections;
  private final boolean closesConnections;

  /**
   * A transport.
   *
   * @param shared closed by somebody else; null for connections of its own
   */
  Transport(
      Config config,
      String userAgent,
      Fence fence,
      Environment environment,
      @Nullable ApiConnections shared) {
    this.config = config;
    this.userAgent = userAgent;
    this.fence = fence;
    this.environment = environment;
    this.connections = shared == null ? ApiConnections.to(config) : shared;
    this.closesConnections = shared == null;
  }

  private HttpClient derive(HttpClient base) {
    return base.newBuilder()
        .addOrReplaceInterceptor(
            TokenRefreshInterceptor.NAME,
            new FencedTokenRefresh(config, connections.factory(), fence, environment))
        .addOrReplaceInterceptor("KCM", new LastChecks(userAgent, fence))
        .build();
  }

  /** Where a request goes now; to be passed to {@link #leave}. */
  Lane enter() {
    return connections.enter();
  }

  /** A request is over. */
  void leave(Lane lane) {
    connections.leave(lane);
  }

  /** Gives up the connections of a request that was not answered. */
  void abandon(Lane suspect) {
    connections.abandon(suspect);
  }

  /**
   * Sends a request once.
   *
   * @param lane where it entered
   * @param call what
   * @param timeout until the head of the answer; zero for none
   * @param consumer takes the body, piece by piece as it asks for it
   */
  CompletableFuture<HttpResponse<AsyncBody>> send(
      Lane lane, Call call, Duration timeout, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    HttpClient client = lane.of(this, this::derive);
    return client.consumeBytes(request(client, call, timeout).build(), consumer);
  }

  /** Opens a watch; the arguments are those of {@link #send}. */
  CompletableFuture<HttpResponse<AsyncBody>> watch(
      Call call, Duration timeout, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    HttpClient client = connections.watches().of(this, this::derive);
    HttpRequest.Builder request = request(client, call, timeout);
    request.forStreaming();
    return client.consumeBytes(request.build(), consumer);
  }

  private static HttpRequest.Builder request(HttpClient client, Call call, Duration timeout) {
    HttpRequest.Builder request =
        client.newHttpRequestBuilder().uri(call.uri()).header("Accept", call.accept());
    if (call.body() != null) {
      request.method(call.method(), call.contentType(), call.body());
    } else if (!call.onlyReads()) {
      request.method(call.method(), null, (String) null);
    }
    if (!timeout.isZero()) {
      request.timeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }
    return request;
  }

  @Override
  public void close() {
    if (closesConnections) {
      connections.close();
    } else {
      connections.forget(this);
    }
  }

  /** Whether a request changes something; a review only asks. */
  private static boolean mutates(HttpRequest request) {
    String path = request.uri().getPath();
    return !request.method().equals("GET")
        && !path.contains("/apis/authorization.k8s.io/")
        && !path.contains("/apis/authentication.k8s.io/");
  }

  /** The last interceptor: what is let through here goes to the wire. */
  private record LastChecks(String userAgent, Fence fence) implements Interceptor {

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
      builder.setHeader("User-Agent", userAgent);
      if (mutates(request)) {
        fence
            .closedBecause()
            .ifPresent(
                reason -> {
                  throw new ApiException(
                      ApiError.of(ApiError.Kind.FENCED, 0, "write not sent: " + reason));
                });
      }
    }
  }

  /**
   * Fetches credentials, and asks the fence again before a write is repeated with fresh ones.
   *
   * <p>Where no token is in use, fabric8 would look for one in the kubeconfig before each request;
   * here it looks once a minute.
   */
  private static final class FencedTokenRefresh extends TokenRefreshInterceptor {

    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(1);

    private final Fence fence;
    private final Ticker ticker;
    private final AtomicLong lookedAt;

    FencedTokenRefresh(
        Config config, HttpClient.Factory factory, Fence fence, Environment environment) {
      super(config, factory, environment.wallClock().now());
      this.fence = fence;
      this.ticker = environment.ticker();
      this.lookedAt = new AtomicLong(ticker.nanos());
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
      if (usesToken() || timeToLook()) {
        super.before(builder, request, tags);
      }
    }

    private boolean usesToken() {
      return isBasicAuth()
          || config.getOauthTokenProvider() != null
          || config.getOauthToken() != null
          || config.getAutoOAuthToken() != null
          || config.getAuthProvider() != null;
    }

    private boolean timeToLook() {
      long before = lookedAt.get();
      return ticker.since(before).compareTo(BETWEEN_LOOKS) >= 0
          && lookedAt.compareAndSet(before, ticker.nanos());
    }

    @Override
    public CompletableFuture<Boolean> afterFailure(
        BasicBuilder builder, HttpResponse<?> response, RequestTags tags) {
      return super.afterFailure(builder, response, tags)
          .thenApply(
              again -> again && (!mutates(response.request()) || fence.closedBecause().isEmpty()));
    }
  }
}
