package dev.kcm.core.informer;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.WatchListener;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.SerialExecutor;
import dev.kcm.core.time.Timers;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The informer: applies what the reflector brings to the store, then puts it into the line of each
 * handler.
 *
 * <p>Confined to its mailbox, except for the store, which is thread-safe, and {@code stopping},
 * which any thread may set.
 *
 * @param <T> model class
 */
final class SharedInformer<T extends HasMetadata> implements Informer<T>, Reflector.Target<T> {

  private static final Logger log = LoggerFactory.getLogger(Informers.class);

  private static final Duration SHORTEST_RESYNC = Duration.ofSeconds(1);

  /** A change that takes longer than this while more than {@link #LONG_QUEUE} wait is logged. */
  private static final long SLOW_NANOS = 100_000_000;

  private static final int LONG_QUEUE = 10;

  private final ResourceType<T> type;
  private final Environment environment;
  private final SerialExecutor mailbox;
  private final MutationGuard guard;
  private final @Nullable Imprints imprints;
  private final IndexedStore<T> store;
  private final Feed<T> feed;
  private final InformerMeters meters;
  private final Intake<T> intake;
  private final Duration resync;
  private final CompletableFuture<Void> synced = new CompletableFuture<>();
  private volatile boolean starting;
  private volatile boolean stopping;

  private final List<HandlerRegistration<T>> registrations = new ArrayList<>();

  /** Handlers that can take no more; while there are any, nothing more is taken in. */
  private final Set<HandlerRegistration<T>> fullLines = new LinkedHashSet<>();

  private boolean started;
  private boolean stopped;
  private @Nullable Duration checkPeriod;
  private Timers.@Nullable Timer guardTimer;
  private Timers.@Nullable Timer resyncTimer;

  SharedInformer(
      ApiClient api,
      ResourceType<T> type,
      Selection selection,
      Informers.Settings settings,
      String meterName,
      Duration resync) {
    this.type = type;
    this.environment = settings.environment();
    this.resync = resync;
    this.mailbox = new SerialExecutor(environment.executor("informer-" + type.plural()));
    this.meters = new InformerMeters(settings.meters(), meterName, type);
    this.guard = settings.guard();
    this.imprints = guard.mode() == MutationGuard.Mode.OFF ? null : imprints(guard);
    this.store = new IndexedStore<>(meters::indexFailed, imprints);
    this.intake = new Intake<>(type.qualifiedPlural(), meters);
    this.feed =
        new Feed<>(
            new Feed.Wiring<>(
                api,
                type,
                settings.watchList(),
                environment,
                mailbox,
                this,
                meters,
                (namespace, phase, error, nextTry) ->
                    settings
                        .errors()
                        .tell(new ErrorHandler.Failure(this, namespace, phase, error, nextTry))),
            selection);
  }

  private Imprints imprints(MutationGuard wanted) {
    return new Imprints(
        wanted, type.qualifiedPlural(), environment.ticker(), meters.mutations()::increment);
  }

  // ---- for everybody

  @Override
  public ResourceType<T> type() {
    return type;
  }

  @Override
  public Lister<T> lister() {
    return store;
  }

  @Override
  public void addIndex(String name, Function<? super T, ? extends Collection<String>> values) {
    if (!store.addIndex(name, values)) {
      throw new IllegalArgumentException(
          "index \"" + name + "\" of " + type.qualifiedPlural() + " exists already");
    }
  }

  @Override
  public void ensureIndex(String name, Function<? super T, ? extends Collection<String>> values) {
    store.addIndex(name, values);
  }

  @Override
  public boolean removeIndex(String name) {
    return store.removeIndex(name);
  }

  @Override
  public void transform(Transform<T> transform) {
    synchronized (intake) {
      Transform<T> present = intake.transform();
      if (present.id().equals(transform.id()) && !transform.id().isEmpty()) {
        return;
      }
      boolean free = present.id().isEmpty();
      if (!free || starting) {
        throw new IllegalStateException(
            "transform \""
                + transform.id()
                + "\" of "
                + type.qualifiedPlural()
                + (free ? " comes after the start" : " comes after \"" + present.id() + "\""));
      }
      intake.transform(transform);
    }
  }

  @Override
  public Registration addHandler(String name, EventHandler<? super T> handler) {
    return addHandler(name, handler, HandlerOptions.DEFAULTS);
  }

  @Override
  public Registration addHandler(
      String name, EventHandler<? super T> handler, HandlerOptions options) {
    if (stopping) {
      throw new IllegalStateException(
          "the informer of " + type.qualifiedPlural() + " is stopped and takes no handlers");
    }
    HandlerRegistration<T> registration = register(name, handler, options);
    mailbox.execute(() -> attach(registration));
    return registration;
  }

  private HandlerRegistration<T> register(
      String name, EventHandler<? super T> handler, HandlerOptions options) {
    // The registration takes itself out by this holder, since it must exist first.
    List<HandlerRegistration<T>> self = new ArrayList<>(1);
    HandlerRegistration<T> registration =
        new HandlerRegistration<>(
            name,
            handler,
            options,
            environment.executor(name + "-" + type.plural() + "-handler"),
            environment.ticker(),
            meters.handler(name),
            imprints,
            new HandlerRegistration.Owner() {
              @Override
              public void full() {
                fullLines.addAll(self);
              }

              @Override
              public void hasRoom() {
                mailbox.execute(() -> leaveFullLines(self));
              }

              @Override
              public void removed() {
                meters.leave(name);
                mailbox.execute(
                    () -> {
                      registrations.removeAll(self);
                      leaveFullLines(self);
                    });
              }
            });
    self.add(registration);
    return registration;
  }

  @Override
  public boolean hasSynced() {
    return synced.isDone() && !synced.isCompletedExceptionally();
  }

  @Override
  public CompletionStage<Void> synced() {
    return synced.minimalCompletionStage();
  }

  @Override
  public String state() {
    return feed.state();
  }

  @Override
  public boolean isStale(Duration maxAge) {
    return feed.sinceContact().compareTo(maxAge) > 0;
  }

  @Override
  public InformerStatus status() {
    return feed.status();
  }

  @Override
  public Map<String, InformerStatus> statusByNamespace() {
    return feed.statusByNamespace();
  }

  @Override
  public void triggerRelist() {
    mailbox.execute(feed::relist);
  }

  @Override
  public String resourceVersion() {
    return feed.version();
  }

  @Override
  public boolean hasReached(String resourceVersion) {
    return feed.hasReached(resourceVersion);
  }

  @Override
  public CompletionStage<Boolean> awaitResourceVersion(String resourceVersion, Duration timeout) {
    if (hasReached(resourceVersion)) {
      return CompletableFuture.completedStage(true);
    }
    CompletableFuture<Boolean> result = new CompletableFuture<>();
    mailbox.execute(() -> feed.await(resourceVersion, timeout, result));
    return result.minimalCompletionStage();
  }

  // ---- life

  void start() {
    starting = true;
    mailbox.execute(
        () -> {
          if (started || stopped) {
            return;
          }
          started = true;
          addGauges();
          startResync();
          startGuard();
          feed.start();
        });
  }

  private void startGuard() {
    Imprints watched = imprints;
    if (watched != null) {
      guard.watching(watched);
      guardLater(watched);
    }
  }

  private void guardLater(Imprints watched) {
    guardTimer =
        environment
            .timers()
            .schedule(
                Imprints.BETWEEN_CHECKS,
                mailbox,
                () -> {
                  if (!stopped) {
                    watched.checkSome();
                    guardLater(watched);
                  }
                });
  }

  private void endGuard() {
    if (guardTimer != null) {
      guardTimer.cancel();
    }
    if (imprints != null) {
      imprints.checkAll();
      guard.gone(imprints);
    }
  }

  private void addGauges() {
    meters.gauge(
        "informer_queued_items",
        "[ALPHA] Number of items currently queued in the FIFO.",
        mailbox::waiting);
    meters.gauge(
        "informer_store_resource_version",
        "[ALPHA] The 15 least significant digits of the resource version of the store.",
        () -> ResourceVersions.asGauge(feed.version()));
    meters.gauge("informer_synced", "Whether the first list is in.", () -> hasSynced() ? 1 : 0);
    meters.gauge("informer_objects", "Objects held.", store::size);
    meters.gauge(
        "informer_last_event_age_seconds",
        "Time since the server was last heard of.",
        () -> feed.sinceContact().toNanos() / 1e9);
  }

  void retryNow() {
    mailbox.execute(feed::retryNow);
  }

  /** Stops; the stage completes with the names of the handlers that still ran after the drain. */
  CompletableFuture<List<String>> stop(Duration drain) {
    stopping = true;
    CompletableFuture<List<String>> result = new CompletableFuture<>();
    mailbox.execute(() -> stop(drain, result));
    return result;
  }

  private void stop(Duration drain, CompletableFuture<List<String>> result) {
    if (!stopped) {
      stopped = true;
      feed.stop();
      if (resyncTimer != null) {
        resyncTimer.cancel();
      }
      endGuard();
      synced.completeExceptionally(
          new IllegalStateException("the informer of " + type.qualifiedPlural() + " was stopped"));
    }
    List<HandlerRegistration<T>> last = List.copyOf(registrations);
    CompletableFuture<Void> all =
        CompletableFuture.allOf(
            last.stream().map(HandlerRegistration::close).toArray(CompletableFuture[]::new));
    Timers.Timer deadline =
        environment.timers().schedule(drain, mailbox, () -> finish(last, result));
    var unused =
        all.whenCompleteAsync(
            (nothing, failure) -> {
              deadline.cancel();
              finish(last, result);
            },
            mailbox);
  }

  private void finish(List<HandlerRegistration<T>> last, CompletableFuture<List<String>> result) {
    if (result.isDone()) {
      return;
    }
    List<String> running = new ArrayList<>();
    for (HandlerRegistration<T> registration : last) {
      if (!registration.close().isDone()) {
        running.add(registration.name());
      }
      registration.remove();
    }
    meters.remove();
    result.complete(running);
  }

  // ---- handlers

  private void leaveFullLines(List<HandlerRegistration<T>> registration) {
    if (fullLines.removeAll(registration) && fullLines.isEmpty() && !stopped) {
      feed.resume();
    }
  }

  /** Stops the flow when a line is full; not in the middle of a step of the reflector. */
  private void stallIfFull() {
    if (!fullLines.isEmpty() && !stopped) {
      HandlerRegistration<T> first = fullLines.iterator().next();
      feed.stall(
          "handler " + first.name() + " has " + first.options().hardLimit() + " waiting");
    }
  }

  private void stallSoonIfFull() {
    if (!fullLines.isEmpty()) {
      mailbox.execute(this::stallIfFull);
    }
  }

  private void attach(HandlerRegistration<T> registration) {
    if (stopped) {
      registration.remove();
      return;
    }
    Duration period = resyncFor(registration);
    if (!period.isZero()) {
      registration.resyncEvery(period);
    }
    store.objects().forEach((key, object) -> registration.post(new Note.Add<>(key, object, true)));
    registrations.add(registration);
    if (hasSynced()) {
      registration.initialDone();
    }
    stallSoonIfFull();
  }

  // ---- resync

  private Duration resyncFor(HandlerRegistration<T> registration) {
    Duration asked = registration.options().resync();
    if (resync.isZero()) {
      if (!asked.isZero()) {
        log.info(
            "Handler {} asks for a resync every {}, but {} are not resynced",
            registration.name(),
            asked,
            type.qualifiedPlural());
      }
      return Duration.ZERO;
    }
    Duration wanted = asked.isZero() ? resync : asked;
    Duration shortest = checkPeriod == null ? SHORTEST_RESYNC : checkPeriod;
    if (wanted.compareTo(shortest) < 0) {
      log.info(
          "Handler {} asks for a resync of {} every {}, raised to {}",
          registration.name(),
          type.qualifiedPlural(),
          wanted,
          shortest);
      return shortest;
    }
    return wanted;
  }

  private void startResync() {
    if (resync.isZero()) {
      return;
    }
    Duration shortest = resync.compareTo(SHORTEST_RESYNC) < 0 ? SHORTEST_RESYNC : resync;
    for (HandlerRegistration<T> registration : registrations) {
      Duration period = resyncFor(registration);
      shortest = period.compareTo(shortest) < 0 ? period : shortest;
      registration.resyncEvery(period);
    }
    checkPeriod = shortest;
    resyncLater(shortest);
  }

  private void resyncLater(Duration period) {
    resyncTimer =
        environment
            .timers()
            .schedule(
                period,
                mailbox,
                () -> {
                  if (!stopped) {
                    resyncNow();
                    resyncLater(period);
                  }
                });
  }

  private void resyncNow() {
    if (!hasSynced() || !fullLines.isEmpty()) {
      return;
    }
    List<HandlerRegistration<T>> due = new ArrayList<>();
    for (HandlerRegistration<T> registration : registrations) {
      registration.lookAtClock();
      if (registration.isDue()) {
        due.add(registration);
      }
    }
    if (!due.isEmpty()) {
      store
          .objects()
          .forEach(
              (key, object) -> {
                Note<T> note = new Note.Resync<>(key, object);
                due.forEach(registration -> registration.post(note));
              });
      stallSoonIfFull();
    }
  }

  // ---- what the reflector brings

  @Override
  public T prepared(T object) {
    return intake.prepared(object);
  }

  @Override
  public void replaced(String namespace, Collection<T> objects, boolean rewound) {
    long begin = environment.ticker().nanos();
    replace(namespace, objects, rewound);
    processed("a list", begin);
    stallSoonIfFull();
  }

  private void replace(String namespace, Collection<T> objects, boolean rewound) {
    boolean first = !hasSynced();
    Map<ObjectKey, T> before = store.objects();
    Map<ObjectKey, T> fresh = new LinkedHashMap<>();
    Map<ObjectKey, T> others = outside(namespace, before);
    for (T object : objects) {
      ObjectKey key = ObjectKey.of(object);
      T known = before.get(key);
      boolean refused = intake.wasRefused(key, object);
      boolean same = known != null && !rewound && isSame(known, object);
      T current = refused || same ? known : object;
      if (current != null) {
        fresh.put(key, current);
      }
    }
    Map<ObjectKey, T> all = together(others, fresh);
    store.replace(all);
    before.forEach(
        (key, last) -> {
          if (!all.containsKey(key)) {
            post(new Note.Delete<>(key, last, true));
          }
        });
    fresh.forEach((key, object) -> listed(key, before.get(key), object, first));
  }

  private static <T> Map<ObjectKey, T> together(Map<ObjectKey, T> some, Map<ObjectKey, T> more) {
    if (some.isEmpty()) {
      return more;
    }
    Map<ObjectKey, T> all = new LinkedHashMap<>(some);
    all.putAll(more);
    return all;
  }

  /** What a list of one namespace says nothing about. */
  private Map<ObjectKey, T> outside(String namespace, Map<ObjectKey, T> objects) {
    if (namespace.isEmpty()) {
      return Map.of();
    }
    Map<ObjectKey, T> outside = new LinkedHashMap<>(objects);
    outside.keySet().removeIf(key -> key.namespace().equals(namespace));
    return outside;
  }

  @Override
  public void complete() {
    if (!hasSynced() && !stopped) {
      registrations.forEach(HandlerRegistration::initialDone);
      synced.complete(null);
    }
  }

  private void listed(ObjectKey key, @Nullable T known, T object, boolean first) {
    if (known == null) {
      post(new Note.Add<>(key, object, first));
    } else if (known != object) {
      updated(key, known, object);
    } else {
      Note<T> note = new Note.Resync<>(key, object);
      for (HandlerRegistration<T> registration : registrations) {
        if (registration.isDue()) {
          registration.post(note);
        }
      }
    }
  }

  @Override
  public void changed(WatchListener.Type change, T object) {
    long begin = environment.ticker().nanos();
    change(change, object);
    processed(change, begin);
    stallIfFull();
  }

  private void processed(Object what, long begin) {
    long nanos = environment.ticker().nanos() - begin;
    meters.processed(nanos);
    if (nanos > SLOW_NANOS && mailbox.waiting() > LONG_QUEUE) {
      log.info(
          "{}: {} took {} ms to process while {} more waited",
          type.qualifiedPlural(),
          what,
          nanos / 1_000_000,
          mailbox.waiting());
    }
  }

  private void change(WatchListener.Type change, T object) {
    ObjectKey key = ObjectKey.of(object);
    T known = store.get(key).orElse(null);
    if (known != null
        && ResourceVersions.isOlder(ResourceVersions.of(object), ResourceVersions.of(known))) {
      return;
    }
    T current = intake.prepared(object);
    boolean refused = intake.wasRefused(key, object);
    if (change == WatchListener.Type.DELETED) {
      if (known != null) {
        store.remove(key);
        post(new Note.Delete<>(key, refused ? known : current, refused));
      }
    } else if (!refused) {
      put(key, known, current);
    }
  }

  private void put(ObjectKey key, @Nullable T known, T current) {
    if (known == null) {
      store.put(key, current);
      post(new Note.Add<>(key, current, false));
    } else if (!isSame(known, current)) {
      store.put(key, current);
      updated(key, known, current);
    }
  }

  private static boolean isSame(HasMetadata known, HasMetadata object) {
    String version = ResourceVersions.of(object);
    return !version.isEmpty()
        && version.equals(ResourceVersions.of(known))
        && isSameIncarnation(known, object);
  }

  private static boolean isSameIncarnation(HasMetadata known, HasMetadata object) {
    String uid = known.getMetadata().getUid();
    return uid == null || uid.equals(object.getMetadata().getUid());
  }

  private void updated(ObjectKey key, T known, T object) {
    Note<T> update = new Note.Update<>(key, known, object);
    if (isSameIncarnation(known, object)) {
      post(update);
      return;
    }
    for (HandlerRegistration<T> registration : registrations) {
      if (registration.options().recreatedIsUpdate()) {
        registration.post(update);
      } else {
        registration.post(new Note.Delete<>(key, known, true));
        registration.post(new Note.Add<>(key, object, false));
      }
    }
  }

  private void post(Note<T> note) {
    for (HandlerRegistration<T> registration : registrations) {
      registration.post(note);
    }
  }
}
