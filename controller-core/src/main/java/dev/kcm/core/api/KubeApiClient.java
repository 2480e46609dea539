package dev.kcm.core.api;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PartialObjectMetadata;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@link ApiClient} over HTTPS.
 *
 * <p>Immutable; several may share a connection.
 */
final class KubeApiClient implements ApiClient {

  private static final String JSON = "application/json";
  private static final String METADATA =
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
  private static final String METADATA_LIST =
      "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

  /** How much longer than the server's own time-out a watch may last. */
  private static final Duration WATCH_GRACE = Duration.ofSeconds(30);

  private final Connection connection;
  private final Addresses addresses;
  private final Codec codec;
  private final Warnings warnings;

  KubeApiClient(ApiClients.Settings settings, Transport transport) {
    this(
        new Connection(settings, transport),
        new Addresses(settings.config().getMasterUrl()),
        new Warnings(settings.warnings()));
  }

  private KubeApiClient(Connection connection, Addresses addresses, Warnings warnings) {
    this.connection = connection;
    this.addresses = addresses;
    this.codec = connection.codec();
    this.warnings = warnings;
  }

  @Override
  public ApiClient warning(Consumer<String> taker) {
    return new KubeApiClient(connection, addresses, new Warnings(taker));
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> get(ResourceType<T> type, ObjectKey key) {
    return send("GET", addresses.object(type, key, ""), type, null, null);
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<ListPage> list(
      ResourceType<T> type, ListQuery query, Consumer<? super T> items) {
    Call call = new Call("GET", addresses.list(type, query), acceptList(type), null, null);
    return new Request<ListPage>(
            connection, warnings, call, () -> new ListBody<>(codec, type, items))
        .begin();
  }

  @Override
  public <T extends HasMetadata> Watch watch(
      ResourceType<T> type, WatchQuery query, WatchListener<T> listener) {
    Call call = new Call("GET", addresses.watch(type, query), accept(type), null, null);
    WatchStream<T> stream = new WatchStream<>(connection, warnings, type, call, listener);
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
    return new Request<>(
            connection, warnings, call, () -> new WholeBody<>((body, length) -> length))
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
    return new Request<>(connection, warnings, call, text).begin();
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
    return new Request<>(connection, warnings, call, object).begin();
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
    connection.close();
  }
}
