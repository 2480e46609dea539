package dev.kcm.core.loop;

import dev.kcm.core.informer.EventHandler;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.SerialExecutor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * An informer whose store the test fills by hand; handlers hear of it on virtual time.
 *
 * <p>Confined to the thread of the test.
 */
public final class FakeInformer<T extends HasMetadata> implements Informer<T> {

  private final ResourceType<T> type;
  private final Environment environment;
  private final Map<ObjectKey, T> store = new LinkedHashMap<>();
  private final Map<String, Function<? super T, ? extends Collection<String>>> indexes =
      new LinkedHashMap<>();
  private final List<Place> places = new ArrayList<>();
  private final CompletableFuture<Void> synced = new CompletableFuture<>();
  private final List<Wait> awaited = new ArrayList<>();
  private String state = "LISTING";
  private long reached = Long.MAX_VALUE;
  private int waits;
  private boolean stale;

  private FakeInformer(ResourceType<T> type, Environment environment) {
    this.type = type;
    this.environment = environment;
  }

  /** An informer that has not synced yet. */
  public static <T extends HasMetadata> FakeInformer<T> of(
      ResourceType<T> type, Environment environment) {
    return new FakeInformer<>(type, environment);
  }

  /** The first list is done. */
  public FakeInformer<T> sync() {
    state = "WATCHING";
    synced.complete(null);
    places.forEach(Place::syncSoon);
    return this;
  }

  /** The resourceVersion the store has reached; without a call, any. */
  public void reach(long version) {
    reached = version;
    for (Wait wait : List.copyOf(awaited)) {
      if (hasReached(wait.version())) {
        awaited.remove(wait);
        wait.result().complete(true);
      }
    }
  }

  /** Waits under way. */
  public int awaited() {
    return awaited.size();
  }

  @Override
  public boolean hasReached(String resourceVersion) {
    return !resourceVersion.matches("\\d+") || Long.parseLong(resourceVersion) <= reached;
  }

  @Override
  public CompletionStage<Boolean> awaitResourceVersion(String resourceVersion, Duration timeout) {
    CompletableFuture<Boolean> result = new CompletableFuture<>();
    Wait wait = new Wait(++waits, resourceVersion, result);
    awaited.add(wait);
    environment
        .timers()
        .schedule(
            timeout,
            environment.executor("informer"),
            () -> {
              awaited.remove(wait);
              result.complete(false);
            });
    return result;
  }

  /** What {@link #state()} says. */
  public void state(String text) {
    state = text;
  }

  /** Whether nothing has been heard for long. */
  public void stale(boolean silent) {
    stale = silent;
  }

  /** The informer stops before it has synced. */
  public void stop() {
    synced.completeExceptionally(new IllegalStateException("stopped"));
    places.forEach(p -> p.synced.completeExceptionally(new IllegalStateException("stopped")));
  }

  /** Puts an object into the store and tells the handlers. */
  public void put(T object) {
    T old = store.put(ObjectKey.of(object), object);
    for (Place place : List.copyOf(places)) {
      if (old == null) {
        place.tell(h -> h.onAdd(object, !synced.isDone()));
      } else {
        place.tell(h -> h.onUpdate(old, object));
      }
    }
  }

  /** Takes an object out of the store and tells the handlers. */
  public void delete(ObjectKey key) {
    T old = store.remove(key);
    if (old != null) {
      List.copyOf(places).forEach(place -> place.tell(h -> h.onDelete(key, old, false)));
    }
  }

  /** Handlers at the moment. */
  public int handlers() {
    return places.size();
  }

  @Override
  public ResourceType<T> type() {
    return type;
  }

  @Override
  public Lister<T> lister() {
    return new StoreLister();
  }

  @Override
  public void addIndex(String name, Function<? super T, ? extends Collection<String>> values) {
    if (indexes.putIfAbsent(name, values) != null) {
      throw new IllegalArgumentException("index " + name + " exists");
    }
  }

  @Override
  public void ensureIndex(String name, Function<? super T, ? extends Collection<String>> values) {
    indexes.putIfAbsent(name, values);
  }

  @Override
  public Registration addHandler(String name, EventHandler<? super T> handler) {
    Place place = new Place(handler, environment.executor(name));
    places.add(place);
    store.values().forEach(object -> place.tell(h -> h.onAdd(object, true)));
    if (synced.isDone()) {
      place.syncSoon();
    }
    return place;
  }

  @Override
  public boolean hasSynced() {
    return synced.isDone() && !synced.isCompletedExceptionally();
  }

  @Override
  public CompletionStage<Void> synced() {
    return synced;
  }

  @Override
  public boolean isStale(Duration maxAge) {
    return stale;
  }

  @Override
  public String state() {
    return state;
  }

  /** Somebody who waits for a version. */
  private record Wait(int id, String version, CompletableFuture<Boolean> result) {

    @Override
    public boolean equals(Object other) {
      return other instanceof Wait wait && wait.id == id;
    }

    @Override
    public int hashCode() {
      return id;
    }
  }

  /** Call of a handler. */
  private interface Told<T> {
    void to(EventHandler<? super T> handler);
  }

  /** A handler and its mailbox. */
  private final class Place implements Registration {

    private final EventHandler<? super T> handler;
    private final Executor mailbox;
    private final CompletableFuture<Void> synced = new CompletableFuture<>();
    private boolean removed;

    private Place(EventHandler<? super T> handler, Executor executor) {
      this.handler = handler;
      this.mailbox = new SerialExecutor(executor);
    }

    private void tell(Told<T> told) {
      mailbox.execute(
          () -> {
            if (!removed) {
              told.to(handler);
            }
          });
    }

    private void syncSoon() {
      mailbox.execute(() -> synced.complete(null));
    }

    @Override
    public boolean hasSynced() {
      return synced.isDone() && !synced.isCompletedExceptionally();
    }

    @Override
    public CompletionStage<Void> synced() {
      return synced;
    }

    @Override
    public void remove() {
      removed = true;
      places.remove(this);
      synced.completeExceptionally(new IllegalStateException("removed"));
    }

    @Override
    public boolean removeAndAwait(Duration timeout) {
      remove();
      return true;
    }
  }

  /** Reads the store. */
  private final class StoreLister implements Lister<T> {

    @Override
    public Optional<T> get(ObjectKey key) {
      return Optional.ofNullable(store.get(key));
    }

    @Override
    public List<T> list() {
      return List.copyOf(store.values());
    }

    @Override
    public List<T> inNamespace(String namespace) {
      return store.values().stream()
          .filter(o -> ObjectKey.of(o).namespace().equals(namespace))
          .toList();
    }

    @Override
    public List<T> byIndex(String index, String value) {
      return store.values().stream()
          .filter(o -> indexes.get(index).apply(o).contains(value))
          .toList();
    }

    @Override
    public Set<String> indexValues(String index) {
      return store.values().stream()
          .flatMap(o -> indexes.get(index).apply(o).stream())
          .collect(Collectors.toSet());
    }

    @Override
    public int size() {
      return store.size();
    }
  }
}
