package dev.kcm.core.api;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Talks to one API server as one identity.
 *
 * <p>Futures complete on a thread of the client, exceptionally with an {@link ApiException}; a
 * caller that goes on to do work names its own executor. Each request is sent at most once, except
 * for what {@code ApiClients} documents. Objects returned by single requests belong to the caller;
 * those of lists and watches must not be changed, since equal parts of them are one and the same.
 * Thread-safe.
 */
public interface ApiClient extends AutoCloseable {

  /** Reads an object; a quorum read. */
  <T extends HasMetadata> CompletableFuture<T> get(ResourceType<T> type, ObjectKey key);

  /**
   * Lists objects, one page.
   *
   * @param items takes each item as it is decoded, in order, one call at a time, before the future
   *     completes; an exception from it ends the list and fails the future
   * @return the list's own metadata
   */
  <T extends HasMetadata> CompletableFuture<ListPage> list(
      ResourceType<T> type, ListQuery query, Consumer<? super T> items);

  /**
   * Opens a watch. Never blocks and never throws; failures reach the listener.
   *
   * @return a handle that ends the watch
   */
  <T extends HasMetadata> Watch watch(
      ResourceType<T> type, WatchQuery query, WatchListener<T> listener);

  /** Creates an object in the namespace it names; the answer is the object as stored. */
  <T extends HasMetadata> CompletableFuture<T> create(ResourceType<T> type, T object);

  /**
   * Replaces an object or a subresource.
   *
   * @param subresource for example {@code status}; empty for the object itself
   */
  <T extends HasMetadata> CompletableFuture<T> update(
      ResourceType<T> type, T object, String subresource);

  /**
   * Patches an object or a subresource.
   *
   * @param subresource empty for the object itself
   * @param body the patch document as JSON
   */
  <T extends HasMetadata> CompletableFuture<T> patch(
      ResourceType<T> type, ObjectKey key, String subresource, PatchFormat format, String body);

  /**
   * Applies an object or a subresource: server-side apply.
   *
   * <p>A client that knows no apply, a stand-in in a test, fails the future with {@code
   * UNSUPPORTED_MEDIA_TYPE}.
   *
   * @param object exactly the fields the field manager wants to own
   * @param subresource empty for the object itself
   */
  default <T extends HasMetadata> CompletableFuture<T> apply(
      ResourceType<T> type, T object, String subresource, ApplyOptions options) {
    return CompletableFuture.failedFuture(
        new ApiException(
            ApiError.of(
                ApiError.Kind.UNSUPPORTED_MEDIA_TYPE, 0, "this client has no server-side apply")));
  }

  /** Deletes an object; a missing one is {@code NOT_FOUND}. */
  CompletableFuture<Void> delete(ResourceType<?> type, ObjectKey key, DeleteOptions options);

  /**
   * Deletes all objects of a type in a namespace, in one request; those with finalizers stay until
   * these are gone.
   *
   * <p>A client that knows no such deletion, a stand-in in a test, fails the future with {@code
   * OTHER} and 405, as a resource does that has none.
   *
   * @param namespace not empty
   * @param options preconditions hold for each object
   */
  default CompletableFuture<Void> deleteCollection(
      ResourceType<?> type, String namespace, DeleteOptions options) {
    return CompletableFuture.failedFuture(
        new ApiException(
            ApiError.of(ApiError.Kind.OTHER, 405, "this client deletes no collections")));
  }

  /**
   * Reads a path of the server as text, for example {@code /healthz}.
   *
   * @param path absolute path with optional query
   */
  CompletableFuture<String> read(String path);

  /**
   * Reads a path of the server as text, in a form asked for.
   *
   * <p>A client that has one form only, a stand-in in a test, gives that.
   *
   * @param accept media types, as in the header
   */
  default CompletableFuture<String> read(String path, String accept) {
    return read(path);
  }

  /**
   * This client, with warnings of the server for its requests told to somebody else than to the
   * taker the client was made with. For a single request:
   *
   * <pre>{@code
   * client.warning(text -> {}).create(type, object);
   * }</pre>
   *
   * <p>Connections and limits are shared, and closing either client closes both. A client that
   * hears of no warnings, a stand-in in a test, returns itself.
   *
   * @param taker takes each text as often as it comes, on a thread of the client; must not block
   */
  default ApiClient warning(Consumer<String> taker) {
    return this;
  }

  /** Ends open watches and refuses further requests with {@code CLOSED}. Idempotent. */
  @Override
  void close();

  /** An open watch. */
  @FunctionalInterface
  interface Watch {

    /**
     * Ends the watch. No call of the listener begins once this has returned; one that is under way
     * is not waited for, and the listener's {@code closed} is not called. Idempotent.
     */
    void close();
  }
}
