package dev.kcm.core.api;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.Ticker;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.TokenRefreshInterceptor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * HTTP, with fabric8's credentials, TLS and proxy settings, and without its retries.
 *
 * <p>Two HTTP clients. Requests share one HTTP/2 connection where the server speaks it. Watches use
 * HTTP/1.1, one connection each: they never use up the server's limit of streams per connection,
 * one that moves much does not hold up the others, and a dead connection is dropped with its watch.
 *
 * <p>Guarded by {@code lock}.
 */
final class Transport implements AutoCloseable {

  private final Config config;
  private final String userAgent;
  private final Fence fence;
  private final Environment environment;
  private final HttpClient.Factory factory = new JdkHttpClientFactory();
  private final HttpClient watches;
  private final Object lock = new Object();

  @GuardedBy("lock") private HttpClient requests;

  Transport(Config config, String userAgent, Fence fence, Environment environment) {
    this.config = config;
    this.userAgent = userAgent;
    this.fence = fence;
    this.environment = environment;
    this.requests = client(false);
    this.watches = client(true);
  }

  private HttpClient client(boolean http1) {
    HttpClient.Builder builder = factory.newBuilder(config);
    RequestConfig once =
        new RequestConfigBuilder(config.getRequestConfig()).withRequestRetryBackoffLimit(0).build();
    builder.tag(once);
    if (http1) {
      builder.preferHttp11();
    }
    builder.addOrReplaceInterceptor(
        TokenRefreshInterceptor.NAME, new FencedTokenRefresh(config, factory, fence, environment));
    builder.addOrReplaceInterceptor("KCM", new LastChecks(userAgent, fence));
    return builder.build();
  }

  /** The client a request goes through now; passed back to {@link #send} and {@link #renew}. */
  HttpClient client() {
    synchronized (lock) {
      return requests;
    }
  }

  /** The client for watches. */
  HttpClient watchClient() {
    return watches;
  }

  /**
   * Sends a request once.
   *
   * @param client one of the two above
   * @param call what
   * @param timeout until the head of the answer; zero for none
   * @param consumer takes the body, piece by piece as it asks for it
   */
  CompletableFuture<HttpResponse<AsyncBody>> send(
      HttpClient client,
      Call call,
      Duration timeout,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
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
    if (client == watches) {
      request.forStreaming();
    }
    return client.consumeBytes(request.build(), consumer);
  }

  /**
   * Gives up the connections for requests, since one of them has not answered: HTTP/2 would send
   * the next request down the same dead connection until TCP gives up a quarter of an hour later.
   * Other requests under way on them go on.
   */
  void renew(HttpClient suspect) {
    synchronized (lock) {
      if (requests == suspect) {
        requests = client(false);
      }
    }
  }

  @Override
  public void close() {
    client().close();
    watches.close();
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
