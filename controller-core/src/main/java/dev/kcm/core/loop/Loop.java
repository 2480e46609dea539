package dev.kcm.core.loop;

import dev.kcm.core.informer.HandlerOptions;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Reconciler;
import dev.kcm.core.plan.RememberingReconciler;
import dev.kcm.core.queue.RateLimiter;
import dev.kcm.core.queue.RateLimiters;
import dev.kcm.core.time.Environment;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a loop is made of: which informers lead to which keys, who reads, who decides, and how many
 * keys may be worked on at a time. It can be started any number of times, one after another.
 *
 * <pre>{@code
 * Loop.<GreetingSnapshot>named("greeting")
 *     .component("greeting-controller")
 *     .on(greetings, Enqueue.self())
 *     .on(configMaps, Enqueue.owner(Greetings.TYPE))
 *     .reading(new GreetingReader(greetings.lister(), configMaps.lister()))
 *     .deciding(new GreetingReconciler())
 *     .workers(5)
 *     .build();
 * }</pre>
 *
 * <p>Immutable.
 *
 * @param <S> snapshot
 */
public final class Loop<S> {

  /** Keys worked on at a time unless {@link Builder#workers} says otherwise. */
  public static final int DEFAULT_WORKERS = 1;

  private final String name;
  private final String component;
  private final List<Source<?>> sources;
  private final List<ObjectKey> startingKeys;
  private final Reader<S> reader;
  private final Supplier<Decisions<S>> decisions;
  private final int workers;
  private final boolean prioritized;
  private final @Nullable Supplier<? extends RateLimiter<ObjectKey>> limiter;
  private final @Nullable Consumer<Action.Measure> measures;
  private final @Nullable Duration timeout;
  private final boolean readYourWrites;
  private final @Nullable String runtimeMeters;
  private final RunLog logFields;
  private final int maxRetries;
  private final @Nullable String sharedQueue;
  private final boolean caughtUp;

  private Loop(Builder<S> builder, Reader<S> reader, Supplier<Decisions<S>> decisions) {
    this.name = builder.name;
    this.component = builder.component;
    this.sources = List.copyOf(builder.sources);
    this.startingKeys = List.copyOf(builder.startingKeys);
    this.reader = reader;
    this.decisions = decisions;
    this.workers = builder.workers;
    this.prioritized = builder.prioritized;
    this.limiter = builder.limiter;
    this.measures = builder.measures;
    this.timeout = builder.timeout;
    this.readYourWrites = builder.readYourWrites;
    this.runtimeMeters = builder.runtimeMeters;
    this.logFields = builder.logFields;
    this.maxRetries = builder.maxRetries;
    this.sharedQueue = builder.sharedQueue;
    this.caughtUp = builder.caughtUp;
  }

  /**
   * Starts the description of a loop.
   *
   * @param name stands in logs, meters and thread names, and is the name of the queue unless it
   *     shares one
   */
  public static <S> Builder<S> named(String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException(
          "the name of a loop is \"" + name + "\", allowed: any text that is not blank");
    }
    return new Builder<>(name);
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** The name of its queue: its own, unless it shares one. */
  public String queue() {
    return sharedQueue == null ? name : sharedQueue;
  }

  /** Source component of its Events. */
  public String component() {
    return component;
  }

  /**
   * Adds handlers to the informers, waits until each has heard of every object already there, and
   * from then on works on keys.
   */
  public RunningLoop<S> start(LoopHost host) {
    RunningLoop<S> running = new RunningLoop<>(this, host);
    running.start();
    return running;
  }

  /**
   * Tells its informers what resyncs it will ask them for, so that those heed them although the
   * loop starts after them.
   */
  public void announceResyncs() {
    sources.forEach(source -> source.informer().expectResync(source.options().resync()));
  }

  List<Source<?>> sources() {
    return sources;
  }

  List<ObjectKey> startingKeys() {
    return startingKeys;
  }

  Reader<S> reader() {
    return reader;
  }

  /** Who decides in one running loop; remembers nothing yet. */
  Decisions<S> newDecisions() {
    return decisions.get();
  }

  int workers() {
    return workers;
  }

  boolean isPrioritized() {
    return prioritized;
  }

  RateLimiter<ObjectKey> newLimiter(Environment environment) {
    return limiter == null ? RateLimiters.controllerDefault(environment) : limiter.get();
  }

  @Nullable Consumer<Action.Measure> measures() {
    return measures;
  }

  @Nullable Duration timeout() {
    return timeout;
  }

  boolean readYourWrites() {
    return readYourWrites;
  }

  @Nullable String runtimeMeters() {
    return runtimeMeters;
  }

  RunLog logFields() {
    return logFields;
  }

  int maxRetries() {
    return maxRetries;
  }

  boolean startsCaughtUp() {
    return caughtUp;
  }

  boolean sharesQueueName() {
    return sharedQueue != null;
  }

  static int checkedWorkers(String loop, int count) {
    if (count < 1) {
      throw new IllegalArgumentException(
          "loop " + loop + ": workers is " + count + ", allowed: 1 or more");
    }
    return count;
  }

  /**
   * An informer and what its events lead to.
   *
   * @param informer where events come from
   * @param mapper turns them into keys
   * @param options of the handler
   */
  record Source<T extends HasMetadata>(
      Informer<T> informer, EventMapper<? super T> mapper, HandlerOptions options) {}

  /**
   * Describes a loop. Single use, confined to one thread.
   *
   * @param <S> snapshot
   */
  public static final class Builder<S> {

    private final String name;
    private final List<Source<?>> sources = new ArrayList<>();
    private final List<ObjectKey> startingKeys = new ArrayList<>();
    private String component;
    private int workers = DEFAULT_WORKERS;
    private boolean prioritized;
    private @Nullable Reader<S> reader;
    private @Nullable Supplier<Decisions<S>> decisions;
    private @Nullable Supplier<? extends RateLimiter<ObjectKey>> limiter;
    private @Nullable Consumer<Action.Measure> measures;
    private @Nullable Duration timeout;
    private boolean readYourWrites = true;
    private @Nullable String runtimeMeters;
    private RunLog logFields = RunLog.NO_FIELDS;
    private int maxRetries = Integer.MAX_VALUE;
    private @Nullable String sharedQueue;
    private boolean caughtUp;

    private Builder(String name) {
      this.name = name;
      this.component = name;
    }

    /** Source component of the loop's Events. Default: the loop's name. */
    public Builder<S> component(String source) {
      component = source;
      return this;
    }

    /** Lets the events of an informer lead to keys. May be called for any number of informers. */
    public <T extends HasMetadata> Builder<S> on(
        Informer<T> informer, EventMapper<? super T> mapper) {
      return on(informer, mapper, HandlerOptions.DEFAULTS);
    }

    /** The same, with a handler that wants something beyond the usual, such as its own resync. */
    public <T extends HasMetadata> Builder<S> on(
        Informer<T> informer, EventMapper<? super T> mapper, HandlerOptions options) {
      sources.add(new Source<>(informer, mapper, options));
      return this;
    }

    /** Puts a key into the queue at each start; a periodic sweep has one that never changes. */
    public Builder<S> startingWith(ObjectKey key) {
      startingKeys.add(key);
      return this;
    }

    /** Who turns a key into a snapshot. Required. */
    public Builder<S> reading(Reader<S> snapshots) {
      reader = snapshots;
      return this;
    }

    /** Who turns a snapshot into a plan. Required, or else one that remembers. */
    public Builder<S> deciding(Reconciler<S> reconciler) {
      decisions = () -> Decisions.of(reconciler);
      return this;
    }

    /**
     * Who turns a snapshot into a plan and remembers something of each key. What it remembers is
     * dropped when the reader finds no object, and with the running loop: after a change of
     * leadership it begins anew.
     *
     * @param empty memory of a key that has none; one that equals it takes no room
     */
    public <M> Builder<S> deciding(RememberingReconciler<S, M> reconciler, M empty) {
      decisions = () -> Decisions.of(reconciler, empty);
      return this;
    }

    /**
     * How long a run may take, reading and waiting for the server included. A run that takes longer
     * is cancelled: the thread that decides is interrupted, answers are not waited for, nothing
     * more is sent, and the key is tried again with back-off. Default: as long as it likes.
     *
     * @param longest more than zero
     */
    public Builder<S> timeout(Duration longest) {
      if (longest.isZero() || longest.isNegative()) {
        throw new IllegalArgumentException(
            "loop " + name + ": timeout is " + longest + ", allowed: more than zero");
      }
      timeout = longest;
      return this;
    }

    /**
     * Whether a key waits until the caches have seen what its last run wrote, for at most 30
     * seconds. Counts for kinds whose informer was given to {@link #on}. Default: it does. Switch
     * it off when those informers cannot see all that the loop writes of their kind, because they
     * are bound to a namespace or a selector.
     */
    public Builder<S> readYourWrites(boolean wait) {
      readYourWrites = wait;
      return this;
    }

    /**
     * Registers the meters that controllers built with controller-runtime have, besides our own.
     *
     * @param prefix of their names, usually {@code controller_runtime}
     */
    public Builder<S> runtimeMeters(String prefix) {
      if (prefix.isBlank()) {
        throw new IllegalArgumentException(
            "loop %s: the prefix of runtimeMeters is \"%s\", allowed: any text that is not blank"
                .formatted(name, prefix));
      }
      runtimeMeters = prefix;
      return this;
    }

    /**
     * Whether what readers and reconcilers log carries the fields {@code controller}, {@code key}
     * and {@code reconcile} in the MDC, at a small cost for each run. What the loop itself logs
     * always does. Default: no.
     */
    public Builder<S> logFields(boolean set) {
      logFields = set ? RunLog.FIELDS : RunLog.NO_FIELDS;
      return this;
    }

    /** Most keys worked on at a time, 1 or more. Default: 1. */
    public Builder<S> workers(int count) {
      workers = checkedWorkers(name, count);
      return this;
    }

    /**
     * Lets changes go before what was there already: keys of the first list and of resyncs wait
     * with {@link dev.kcm.core.queue.Priority#BACKGROUND}, all others with {@link
     * dev.kcm.core.queue.Priority#NORMAL}. A key that is retried or looked at again keeps the
     * priority of its run, unless its verdict has one. Waiting keys gain priority, so none starves;
     * see {@link dev.kcm.core.queue.WorkQueues.Builder#prioritized()}. Default: first come, first
     * served.
     */
    public Builder<S> prioritized() {
      prioritized = true;
      return this;
    }

    /**
     * How failed keys wait; asked for a new limiter at each start. Default: {@link
     * RateLimiters#controllerDefault}.
     */
    public Builder<S> limiter(Supplier<? extends RateLimiter<ObjectKey>> limiters) {
      limiter = limiters;
      return this;
    }

    /**
     * How often a failing key is tried again in a row. Then it is given up, which is logged, and
     * comes back with the next event. A wait that the server asked for is not counted. Default:
     * without end.
     *
     * @param count 1 or more
     */
    public Builder<S> maxRetries(int count) {
      if (count < 1) {
        throw new IllegalArgumentException(
            "loop " + name + ": maxRetries is " + count + ", allowed: 1 or more");
      }
      maxRetries = count;
      return this;
    }

    /**
     * The name of the loop's queue, as the {@code workqueue_*} metrics have it, which it has in
     * common with other loops on purpose: their series add up. Default: the loop's name.
     */
    public Builder<S> sharingQueue(String queue) {
      sharedQueue = queue;
      return this;
    }

    /**
     * Works on no key before the caches have seen all that the server has when the loop is started,
     * and with it all that a predecessor wrote, however far a warm cache lags behind. Costs one
     * list of the metadata for each informer at each start, with the controller's own client. For
     * controllers that give out something that must not be given out twice. Default: caches that
     * have synced are enough.
     */
    public Builder<S> startingCaughtUp() {
      caughtUp = true;
      return this;
    }

    /** Takes the measurements of plans; must not block. */
    public Builder<S> measuring(Consumer<Action.Measure> taker) {
      measures = taker;
      return this;
    }

    /**
     * The loop, ready to be started.
     *
     * @throws IllegalStateException when the reader or the reconciler is missing, or nothing leads
     *     to a key
     */
    public Loop<S> build() {
      List<String> problems = new ArrayList<>();
      if (reader == null) {
        problems.add("has no reader: call reading(..)");
      }
      if (decisions == null) {
        problems.add("has no reconciler: call deciding(..)");
      }
      if (sources.isEmpty() && startingKeys.isEmpty()) {
        problems.add("would never run: call on(..) or startingWith(..)");
      }
      if (reader == null || decisions == null || !problems.isEmpty()) {
        throw new IllegalStateException("loop " + name + " " + String.join("; it ", problems));
      }
      return new Loop<>(this, reader, decisions);
    }
  }
}
