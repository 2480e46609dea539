package dev.kcm.core.lease;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiException;
import dev.kcm.core.api.DeleteOptions;
import dev.kcm.core.api.ListPage;
import dev.kcm.core.api.ListQuery;
import dev.kcm.core.api.WatchListener;
import dev.kcm.core.api.WatchQuery;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An API server with Leases and, in one version or none, LeaseCandidates; with watches.
 *
 * <p>Confined to the thread of the test.
 */
public final class CoordinatedApi implements ApiClient {

  private final Map<String, HasMetadata> objects = new LinkedHashMap<>();
  private final List<Watcher<?>> watchers = new ArrayList<>();
  private final @Nullable String version;
  private long resourceVersion;

  /** Answered to everything, when set. */
  ApiError.@Nullable Kind failure;

  /** Whether deletions are forbidden, as the usual roles of controllers do. */
  boolean refusesDeletes;

  /** Whether watches of candidates are forbidden. */
  boolean refusesWatches;

  /** Reads of paths, in order. */
  final List<String> paths = new ArrayList<>();

  /**
   * @param version of LeaseCandidates; null for none
   */
  public CoordinatedApi(@Nullable String version) {
    this.version = version;
  }

  private record Watcher<T extends HasMetadata>(
      ResourceType<T> type, String fieldSelector, WatchListener<T> listener) {

    private void tell(WatchListener.Type change, HasMetadata object) {
      if (fieldSelector.equals("metadata.name=" + object.getMetadata().getName())) {
        listener.event(change, type.type().cast(copy(object)));
      }
    }
  }

  List<GenericKubernetesResource> candidates() {
    return objects.values().stream()
        .filter(GenericKubernetesResource.class::isInstance)
        .map(GenericKubernetesResource.class::cast)
        .toList();
  }

  /** The Lease; null when there is none. */
  public @Nullable Lease lease() {
    return objects.values().stream()
        .filter(Lease.class::isInstance)
        .map(Lease.class::cast)
        .findFirst()
        .orElse(null);
  }

  /** Writes as somebody who need not care for versions. */
  void put(ResourceType<?> type, HasMetadata object) {
    store(type, object);
  }

  void editCandidate(String name, UnaryOperator<Map<String, Object>> edit) {
    GenericKubernetesResource candidate =
        candidates().stream()
            .filter(c -> c.getMetadata().getName().equals(name))
            .findFirst()
            .orElseThrow();
    candidate.setAdditionalProperty("spec", edit.apply(specOf(candidate)));
    store(candidateType(), candidate);
  }

  /** Takes a candidate away without telling anybody. */
  void removeCandidate(String name) {
    objects.values().removeIf(object -> object.getMetadata().getName().equals(name));
  }

  @SuppressWarnings("unchecked") // JSON objects are maps with text keys
  static Map<String, Object> specOf(GenericKubernetesResource candidate) {
    return (Map<String, Object>) candidate.getAdditionalProperties().get("spec");
  }

  private ResourceType<GenericKubernetesResource> candidateType() {
    return ResourceType.generic(
        "coordination.k8s.io", String.valueOf(version), "LeaseCandidate", "leasecandidates", true);
  }

  private void store(ResourceType<?> type, HasMetadata object) {
    HasMetadata stored = copy(object);
    String id = id(type, ObjectKey.of(stored));
    HasMetadata old = objects.get(id);
    stored
        .getMetadata()
        .setUid(old == null ? "uid-" + resourceVersion : old.getMetadata().getUid());
    stored.getMetadata().setResourceVersion(String.valueOf(++resourceVersion));
    objects.put(id, stored);
    WatchListener.Type change =
        old == null ? WatchListener.Type.ADDED : WatchListener.Type.MODIFIED;
    for (Watcher<?> watcher : List.copyOf(watchers)) {
      if (watcher.type().equals(type)) {
        watcher.tell(change, stored);
      }
    }
  }

  private static String id(ResourceType<?> type, ObjectKey key) {
    return type.apiVersion() + " " + type.plural() + " " + key;
  }

  private static HasMetadata copy(HasMetadata object) {
    if (object instanceof Lease lease) {
      return new LeaseBuilder(lease).build();
    }
    GenericKubernetesResource copy = new GenericKubernetesResource();
    copy.setApiVersion(object.getApiVersion());
    copy.setKind(object.getKind());
    copy.setMetadata(new ObjectMetaBuilder(object.getMetadata()).build());
    Map<String, Object> spec = specOf((GenericKubernetesResource) object);
    copy.setAdditionalProperty("spec", new HashMap<>(spec));
    return copy;
  }

  private <T> CompletableFuture<T> refused(ApiError.Kind kind) {
    return CompletableFuture.failedFuture(new ApiException(ApiError.of(kind, 0, kind.toString())));
  }

  private boolean isUnknown(ResourceType<?> type) {
    return type.plural().equals("leasecandidates") && !type.version().equals(version);
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> get(ResourceType<T> type, ObjectKey key) {
    HasMetadata object = objects.get(id(type, key));
    if (failure != null) {
      return refused(failure);
    }
    return object == null
        ? refused(ApiError.Kind.NOT_FOUND)
        : CompletableFuture.completedFuture(type.type().cast(copy(object)));
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<ListPage> list(
      ResourceType<T> type, ListQuery query, Consumer<? super T> items) {
    throw new UnsupportedOperationException("list");
  }

  @Override
  public <T extends HasMetadata> Watch watch(
      ResourceType<T> type, WatchQuery query, WatchListener<T> listener) {
    if (refusesWatches && type.plural().equals("leasecandidates")) {
      listener.closed(ApiError.of(ApiError.Kind.FORBIDDEN, 403, "no watches"));
      return () -> {};
    }
    Watcher<T> watcher = new Watcher<>(type, query.scope().fieldSelector(), listener);
    watchers.add(watcher);
    listener.opened();
    objects.forEach(
        (id, object) -> {
          if (id.startsWith(type.apiVersion() + " " + type.plural() + " ")) {
            watcher.tell(WatchListener.Type.ADDED, object);
          }
        });
    return () -> watchers.remove(watcher);
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> create(ResourceType<T> type, T object) {
    return write(type, object, true);
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> update(
      ResourceType<T> type, T object, String subresource) {
    return write(type, object, false);
  }

  private <T extends HasMetadata> CompletableFuture<T> write(
      ResourceType<T> type, T object, boolean isNew) {
    HasMetadata old = objects.get(id(type, ObjectKey.of(object)));
    if (failure != null) {
      return refused(failure);
    }
    if (isUnknown(type) || (!isNew && old == null)) {
      return refused(ApiError.Kind.NOT_FOUND);
    }
    if (isNew && old != null) {
      return refused(ApiError.Kind.ALREADY_EXISTS);
    }
    if (old != null
        && !old.getMetadata()
            .getResourceVersion()
            .equals(object.getMetadata().getResourceVersion())) {
      return refused(ApiError.Kind.CONFLICT);
    }
    store(type, object);
    return get(type, ObjectKey.of(object));
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> patch(
      ResourceType<T> type, ObjectKey key, String subresource, PatchFormat format, String body) {
    throw new UnsupportedOperationException("patch");
  }

  @Override
  public CompletableFuture<Void> delete(
      ResourceType<?> type, ObjectKey key, DeleteOptions options) {
    if (failure != null || refusesDeletes) {
      return refused(failure != null ? failure : ApiError.Kind.FORBIDDEN);
    }
    HasMetadata old = objects.remove(id(type, key));
    if (old == null) {
      return refused(ApiError.Kind.NOT_FOUND);
    }
    for (Watcher<?> watcher : List.copyOf(watchers)) {
      if (watcher.type().equals(type)) {
        watcher.tell(WatchListener.Type.DELETED, old);
      }
    }
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<String> read(String path) {
    paths.add(path);
    if (failure != null) {
      return refused(failure);
    }
    if (path.equals("/apis/coordination.k8s.io/" + version)) {
      return CompletableFuture.completedFuture(
          """
          {"kind":"APIResourceList","apiVersion":"v1","groupVersion":"coordination.k8s.io/%s",
           "resources":[{"name":"leasecandidates","singularName":"leasecandidate",
             "namespaced":true,"kind":"LeaseCandidate","verbs":["create","get","update"]}]}
          """
              .formatted(version));
    }
    // The group's other versions are there, without candidates.
    return path.endsWith("/v1beta1")
        ? CompletableFuture.completedFuture(
            "{\"kind\":\"APIResourceList\",\"apiVersion\":\"v1\",\"resources\":[]}")
        : refused(ApiError.Kind.NOT_FOUND);
  }

  @Override
  public void close() {}
}
