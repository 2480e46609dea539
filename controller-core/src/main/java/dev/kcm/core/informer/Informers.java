package dev.kcm.core.informer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kcm.core.api.ApiClient;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.SerialExecutor;
import dev.kcm.core.time.Timers;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PartialObjectMetadata;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The informers of a process: one per resource, form and selection, shared by all who ask.
 *
 * <p>Informers that are asked for by {@link #get} run until the process, or somebody by name, stops
 * them. Those that are only {@linkplain #acquire acquired} stop with their last user.
 *
 * <p>Guarded by {@code entries}; informers are told things outside of it.
 */
public final class Informers {

  /** How long handlers may take for what waits when their informer stops: 5 seconds. */
  public static final Duration DEFAULT_DRAIN = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(Informers.class);

  /**
   * What informers are made of.
   *
   * @param environment clocks, timers, threads
   * @param meters where meters go
   * @param watchList whether lists are streamed
   * @param errors who hears of failures
   * @param guard watches over cached objects
   */
  record Settings(
      Environment environment,
      MeterRegistry meters,
      WatchList watchList,
      ErrorHandlers errors,
      MutationGuard guard) {}

  private record Key(ResourceType<?> type, Selection selection) {}

  /** An informer and who needs it. Guarded by {@code entries}. */
  private static final class Entry {
    private final SharedInformer<?> informer;
    private final String meterName;
    private boolean kept;
    private int users;

    private Entry(SharedInformer<?> informer, String meterName) {
      this.informer = informer;
      this.meterName = meterName;
    }
  }

  private final ApiClient api;
  private final Settings settings;
  private final Duration resync;
  private final boolean autoStart;
  private final @Nullable SharedInformer<PartialObjectMetadata> definitions;

  @GuardedBy("entries") private final Map<Key, Entry> entries = new LinkedHashMap<>();

  /** Taken out, but not at their end yet. */
  @GuardedBy("entries") private final Set<Entry> leaving = new LinkedHashSet<>();

  @GuardedBy("entries") private boolean started;

  @GuardedBy("entries") private boolean stopped;

  private Informers(Builder builder, Environment environment, MeterRegistry meters) {
    this.api = builder.api;
    this.resync = builder.resync;
    this.autoStart = builder.autoStart;
    ErrorHandlers errors =
        new ErrorHandlers(
            new SerialExecutor(environment.executor("informer-errors")),
            informer -> stop(informer, DEFAULT_DRAIN));
    builder.errorHandlers.forEach(errors::add);
    this.settings = new Settings(environment, meters, builder.watchList, errors, builder.guard);
    this.definitions = builder.followDefinitions ? definitions() : null;
  }

  private SharedInformer<PartialObjectMetadata> definitions() {
    SharedInformer<PartialObjectMetadata> informer =
        new SharedInformer<>(
            api, Definitions.TYPE, Selection.ALL, settings, "definitions", Duration.ZERO);
    informer.addHandler("definitions", new Definitions(settings.environment(), this::retryBlocked));
    return informer;
  }

  private void retryBlocked(String qualifiedPlural) {
    for (SharedInformer<?> informer : all()) {
      if (informer.type().qualifiedPlural().equals(qualifiedPlural) && informer.isBlocked()) {
        informer.retryNow();
      }
    }
  }

  /**
   * Informers of what a client sees. It is closed by its owner, after the informers are stopped.
   */
  public static Builder builder(ApiClient api) {
    return new Builder(api);
  }

  /** Informers without resync, which stream their lists where the server can. */
  public static Informers create(ApiClient api, Environment environment, MeterRegistry meters) {
    return builder(api).environment(environment).meters(meters).build();
  }

  /** Informers with a {@linkplain Builder#resync resync}. */
  public static Informers create(
      ApiClient api,
      Environment environment,
      MeterRegistry meters,
      Duration resync,
      WatchList watchList) {
    return builder(api)
        .environment(environment)
        .meters(meters)
        .resync(resync)
        .watchList(watchList)
        .build();
  }

  /** Collects what informers are made of. Confined to one thread. */
  public static final class Builder {

    private final ApiClient api;
    private final List<ErrorHandler> errorHandlers = new ArrayList<>();
    private Environment environment = Environment.system();
    private @Nullable MeterRegistry meters;
    private Duration resync = Duration.ZERO;
    private WatchList watchList = WatchList.AUTO;
    private boolean autoStart;
    private boolean followDefinitions;
    private MutationGuard guard = MutationGuard.off();

    private Builder(ApiClient api) {
      this.api = api;
    }

    /** Clocks, timers and threads; the system's by default. */
    public Builder environment(Environment given) {
      environment = given;
      return this;
    }

    /** Where the {@code informer_*} meters go; nowhere by default. */
    public Builder meters(MeterRegistry registry) {
      meters = registry;
      return this;
    }

    /**
     * The shortest time after which handlers hear of every object again; each informer draws its
     * own, up to twice as long, so that not all come at once. Zero, the default, for never,
     * whatever handlers ask for; otherwise at least a second. Upstream's manager uses 12 hours.
     */
    public Builder resync(Duration period) {
      resync = period;
      return this;
    }

    /** Whether lists are streamed; {@link WatchList#AUTO} by default. */
    public Builder watchList(WatchList mode) {
      watchList = mode;
      return this;
    }

    /**
     * Whether informers asked for after {@link Informers#start()} start at once; by default they
     * wait for the next start.
     */
    public Builder autoStart(boolean wanted) {
      autoStart = wanted;
      return this;
    }

    /**
     * Watches CustomResourceDefinitions, of which only the metadata is held, so that an informer of
     * a kind that is defined later syncs at once, and not at its next try up to a minute after. The
     * client must be allowed to list and watch them. By default it does not.
     */
    public Builder followDefinitions() {
      followDefinitions = true;
      return this;
    }

    /** What looks for changes of cached objects; nothing does by default. */
    public Builder guard(MutationGuard mutationGuard) {
      guard = mutationGuard;
      return this;
    }

    /** One more who hears of failures. */
    public Builder onError(ErrorHandler handler) {
      errorHandlers.add(handler);
      return this;
    }

    /**
     * Makes the informers; nothing is asked yet.
     *
     * @throws IllegalArgumentException when the resync is out of range
     */
    public Informers build() {
      if (!resync.isZero() && resync.compareTo(Duration.ofSeconds(1)) < 0) {
        throw new IllegalArgumentException(
            "resync is " + resync + ", allowed: zero (never), or a second or more");
      }
      return new Informers(
          this, environment, meters == null ? new CompositeMeterRegistry() : meters);
    }
  }

  // ---- who holds what

  /** The informer of all objects of a type. */
  public <T extends HasMetadata> Informer<T> get(ResourceType<T> type) {
    return get(type, Selection.ALL);
  }

  /**
   * The informer of a part of a resource; the same one each time, kept until it is stopped.
   *
   * <p>It is started by the next {@link #start()}, or at once if these informers start by
   * themselves.
   *
   * @throws IllegalArgumentException when namespaces are selected of what has none
   * @throws IllegalStateException after {@link #stop(Duration)}
   */
  public <T extends HasMetadata> Informer<T> get(ResourceType<T> type, Selection selection) {
    return ask(type, selection, entry -> entry.kept = true);
  }

  /**
   * The informer of a part of a resource for as long as it is used: when the last user has left,
   * and nobody got it by {@link #get}, it stops, and its watch is closed. Whoever comes later gets
   * a new one.
   *
   * @return closed by the user
   * @throws IllegalArgumentException when namespaces are selected of what has none
   * @throws IllegalStateException after {@link #stop(Duration)}
   */
  public <T extends HasMetadata> Use<T> acquire(ResourceType<T> type, Selection selection) {
    Key key = new Key(type, selection);
    Informer<T> informer = ask(type, selection, entry -> entry.users++);
    return new Use<>(informer, () -> release(key, informer));
  }

  private <T extends HasMetadata> Informer<T> ask(
      ResourceType<T> type, Selection selection, Consumer<Entry> hold) {
    if (!type.namespaced() && !selection.namespaces().isAll()) {
      throw new IllegalArgumentException(
          type.qualifiedPlural() + " have no namespaces, selected: " + selection.namespaces());
    }
    Key key = new Key(type, selection);
    SharedInformer<?> informer;
    ResourceType<?> other;
    boolean startNow;
    synchronized (entries) {
      if (stopped) {
        throw new IllegalStateException("the informers are stopped; make new ones");
      }
      other = entries.containsKey(key) ? null : otherForm(type);
      Entry entry = entries.computeIfAbsent(key, k -> entry(type, selection));
      hold.accept(entry);
      informer = entry.informer;
      startNow = started && autoStart;
    }
    if (other != null) {
      warnOfTwoForms(type, other);
    }
    if (startNow) {
      informer.start();
    }
    return cast(type, informer);
  }

  @GuardedBy("entries") private <T extends HasMetadata> Entry entry(ResourceType<T> type, Selection selection) {
    String name = meterName(type, selection);
    return new Entry(
        new SharedInformer<>(api, type, selection, settings, name, drawnResync()), name);
  }

  /**
   * Tells apart informers of one resource that hold different forms or parts of it, or of which one
   * has not quite ended yet.
   */
  @GuardedBy("entries") private String meterName(ResourceType<?> type, Selection selection) {
    String form = type.type() == PartialObjectMetadata.class ? "metadata" : "";
    String part = selection.equals(Selection.ALL) ? "" : "part";
    String name = form.isEmpty() || part.isEmpty() ? form + part : form + "-" + part;
    Set<String> taken =
        Stream.concat(entries.values().stream(), leaving.stream())
            .filter(entry -> isSameResource(entry.informer.type(), type))
            .map(entry -> entry.meterName)
            .collect(Collectors.toSet());
    String free = name;
    for (int i = 2; taken.contains(free); i++) {
      free = name.isEmpty() ? Integer.toString(i) : name + "-" + i;
    }
    return free;
  }

  /** Another class or version in which the resource is held; null when there is none. */
  @GuardedBy("entries") private @Nullable ResourceType<?> otherForm(ResourceType<?> type) {
    for (Key key : entries.keySet()) {
      if (isSameResource(key.type, type) && !key.type.equals(type)) {
        return key.type;
      }
    }
    return null;
  }

  /** Two copies of one resource cost twice the memory, and one may be behind the other. */
  private static void warnOfTwoForms(ResourceType<?> type, ResourceType<?> other) {
    log.warn(
        "{} are held in two forms, as {} of {} and as {} of {}: each has a watch and a copy of its"
            + " own",
        type.qualifiedPlural(),
        other.type().getSimpleName(),
        other.version(),
        type.type().getSimpleName(),
        type.version());
  }

  private static boolean isSameResource(ResourceType<?> one, ResourceType<?> other) {
    return one.qualifiedPlural().equals(other.qualifiedPlural());
  }

  private void release(Key key, Informer<?> informer) {
    boolean last;
    synchronized (entries) {
      Entry entry = entries.get(key);
      // It may have been stopped by name and taken up anew since.
      last = entry != null && entry.informer == informer && --entry.users == 0 && !entry.kept;
    }
    if (last) {
      var unused = stop(informer, DEFAULT_DRAIN);
    }
  }

  /**
   * A user's hold on an informer. Thread-safe: {@code release} runs once.
   *
   * @param <T> model class
   */
  public static final class Use<T extends HasMetadata> implements AutoCloseable {

    private final Informer<T> informer;
    private final Runnable release;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Use(Informer<T> informer, Runnable release) {
      this.informer = informer;
      this.release = release;
    }

    /** The informer. */
    public Informer<T> informer() {
      return informer;
    }

    /**
     * Gives it back. Handlers are not removed by this, but end with the informer. Idempotent; does
     * not wait.
     */
    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        release.run();
      }
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

  // ---- life

  /** Starts all informers that are not started yet. Returns at once. */
  public void start() {
    synchronized (entries) {
      started = true;
    }
    if (definitions != null) {
      definitions.start();
    }
    all().forEach(SharedInformer::start);
  }

  /**
   * Starts one informer, if it is not started yet. Returns at once.
   *
   * @throws IllegalStateException when it is stopped: ask for a new one
   * @throws IllegalArgumentException when it is none of these informers
   */
  public void start(Informer<?> informer) {
    own(informer).start();
  }

  private SharedInformer<?> own(Informer<?> informer) {
    for (SharedInformer<?> each : all()) {
      if (each == informer) {
        return each;
      }
    }
    if (informer.state().equals("STOPPED")) {
      throw new IllegalStateException(
          "the informer of "
              + informer.type().qualifiedPlural()
              + " is stopped; ask for a new one");
    }
    throw new IllegalArgumentException(
        "the informer of " + informer.type().qualifiedPlural() + " was not made here");
  }

  /** One more who hears of failures. */
  public void onError(ErrorHandler handler) {
    settings.errors().add(handler);
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
    synchronized (entries) {
      return entries.values().stream().<SharedInformer<?>>map(entry -> entry.informer).toList();
    }
  }

  /**
   * Completes when every informer there is now has synced.
   *
   * @param timeout after this the stage fails with a {@link TimeoutException} that names each
   *     informer that has not synced and its state
   */
  public CompletionStage<Void> synced(Duration timeout) {
    return awaitSync(timeout)
        .thenAccept(
            results -> {
              List<String> waiting = new ArrayList<>();
              results.forEach(
                  (informer, synced) -> {
                    if (!synced) {
                      waiting.add(informer.type().qualifiedPlural() + ": " + informer.state());
                    }
                  });
              if (!waiting.isEmpty()) {
                throw new CompletionException(
                    new TimeoutException("not synced: " + String.join(", ", waiting)));
              }
            });
  }

  /**
   * Completes when every informer there is now has synced, is stopped, or the time is up, with
   * whether it has synced. {@link Informer#state()} says why one has not.
   */
  public CompletionStage<Map<Informer<?>, Boolean>> awaitSync(Duration timeout) {
    List<SharedInformer<?>> wanted = all();
    CompletableFuture<Map<Informer<?>, Boolean>> result = new CompletableFuture<>();
    Timers.Timer timer =
        settings
            .environment()
            .timers()
            .schedule(
                timeout,
                settings.environment().executor("informers"),
                () -> result.complete(syncedNow(wanted)));
    CompletableFuture<?>[] each =
        wanted.stream()
            .map(informer -> informer.synced().toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    var unused =
        CompletableFuture.allOf(each)
            .whenComplete(
                (nothing, failure) -> {
                  timer.cancel();
                  result.complete(syncedNow(wanted));
                });
    return result.minimalCompletionStage();
  }

  private static Map<Informer<?>, Boolean> syncedNow(List<SharedInformer<?>> wanted) {
    Map<Informer<?>, Boolean> synced = new LinkedHashMap<>();
    wanted.forEach(informer -> synced.put(informer, informer.hasSynced()));
    return synced;
  }

  /**
   * Stops one informer for good, whoever uses it. What came from the server before is still put
   * into its store, and handlers are still told what waits for them. Whoever asks for it later gets
   * a new one.
   *
   * @param drain as in {@link #stop(Duration)}
   * @return as there; nothing for an informer that is stopped already
   */
  public CompletionStage<List<String>> stop(Informer<?> informer, Duration drain) {
    Entry own = null;
    synchronized (entries) {
      Iterator<Entry> each = entries.values().iterator();
      while (own == null && each.hasNext()) {
        Entry candidate = each.next();
        if (candidate.informer == informer) {
          own = candidate;
          leaving.add(own);
          each.remove();
        }
      }
    }
    return own == null ? CompletableFuture.completedStage(List.of()) : leave(own, drain);
  }

  private CompletionStage<List<String>> leave(Entry entry, Duration drain) {
    return entry
        .informer
        .stop(drain)
        .whenComplete(
            (running, failure) -> {
              synchronized (entries) {
                leaving.remove(entry);
              }
            });
  }

  /**
   * Stops all informers for good. What came from the server before is still put into the stores,
   * and handlers are still told what waits for them.
   *
   * @param drain how long they may take for that; what waits after it is dropped. {@link
   *     #DEFAULT_DRAIN} is usual
   * @return completes, at the latest after that time, with the names of handlers whose last call
   *     still ran
   */
  public CompletionStage<List<String>> stop(Duration drain) {
    Set<SharedInformer<?>> last;
    synchronized (entries) {
      stopped = true;
      last = new LinkedHashSet<>();
      leaving.forEach(entry -> last.add(entry.informer));
      entries.values().forEach(entry -> last.add(entry.informer));
    }
    if (definitions != null) {
      last.add(definitions);
    }
    List<String> running = new ArrayList<>();
    CompletableFuture<List<String>> result = CompletableFuture.completedFuture(running);
    for (SharedInformer<?> informer : last) {
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
