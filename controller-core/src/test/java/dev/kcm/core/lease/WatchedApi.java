package dev.kcm.core.lease;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.DeleteOptions;
import dev.kcm.core.api.ListPage;
import dev.kcm.core.api.ListQuery;
import dev.kcm.core.api.WatchListener;
import dev.kcm.core.api.WatchQuery;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A client that takes watches of leases and notes other requests, answering each with its object.
 *
 * <p>Confined to the thread of the test.
 */
final class WatchedApi implements ApiClient {

  final List<String> requests = new ArrayList<>();
  final List<WatchQuery> queries = new ArrayList<>();
  final List<WatchListener<Lease>> listeners = new ArrayList<>();
  int closedWatches;

  @Override
  public <T extends HasMetadata> CompletableFuture<T> get(ResourceType<T> type, ObjectKey key) {
    requests.add("get " + type.qualifiedPlural() + " " + key);
    return new CompletableFuture<>();
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<ListPage> list(
      ResourceType<T> type, ListQuery query, Consumer<? super T> items) {
    throw new UnsupportedOperationException("list");
  }

  @Override
  @SuppressWarnings("unchecked") // only leases are watched here
  public <T extends HasMetadata> Watch watch(
      ResourceType<T> type, WatchQuery query, WatchListener<T> listener) {
    queries.add(query);
    listeners.add((WatchListener<Lease>) (WatchListener<?>) listener);
    return () -> closedWatches++;
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> create(ResourceType<T> type, T object) {
    requests.add("create " + type.qualifiedPlural() + " " + ObjectKey.of(object));
    return CompletableFuture.completedFuture(object);
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> update(
      ResourceType<T> type, T object, String subresource) {
    requests.add("update " + type.qualifiedPlural() + " " + ObjectKey.of(object) + subresource);
    return CompletableFuture.completedFuture(object);
  }

  @Override
  public <T extends HasMetadata> CompletableFuture<T> patch(
      ResourceType<T> type, ObjectKey key, String subresource, PatchFormat format, String body) {
    throw new UnsupportedOperationException("patch");
  }

  @Override
  public CompletableFuture<Void> delete(
      ResourceType<?> type, ObjectKey key, DeleteOptions options) {
    throw new UnsupportedOperationException("delete");
  }

  @Override
  public CompletableFuture<String> read(String path) {
    throw new UnsupportedOperationException("read");
  }

  @Override
  public void close() {}
}
