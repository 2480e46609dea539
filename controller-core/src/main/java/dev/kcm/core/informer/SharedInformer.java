package dev.kcm.core.informer;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.WatchListener;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.SerialExecutor;
import dev.kcm.core.time.Timers;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
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

  /** A change that takes longer than this while more than {@link #LONG_QUEUE} wait is logged. */
  private static final long SLOW_NANOS = 100_000_000;

  private static final int LONG_QUEUE = 10;

  private final ResourceType<T> type;
  private final Environment environment;
  private final SerialExecutor mailbox;
  private final @Nullable Imprints imprints;
  private final IndexedStore<T> store;
  private final Feed<T> feed;
  private final InformerMeters meters;
  private final Intake<T> intake;
  private final Handlers<T> handlers;
  private final StoreChanges<T> changes;
  private final CompletableFuture<Void> synced = new CompletableFuture<>();
  private volatile boolean starting;
  private volatile boolean stopping;

  private boolean started;
  private boolean stopped;

  SharedInformer(
      ApiClient api,
      ResourceType<T> type,
      Selection selection,
      Informers.Settings settings,
      String meterName,
      Duration resync) {
    this.type = type;
    this.environment = settings.environment();
    this.mailbox =
        new SerialExecutor(environment.executor("informer-" + type.plural() + "-reflector"));
    this.meters = new InformerMeters(settings.meters(), meterName, type);
    this.imprints = imprints(settings.guard());
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
    this.handlers =
        new Handlers<>(
            new Handlers.Wiring<>(type, environment, mailbox, meters, imprints, store, feed),
            resync);
    this.changes = new StoreChanges<>(store, intake, handlers);
  }

  private @Nullable Imprints imprints(MutationGuard guard) {
    return guard.mode() == MutationGuard.Mode.OFF
        ? null
        : new Imprints(
            guard, type.qualifiedPlural(), environment.ticker(), meters.mutations()::increment);
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
    HandlerRegistration<T> registration = handlers.register(name, handler, options);
    mailbox.execute(() -> handlers.attach(registration, hasSynced()));
    return registration;
  }

  @Override
  public void expectResync(Duration period) {
    mailbox.execute(() -> handlers.expectResync(period));
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
          handlers.start();
          if (imprints != null) {
            imprints.start(environment.timers(), mailbox);
          }
          feed.start();
        });
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

  /** Whether the server keeps a part of it out. */
  boolean isBlocked() {
    return feed.isBlocked();
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
      handlers.stop();
      if (imprints != null) {
        imprints.end();
      }
      synced.completeExceptionally(
          new IllegalStateException("the informer of " + type.qualifiedPlural() + " was stopped"));
    }
    List<HandlerRegistration<T>> last = handlers.list();
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

  // ---- what the reflector brings

  @Override
  public T prepared(T object) {
    return intake.prepared(object);
  }

  @Override
  public void replaced(String namespace, Collection<T> objects, boolean rewound) {
    long begin = environment.ticker().nanos();
    changes.replace(namespace, objects, rewound, !hasSynced());
    processed("a list", begin);
    handlers.stallSoonIfFull();
  }

  @Override
  public void complete() {
    if (!hasSynced() && !stopped) {
      handlers.initialDone();
      synced.complete(null);
    }
  }

  @Override
  public void changed(WatchListener.Type change, T object) {
    long begin = environment.ticker().nanos();
    changes.change(change, object);
    processed(change, begin);
    handlers.stallIfFull();
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
}
