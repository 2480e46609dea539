package dev.kcm.testkit;

import dev.kcm.core.api.Fence;
import dev.kcm.core.informer.EventHandler;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.EventMapper;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.loop.Reader;
import dev.kcm.core.loop.RunContext;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Reconciler;
import dev.kcm.core.plan.RememberingReconciler;
import dev.kcm.core.plan.Report.Rejected;
import dev.kcm.core.plan.Report.Result;
import dev.kcm.core.plan.Report.Skipped;
import dev.kcm.core.plan.Stage;
import dev.kcm.core.plan.Turn;
import dev.kcm.core.run.Expectations;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A loop without threads, queue and server: mappers, reader, reconciler and expectations over
 * {@link ModelCaches}. A test runs its keys one by one.
 *
 * <pre>{@code
 * ModelLoop<GreetingSnapshot> loop =
 *     ModelLoop.<GreetingSnapshot>over(caches)
 *         .on(caches.informer(Greetings.TYPE), Enqueue.self())
 *         .reading(new GreetingReader(caches.informer(Greetings.TYPE).lister()))
 *         .deciding(new GreetingReconciler());
 * caches.catchUp();
 * Rehearsal run = loop.run(key);
 * }</pre>
 *
 * <p>Confined to the thread of the test.
 *
 * @param <S> snapshot
 */
public final class ModelLoop<S> {

  private final ModelCaches caches;
  private final Expectations expectations;
  private final Set<ObjectKey> queued = new LinkedHashSet<>();
  private final Map<ObjectKey, Duration> delayed = new LinkedHashMap<>();
  private @Nullable Reader<S> reader;
  private Consumer<ObjectKey> forget = key -> {};
  private @Nullable Decider<S> decider;

  private ModelLoop(ModelCaches caches) {
    this.caches = caches;
    this.expectations = Expectations.withTicker(caches.cluster().environment().ticker());
  }

  /** A loop over caches, still to be given a reader and a reconciler. */
  public static <S> ModelLoop<S> over(ModelCaches caches) {
    return new ModelLoop<>(caches);
  }

  /** Lets the events of an informer lead to keys. */
  public <T extends HasMetadata> ModelLoop<S> on(
      Informer<T> informer, EventMapper<? super T> mapper) {
    informer.addHandler("model", new Mapped<>(mapper, new ModelKeys()));
    return this;
  }

  /** Who turns a key into a snapshot. */
  public ModelLoop<S> reading(Reader<S> snapshots) {
    reader = snapshots;
    return this;
  }

  /** Who turns a snapshot into a plan. */
  public ModelLoop<S> deciding(Reconciler<S> reconciler) {
    decider = (key, s, now) -> new Turn<>(reconciler.decide(s, now), () -> {});
    return this;
  }

  /**
   * Who turns a snapshot into a plan and remembers something of each key. The memory is kept as a
   * running loop keeps it: when a run has come to its end, until the object is gone.
   *
   * @param empty memory of a key that has none
   */
  public <M> ModelLoop<S> deciding(RememberingReconciler<S, M> reconciler, M empty) {
    Map<ObjectKey, M> memoryByKey = new HashMap<>();
    forget = memoryByKey::remove;
    decider =
        (key, s, now) -> {
          Turn<M> turn = reconciler.decide(s, memoryByKey.getOrDefault(key, empty), now);
          return new Turn<>(turn.plan(), () -> memoryByKey.put(key, turn.memory()));
        };
    return this;
  }

  /** Its expectations. */
  public Expectations expectations() {
    return expectations;
  }

  /** Takes the keys that events led to since the last call, in the order they came. */
  public List<ObjectKey> takeQueued() {
    List<ObjectKey> keys = List.copyOf(queued);
    queued.clear();
    return keys;
  }

  /** Takes the keys that are to be looked at later, with the last delay asked for. */
  public Map<ObjectKey, Duration> takeDelayed() {
    Map<ObjectKey, Duration> keys = Map.copyOf(delayed);
    delayed.clear();
    return keys;
  }

  /** The plan for a key, not carried out; empty when the reader finds no object. */
  public Optional<Plan> decide(ObjectKey key) {
    return turn(key).map(Turn::plan);
  }

  /** What to do, and how to remember it. */
  private Optional<Turn<Runnable>> turn(ObjectKey key) {
    if (reader == null || decider == null) {
      throw new IllegalStateException("call reading(..) and deciding(..) before the first run");
    }
    Decider<S> decisions = decider;
    boolean settled = expectations.satisfied(key);
    RunContext run = new RunContext(key, settled, 1, "model", Fence.OPEN);
    return reader
        .read(run)
        .map(s -> decisions.decide(key, s, caches.cluster().environment().wallClock().now()));
  }

  /** Runs a key against the cluster. */
  public Rehearsal run(ObjectKey key) {
    return run(key, caches.cluster());
  }

  /** Runs a key against a server of the test's own, for example a {@link FaultyServer}. */
  public Rehearsal run(ObjectKey key, Responder server) {
    Optional<Turn<Runnable>> turn = turn(key);
    if (turn.isEmpty()) {
      expectations.forget(key);
      forget.accept(key);
      return Rehearsal.of(Plan.NOTHING, server);
    }
    Rehearsal run = Rehearsal.of(turn.get().plan(), new Expecting(key, server));
    if (cameToItsEnd(run)) {
      turn.get().memory().run();
    }
    return run;
  }

  /** Whether the verdict is the plan's own, not that of a rejection it did not deal with. */
  private static boolean cameToItsEnd(Rehearsal run) {
    return run.verdict().equals(run.turns().get(run.turns().size() - 1).verdict());
  }

  /** Decides with what is remembered of a key; the memory of the answer keeps the next one. */
  private interface Decider<S> {

    Turn<Runnable> decide(ObjectKey key, S snapshot, Instant now);
  }

  /** What mappers may do. Confined to the thread of the test. */
  private final class ModelKeys implements Keys {

    @Override
    public void enqueue(ObjectKey key) {
      queued.add(key);
    }

    @Override
    public void enqueueAfter(ObjectKey key, Duration delay) {
      delayed.put(key, delay);
    }

    @Override
    public Expectations expectations() {
      return expectations;
    }
  }

  /** Keeps the expectations of a key as the executor does. Confined to the thread of the test. */
  private final class Expecting implements Responder {

    private final ObjectKey key;
    private final Responder server;
    private boolean raised;

    private Expecting(ObjectKey key, Responder server) {
      this.key = key;
      this.server = server;
    }

    @Override
    public Result answer(Action action) {
      return server.answer(action);
    }

    @Override
    public void begins(Stage stage) {
      int creations = 0;
      List<ObjectKey> deletions = new ArrayList<>();
      for (Action action : stage.actions()) {
        if (action instanceof Action.Create<?> create && create.expected()) {
          creations++;
        } else if (action instanceof Action.Delete<?> delete && delete.expected()) {
          deletions.add(delete.key());
        }
      }
      if (creations == 0 && deletions.isEmpty()) {
        return;
      }
      if (raised) {
        expectations.raise(key, creations, deletions);
      } else {
        expectations.expect(key, creations, deletions);
      }
      raised = true;
    }

    @Override
    public void ended(Result result) {
      boolean quiet = result instanceof Rejected rejected && Rehearsal.isQuiet(rejected);
      boolean failed = result instanceof Rejected || result instanceof Skipped;
      if (!failed || quiet) {
        return;
      }
      if (result.action() instanceof Action.Create<?> create && create.expected()) {
        expectations.creationObserved(key);
      } else if (result.action() instanceof Action.Delete<?> delete && delete.expected()) {
        expectations.deletionObserved(key, delete.key());
      }
    }
  }

  /**
   * A mapper as a handler.
   *
   * @param mapper told of events
   * @param keys what it may do
   */
  private record Mapped<T>(EventMapper<? super T> mapper, Keys keys) implements EventHandler<T> {

    @Override
    public void onAdd(T object, boolean initial) {
      mapper.added(object, initial, keys);
    }

    @Override
    public void onUpdate(T old, T current) {
      mapper.updated(old, current, keys);
    }

    @Override
    public void onDelete(ObjectKey key, @Nullable T last, boolean finalStateUnknown) {
      mapper.deleted(key, last, finalStateUnknown, keys);
    }
  }
}
