package dev.kcm.testkit;

import dev.kcm.core.informer.EventHandler;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.testkit.ModelCluster.Change;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Informers over a {@link ModelCluster} that lag behind it for as long as the test wants. Lists
 * come in an order that differs from call to call, as those of real caches may.
 *
 * <p>Handlers are called on the thread of the test, from {@link #catchUp()}.
 *
 * <p>Confined to the thread of the test.
 */
public final class ModelCaches {

  private final ModelCluster cluster;
  private final Random order;
  private final Map<Class<?>, ModelInformer<?>> informers = new HashMap<>();
  private int position;
  private long objectsRead;

  private ModelCaches(ModelCluster cluster, Random order) {
    this.cluster = cluster;
    this.order = order;
  }

  /**
   * Empty caches.
   *
   * @param seed from which the order of lists follows
   */
  public static ModelCaches of(ModelCluster cluster, long seed) {
    return new ModelCaches(cluster, new Random(seed));
  }

  /** The informer of a type. Ask for all of them before the first {@link #catchUp()}. */
  @SuppressWarnings("unchecked") // The map holds an informer of T for the class of T.
  public <T extends HasMetadata> Informer<T> informer(ResourceType<T> type) {
    return (Informer<T>) informers.computeIfAbsent(type.type(), c -> new ModelInformer<>(type));
  }

  /** Takes in all changes. */
  public void catchUp() {
    catchUpBy(Integer.MAX_VALUE);
  }

  /** Takes in at most so many changes. */
  public void catchUpBy(int changes) {
    int end = (int) Math.min((long) position + changes, cluster.log().size());
    while (position < end) {
      Change change = cluster.log().get(position++);
      ModelInformer<?> informer = informers.get(change.id().kind());
      if (informer != null) {
        informer.apply(change);
      }
    }
  }

  /** The cluster they follow. */
  public ModelCluster cluster() {
    return cluster;
  }

  /** How many changes are still to be taken in. */
  public int lag() {
    return cluster.log().size() - position;
  }

  /**
   * How many objects the listers have handed out so far, to whomever. A value of an index counts as
   * an object; sizes do not. What a run adds is what it had to look through.
   */
  public long objectsRead() {
    return objectsRead;
  }

  private <C extends Collection<?>> C counted(C handedOut) {
    objectsRead += handedOut.size();
    return handedOut;
  }

  /** See {@link ModelCaches}. Confined to the thread of the test. */
  private final class ModelInformer<T extends HasMetadata> implements Informer<T>, Lister<T> {

    private final ResourceType<T> type;
    private final Map<ObjectKey, T> objects = new LinkedHashMap<>();
    private final Map<String, Function<? super T, ? extends Collection<String>>> indexes =
        new HashMap<>();
    private final List<EventHandler<? super T>> handlers = new ArrayList<>();

    private ModelInformer(ResourceType<T> type) {
      this.type = type;
    }

    private void apply(Change change) {
      ObjectKey key = change.id().key();
      if (change.object() == null) {
        T last = objects.remove(key);
        handlers.forEach(handler -> handler.onDelete(key, last, false));
        return;
      }
      T current = type.type().cast(change.object());
      T old = objects.put(key, current);
      handlers.forEach(handler -> tell(handler, old, current));
    }

    private void tell(EventHandler<? super T> handler, @Nullable T old, T current) {
      if (old == null) {
        handler.onAdd(current, false);
      } else {
        handler.onUpdate(old, current);
      }
    }

    @Override
    public ResourceType<T> type() {
      return type;
    }

    @Override
    public Lister<T> lister() {
      return this;
    }

    @Override
    public void addIndex(String name, Function<? super T, ? extends Collection<String>> values) {
      if (indexes.putIfAbsent(name, values) != null) {
        throw new IllegalArgumentException("index " + name + " exists already");
      }
    }

    @Override
    public void ensureIndex(String name, Function<? super T, ? extends Collection<String>> values) {
      indexes.putIfAbsent(name, values);
    }

    @Override
    public Registration addHandler(String name, EventHandler<? super T> handler) {
      handlers.add(handler);
      List.copyOf(objects.values()).forEach(object -> handler.onAdd(object, true));
      return new ModelRegistration(() -> handlers.remove(handler));
    }

    @Override
    public boolean hasSynced() {
      return true;
    }

    @Override
    public CompletionStage<Void> synced() {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public String state() {
      return "SYNCED";
    }

    @Override
    public Optional<T> get(ObjectKey key) {
      T object = objects.get(key);
      objectsRead += object == null ? 0 : 1;
      return Optional.ofNullable(object);
    }

    @Override
    public List<T> list() {
      return counted(shuffled());
    }

    private List<T> shuffled() {
      List<T> shuffled = new ArrayList<>(objects.values());
      Collections.shuffle(shuffled, order);
      return shuffled;
    }

    @Override
    public List<T> inNamespace(String namespace) {
      return counted(
          shuffled().stream()
              .filter(object -> ObjectKey.of(object).namespace().equals(namespace))
              .toList());
    }

    @Override
    public List<T> byIndex(String index, String value) {
      Function<? super T, ? extends Collection<String>> values = index(index);
      return counted(
          shuffled().stream().filter(object -> values.apply(object).contains(value)).toList());
    }

    @Override
    public Set<String> indexValues(String index) {
      Function<? super T, ? extends Collection<String>> values = index(index);
      return counted(
          objects.values().stream()
              .flatMap(object -> values.apply(object).stream())
              .collect(Collectors.<String>toUnmodifiableSet()));
    }

    @Override
    public int size() {
      return objects.size();
    }

    private Function<? super T, ? extends Collection<String>> index(String name) {
      Function<? super T, ? extends Collection<String>> values = indexes.get(name);
      if (values == null) {
        throw new IllegalArgumentException(
            "no index " + name + " on " + type.plural() + ", allowed: " + indexes.keySet());
      }
      return values;
    }
  }

  /**
   * A place in an informer.
   *
   * @param removal takes the handler out
   */
  private record ModelRegistration(Runnable removal) implements Informer.Registration {

    @Override
    public boolean hasSynced() {
      return true;
    }

    @Override
    public CompletionStage<Void> synced() {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void remove() {
      removal.run();
    }

    @Override
    public boolean removeAndAwait(Duration timeout) {
      removal.run();
      return true;
    }
  }
}
