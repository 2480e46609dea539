package dev.kcm.core.informer;

import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * A shared local copy of a resource. Thread-safe. Made by {@code Informers}.
 *
 * @param <T> model class
 */
public interface Informer<T extends HasMetadata> {

  /** What it holds. */
  ResourceType<T> type();

  /** Reads the local copy. */
  Lister<T> lister();

  /**
   * Adds an index; objects already there are indexed before this returns.
   *
   * @param name name for {@link Lister#byIndex}
   * @param values under which values an object is filed; for an object it throws on, none
   * @throws IllegalArgumentException when the name is taken
   */
  void addIndex(String name, Function<? super T, ? extends Collection<String>> values);

  /** Adds an index unless one of this name exists; controllers share indexes this way. */
  void ensureIndex(String name, Function<? super T, ? extends Collection<String>> values);

  /**
   * Takes an index away, for good; from then on it is unknown to the lister.
   *
   * @return whether there was one of this name
   * @throws IllegalArgumentException for the index by namespace, which every informer has
   */
  default boolean removeIndex(String name) {
    throw new UnsupportedOperationException("this informer keeps its indexes");
  }

  /**
   * Has every object changed on its way in; by default {@code metadata.managedFields} are dropped
   * and nothing else. There is one transform for all who share the informer.
   *
   * @param transform what to do; asking again for one of the same id changes nothing
   * @throws IllegalStateException when the informer has been started, or has a transform of another
   *     id
   */
  default void transform(Transform<T> transform) {
    throw new UnsupportedOperationException("this informer has no transforms");
  }

  /**
   * Adds a handler, at any time. It first hears of every object already there, then of every
   * change, each exactly once. The calling thread never runs handler code.
   *
   * @param name for thread names, logs and meters, for example the controller's name
   * @param handler the same handler twice makes two registrations
   * @throws IllegalStateException when the informer is stopped
   */
  Registration addHandler(String name, EventHandler<? super T> handler);

  /**
   * Adds a handler that wants something beyond the usual.
   *
   * <p>The informers of {@link Informers} heed all options; one that stands in for them, in a test,
   * may know none.
   *
   * @param name as above
   * @param handler as above
   * @param options what it wants
   * @throws IllegalStateException when the informer is stopped
   */
  default Registration addHandler(
      String name, EventHandler<? super T> handler, HandlerOptions options) {
    return addHandler(name, handler);
  }

  /**
   * Says before the start that a handler will come that wants to hear of every object so often, so
   * that the informer checks for resyncs as often as that. Who comes later, unannounced, and wants
   * it more often has its resync raised. Ignored after the start, and by informers without resync.
   *
   * @param period zero says nothing
   */
  default void expectResync(Duration period) {}

  /** Whether the first list is in the store and in the buffers of all handlers. */
  boolean hasSynced();

  /** Completes when {@link #hasSynced()} becomes true; fails when the informer stops before. */
  CompletionStage<Void> synced();

  /**
   * Whether nothing, no event, bookmark or list, came from the server for longer than this. A
   * healthy server sends a bookmark about once a minute; 3 minutes is a good limit. Never the case
   * for a copy that no server feeds.
   */
  default boolean isStale(Duration maxAge) {
    return false;
  }

  /** The newest resourceVersion seen; empty before the first list, or without a server. */
  default String resourceVersion() {
    return "";
  }

  /**
   * Whether the local copy holds everything up to a resourceVersion, so that a reader finds its own
   * write in it. Cheap; asks nobody.
   *
   * <p>True as well where no answer could ever come: for text that is no unsigned decimal, and for
   * versions from before the server itself went back to an older state. False before the first
   * list.
   *
   * @param resourceVersion of an object of this informer's resource; those of other resources mean
   *     nothing here
   */
  default boolean hasReached(String resourceVersion) {
    return true;
  }

  /**
   * Waits, without a thread, until {@link #hasReached} becomes true.
   *
   * @param resourceVersion as there
   * @param timeout after this the stage completes with false; 30 seconds is usual
   * @return completes with true when it is reached, with false when the time is up or the informer
   *     stops; never exceptionally. It completes on the informer's own thread: whoever goes on to
   *     do work names an executor
   */
  default CompletionStage<Boolean> awaitResourceVersion(String resourceVersion, Duration timeout) {
    return CompletableFuture.completedStage(true);
  }

  /** What it is doing, in words for health checks, for example {@code BLOCKED (403 pods/list)}. */
  String state();

  /** How it stands with the server; with several namespaces, the worst of each. */
  default InformerStatus status() {
    return new InformerStatus(
        state(), resourceVersion(), resourceVersion(), Duration.ZERO, null, null, null, 0);
  }

  /** The same for each namespace it looks at; the empty name stands for all of them. */
  default Map<String, InformerStatus> statusByNamespace() {
    return Map.of("", status());
  }

  /**
   * Fetches everything anew: ends a wait at once, and a watch. Does nothing while a list is under
   * way, or before the start. A resync is something else: it replays the local copy.
   */
  default void triggerRelist() {}

  /** A handler's place in an informer. */
  interface Registration {

    /** Whether the handler has returned from every initial add. */
    boolean hasSynced();

    /** Completes when {@link #hasSynced()} becomes true; fails when it is removed before. */
    CompletionStage<Void> synced();

    /** Takes the handler out. Does not wait for a running call; what is queued is dropped. */
    void remove();

    /**
     * Takes the handler out and waits for a running call.
     *
     * @return false when the call still ran after the time-out
     * @throws IllegalStateException when called from the handler itself
     * @throws InterruptedException when the waiting thread is interrupted
     */
    boolean removeAndAwait(Duration timeout) throws InterruptedException;
  }
}
