package dev.kcm.core.api;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PartialObjectMetadata;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@link ApiClient} over HTTPS.
 *
 * <p>Thread-safe: each request has its own mailbox; what they share is thread-safe itself. {@code
 * closed} is written once, by {@link #close}.
 */
final class KubeApiClient implements ApiClient {

  static final ApiError CLOSED = ApiError.of(ApiError.Kind.CLOSED, 0, "the client is closed");

  private static final String JSON = "application/json";
  private static final String METADATA =
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
  private static final String METADATA_LIST =
      "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

  /** How much longer than the server's own time-out a watch may last. */
  private static final Duration WATCH_GRACE = Duration.ofSeconds(30);

  private final Environment environment;
  private final Executor threads;
  private final Transport transport;
  private final Addresses addresses;
  private final TokenBucket limiter;
  private final Slots slots;
  private final Duration requestTimeout;
  private final ClientMeters meters;
  private final Warnings warnings;
  private final Codec codec;
  private final Set<Request<?>> requests = ConcurrentHashMap.newKeySet();
  private final Set<WatchStream<?>> watches = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean left = new AtomicBoolean();
  private volatile boolean closed;

  KubeApiClient(ApiClients.Settings settings, Transport transport) {
    this.environment = settings.environment();
    this.threads = environment.executor("api-client");
    this.transport = transport;
    String server = settings.config().getMasterUrl();
    this.addresses = new Addresses(server);
    this.limiter = new TokenBucket(environment, threads, settings.qps(), settings.burst());
    this.slots = new Slots(settings.maxInFlight());
    this.codec = new Codec(settings.keepManagedFields());
    this.requestTimeout = settings.requestTimeout();
    this.meters =
        ClientMeters.join(
            settings.meters(), environment.ticker(), URI.create(server).getRawAuthority());
    this.warnings = new Warnings(settings.warnings());
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> get(ResourceType<T> type, ObjectKey key) {
    return send("GET", addresses.object(type, key, ""), type, null, null);
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<ListPage> list(
      ResourceType<T> type, ListQuery query, Consumer<? super T> items) {
    Call call = new Call("GET", addresses.list(type, query), acceptList(type), null, null);
    return new Request<ListPage>(this, call, () -> new ListBody<>(codec, type, items)).begin();
  }

  @Override
  public <T extends HasMetadata> Watch watch(
      ResourceType<T> type, WatchQuery query, WatchListener<T> listener) {
    Call call = new Call("GET", addresses.watch(type, query), accept(type), null, null);
    WatchStream<T> stream = new WatchStream<>(this, type, call, listener);
    stream.begin(query.timeout().plus(WATCH_GRACE));
    return stream;
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> create(ResourceType<T> type, T object) {
    String namespace = ObjectKey.of(object).namespace();
    return send("POST", addresses.collection(type, namespace), type, JSON, codec.write(object));
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> update(
      ResourceType<T> type, T object, String subresource) {
    URI address = addresses.object(type, ObjectKey.of(object), subresource);
    return send("PUT", address, type, JSON, codec.write(object));
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> patch(
      ResourceType<T> type, ObjectKey key, String subresource, PatchFormat format, String body) {
    URI address = addresses.object(type, key, subresource);
    return send("PATCH", address, type, format.mediaType(), body);
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> apply(
      ResourceType<T> type, T object, String subresource, ApplyOptions options) {
    URI address = addresses.apply(type, ObjectKey.of(object), subresource, options);
    return send("PATCH", address, type, PatchFormat.APPLY.mediaType(), codec.write(object));
  }

  @Override
  public CompletableFuture<Void> delete(
      ResourceType<?> type, ObjectKey key, DeleteOptions options) {
    return sendDelete(addresses.object(type, key, ""), JSON, options);
  }

  @Override
  public CompletableFuture<Void> deleteCollection(
      ResourceType<?> type, String namespace, DeleteOptions options) {
    if (namespace.isEmpty()) {
      throw new IllegalArgumentException(
          "no namespace given to delete all " + type.qualifiedPlural() + " of");
    }
    // The answer may be the list of what was deleted; its metadata is short.
    return sendDelete(addresses.collection(type, namespace), METADATA_LIST, options);
  }

  private CompletableFuture<Void> sendDelete(URI address, String accept, DeleteOptions options) {
    Call call = new Call("DELETE", address, accept, JSON, codec.write(body(options)));
    // The answer is a Status or the object, whichever the server likes: only that it came counts.
    return new Request<>(this, call, () -> new WholeBody<>((body, length) -> length))
        .begin()
        .thenRun(() -> {});
  }

  private static Map<String, Object> body(DeleteOptions options) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("kind", "DeleteOptions");
    body.put("apiVersion", "v1");
    if (options.gracePeriod() != null) {
      body.put("gracePeriodSeconds", options.gracePeriod().toSeconds());
    }
    Map<String, Object> preconditions = new LinkedHashMap<>();
    if (options.uid() != null) {
      preconditions.put("uid", options.uid());
    }
    if (options.resourceVersion() != null) {
      preconditions.put("resourceVersion", options.resourceVersion());
    }
    if (!preconditions.isEmpty()) {
      body.put("preconditions", preconditions);
    }
    if (options.propagation() != null) {
      body.put("propagationPolicy", options.propagation());
    }
    return body;
  }

  @Override
  public CompletableFuture<String> read(String path) {
    return read(path, "*/*");
  }

  @Override
  public CompletableFuture<String> read(String path, String accept) {
    Call call = new Call("GET", addresses.path(path), accept, null, null);
    Supplier<Answer<String>> text =
        () ->
            new WholeBody<>((body, length) -> new String(body, 0, length, StandardCharsets.UTF_8));
    return new Request<>(this, call, text).begin();
  }

  private <T extends HasMetadata> CompletableFuture<T> send(
      String method,
      URI address,
      ResourceType<T> type,
      @Nullable String contentType,
      @Nullable String body) {
    Call call = new Call(method, address, accept(type), contentType, body);
    Supplier<Answer<T>> object =
        () -> new WholeBody<>((json, length) -> codec.decoder(type).read(json, 0, length));
    return new Request<>(this, call, object).begin();
  }

  private static String accept(ResourceType<?> type) {
    return isMetadataOnly(type) ? METADATA : JSON;
  }

  private static String acceptList(ResourceType<?> type) {
    return isMetadataOnly(type) ? METADATA_LIST : JSON;
  }

  private static boolean isMetadataOnly(ResourceType<?> type) {
    return type.type() == PartialObjectMetadata.class;
  }

  @Override
  public void close() {
    closed = true;
    requests.forEach(request -> request.abort(CLOSED));
    watches.forEach(watch -> watch.abort(CLOSED));
    transport.close();
    if (left.compareAndSet(false, true)) {
      meters.leave();
    }
  }

  /** Notes a request; false when the client is closed. */
  boolean opened(Request<?> request) {
    requests.add(request);
    if (closed) {
      requests.remove(request);
      return false;
    }
    return true;
  }

  void ended(Request<?> request) {
    requests.remove(request);
  }

  /** Notes a watch; false when the client is closed. */
  boolean opened(WatchStream<?> watch) {
    watches.add(watch);
    if (closed) {
      watches.remove(watch);
      return false;
    }
    return true;
  }

  void ended(WatchStream<?> watch) {
    watches.remove(watch);
  }

  /** The error of a request that was given up after the time-out. */
  static ApiError noAnswer(Duration timeout) {
    return ApiError.of(ApiError.Kind.BROKEN, 0, "no answer within " + timeout.toMillis() + " ms");
  }

  void warned(List<String> headers) {
    if (!headers.isEmpty()) {
      meters.warned(warnings.take(headers));
    }
  }

  long nanos() {
    return environment.ticker().nanos();
  }

  Environment environment() {
    return environment;
  }

  Executor threads() {
    return threads;
  }

  Transport transport() {
    return transport;
  }

  TokenBucket limiter() {
    return limiter;
  }

  Slots slots() {
    return slots;
  }

  Duration requestTimeout() {
    return requestTimeout;
  }

  ClientMeters meters() {
    return meters;
  }

  Codec codec() {
    return codec;
  }
}
