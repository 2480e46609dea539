package dev.kcm.core.informer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.Scope;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.Timers;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

/**
 * The informers of a process: one per resource and scope, shared by all who ask.
 *
 * <p>Guarded by {@code informers}; informers are told things outside of it.
 */
public final class Informers {

  /**
   * What informers are made of.
   *
   * @param environment clocks, timers, threads
   * @param meters where meters go
   * @param watchList whether lists are streamed
   */
  record Settings(Environment environment, MeterRegistry meters, WatchList watchList) {}

  private record Key(ResourceType<?> type, Scope scope) {}

  private final ApiClient api;
  private final Settings settings;
  private final Duration resync;

  @GuardedBy("informers") private final Map<Key, SharedInformer<?>> informers = new LinkedHashMap<>();

  @GuardedBy("informers") private boolean stopped;

  @GuardedBy("informers") private MutationGuard guard = MutationGuard.off();

  private Informers(ApiClient api, Settings settings, Duration resync) {
    this.api = api;
    this.settings = settings;
    this.resync = resync;
  }

  /** Informers without resync, which stream their lists where the server can. */
  public static Informers create(ApiClient api, Environment environment, MeterRegistry meters) {
    return create(api, environment, meters, Duration.ZERO, WatchList.AUTO);
  }

  /**
   * Informers.
   *
   * @param api whom to ask; closed by its owner, after the informers are stopped
   * @param environment clocks, timers, threads
   * @param meters where the {@code informer_*} meters go
   * @param resync shortest time after which handlers hear of every object again; each informer
   *     draws its own, up to twice as long, so that not all come at once. Zero for never, whatever
   *     handlers ask for; otherwise at least a second. Upstream's manager uses 12 hours
   * @param watchList whether lists are streamed
   */
  public static Informers create(
      ApiClient api,
      Environment environment,
      MeterRegistry meters,
      Duration resync,
      WatchList watchList) {
    if (!resync.isZero() && resync.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException(
          "resync is " + resync + ", allowed: zero (never), or a second or more");
    }
    return new Informers(api, new Settings(environment, meters, watchList), resync);
  }

  /** Has the objects of all informers that are asked for from now on guarded against changes. */
  public void guardedBy(MutationGuard mutationGuard) {
    synchronized (informers) {
      guard = mutationGuard;
    }
  }

  /** The informer of all objects of a type. */
  public <T extends HasMetadata> Informer<T> get(ResourceType<T> type) {
    return get(type, Scope.ALL);
  }

  /**
   * The informer of a part of a resource; the same one each time.
   *
   * <p>It is started by the next {@link #start()}.
   *
   * @throws IllegalStateException after {@link #stop}
   */
  public <T extends HasMetadata> Informer<T> get(ResourceType<T> type, Scope scope) {
    synchronized (informers) {
      if (stopped) {
        throw new IllegalStateException("the informers are stopped; make new ones");
      }
      SharedInformer<?> informer =
          informers.computeIfAbsent(
              new Key(type, scope),
              key -> new SharedInformer<>(api, type, scope, settings, drawnResync(), guard));
      return cast(type, informer);
    }
  }

  /** The key holds the type, so the informer under it is one of this type. */
  @SuppressWarnings("unchecked")
  private static <T extends HasMetadata> Informer<T> cast(
      ResourceType<T> type, SharedInformer<?> informer) {
    if (!informer.type().equals(type)) {
      throw new IllegalStateException("the informer of " + type + " is one of " + informer.type());
    }
    return (Informer<T>) informer;
  }

  private Duration drawnResync() {
    double factor = 1 + settings.environment().random().nextDouble();
    return Duration.ofNanos((long) (resync.toNanos() * factor));
  }

  /** Starts all informers that are not started yet. Returns at once. */
  public void start() {
    all().forEach(SharedInformer::start);
  }

  /** Ends waits after failures at once, for when the server is known to be back. */
  public void retryNow() {
    all().forEach(SharedInformer::retryNow);
  }

  /** All informers. */
  public List<Informer<?>> list() {
    return List.copyOf(all());
  }

  private List<SharedInformer<?>> all() {
    synchronized (informers) {
      return List.copyOf(informers.values());
    }
  }

  /**
   * Completes when every informer there is now has synced.
   *
   * @param timeout after this the stage fails with a {@link TimeoutException} that names each
   *     informer that has not synced and its state
   */
  public CompletionStage<Void> synced(Duration timeout) {
    List<SharedInformer<?>> wanted = all();
    CompletableFuture<Void> result = new CompletableFuture<>();
    Timers.Timer timer =
        settings
            .environment()
            .timers()
            .schedule(
                timeout,
                settings.environment().executor("informers"),
                () -> result.completeExceptionally(new TimeoutException(unsynced(wanted))));
    CompletableFuture<?>[] each =
        wanted.stream()
            .map(informer -> informer.synced().toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    var unused =
        CompletableFuture.allOf(each)
            .whenComplete(
                (nothing, failure) -> {
                  timer.cancel();
                  if (failure == null) {
                    result.complete(null);
                  } else {
                    result.completeExceptionally(failure);
                  }
                });
    return result;
  }

  private static String unsynced(List<SharedInformer<?>> wanted) {
    List<String> waiting = new ArrayList<>();
    for (SharedInformer<?> informer : wanted) {
      if (!informer.hasSynced()) {
        waiting.add(informer.type().qualifiedPlural() + ": " + informer.state());
      }
    }
    return "not synced: " + String.join(", ", waiting);
  }

  /**
   * Stops all informers for good. Handlers are still told what waits for them.
   *
   * @param drain how long they may take for that; what waits after it is dropped. 5 seconds is
   *     usual
   * @return completes, at the latest after that time, with the names of handlers whose last call
   *     still ran
   */
  public CompletionStage<List<String>> stop(Duration drain) {
    synchronized (informers) {
      stopped = true;
    }
    List<String> running = new ArrayList<>();
    CompletableFuture<List<String>> result = CompletableFuture.completedFuture(running);
    for (SharedInformer<?> informer : all()) {
      result =
          result.thenCombine(
              informer.stop(drain),
              (names, more) -> {
                names.addAll(more);
                return names;
              });
    }
    return result;
  }
}
