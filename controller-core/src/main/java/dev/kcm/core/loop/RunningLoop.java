package dev.kcm.core.loop;

import dev.kcm.core.api.Fence;
import dev.kcm.core.informer.EventHandler;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.queue.Priority;
import dev.kcm.core.queue.WorkQueue;
import dev.kcm.core.queue.WorkQueues;
import dev.kcm.core.run.Expectations;
import dev.kcm.core.run.PlanExecutor;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.Timers;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A loop at work. Made by {@link Loop#start}; once stopped it stays stopped.
 *
 * <p>Thread-safe: what changes after the start is in thread-safe parts; {@code cancelledBecause} is
 * written by the stop and read by runs.
 *
 * @param <S> snapshot
 */
public final class RunningLoop<S> {

  private static final Logger log = LoggerFactory.getLogger(RunningLoop.class);

  private final Parts<S> parts;
  private final Workers workers;
  private final Fence hostFence;
  private final List<Subscription> subscriptions = new ArrayList<>();
  private final CompletableFuture<Void> started = new CompletableFuture<>();
  private final CompletableFuture<List<ObjectKey>> stopped = new CompletableFuture<>();
  private final AtomicBoolean finished = new AtomicBoolean();
  private final @Nullable CatchUp catchUp;
  private volatile @Nullable String cancelledBecause;
  private volatile boolean stopping;

  RunningLoop(Loop<S> loop, LoopHost host) {
    Environment environment = host.environment();
    Executor executor = environment.executor(loop.name() + "-worker");
    this.hostFence = host.fence();
    Fence fence = new LoopFence();
    this.parts =
        new Parts<>(
            loop,
            loop.newDecisions(),
            environment,
            newQueue(loop, host),
            Expectations.withTicker(environment.ticker()),
            planExecutor(loop, host),
            new Flights(loop.name(), loop.timeout(), fence, environment, executor),
            new LoopMeters(host.meters(), loop, this::workers, this::inFlight),
            new RecentRuns(),
            executor);
    this.catchUp =
        loop.startsCaughtUp()
            ? new CatchUp(loop.name(), host.client(), environment, executor, () -> stopping)
            : null;
    KeyRuns<S> runs = new KeyRuns<>(parts);
    this.workers =
        new Workers(
            parts.queue(), executor, environment.timers(), fence, runs::run, loop.workers());
  }

  /**
   * What a loop at work is made of.
   *
   * @param loop its description
   * @param decisions who decides, with what is remembered
   * @param environment clocks, timers, threads
   * @param queue keys
   * @param expectations of this loop only
   * @param planExecutor writes
   * @param flights keys in flight
   * @param meters of this loop
   * @param recent what ran last
   * @param executor of the workers
   */
  record Parts<S>(
      Loop<S> loop,
      Decisions<S> decisions,
      Environment environment,
      WorkQueue<ObjectKey> queue,
      Expectations expectations,
      PlanExecutor planExecutor,
      Flights flights,
      LoopMeters meters,
      RecentRuns recent,
      Executor executor) {}

  /** The name of the loop. */
  public String name() {
    return parts.loop().name();
  }

  /**
   * Completes when every handler has heard of every object that was there at the start, and the
   * first key may be worked on. Fails when an informer stops before, or the loop does.
   */
  public CompletionStage<Void> started() {
    return started;
  }

  /** Why no key is worked on yet, or any more; empty when all is well. */
  public Optional<String> notRunningBecause() {
    if (stopping) {
      return Optional.of("stopped");
    }
    List<String> waiting = new ArrayList<>();
    for (Subscription subscription : subscriptions) {
      if (!subscription.registration().hasSynced()) {
        waiting.add(subscription.text());
      }
    }
    return waiting.isEmpty()
        ? Optional.empty()
        : Optional.of("waiting for " + String.join(", ", waiting));
  }

  /** Puts a key into the queue. Ignored after the stop. */
  public void enqueue(ObjectKey key) {
    parts.queue().add(key);
  }

  /** Keys being worked on. */
  public int inFlight() {
    return workers.inFlight();
  }

  /** Most keys worked on at a time. */
  public int workers() {
    return workers.limit();
  }

  /**
   * Changes how many keys are worked on at a time; those over the new number finish.
   *
   * @param count 1 or more
   */
  public void workers(int count) {
    workers.limit(Loop.checkedWorkers(name(), count));
  }

  /** What the loop is doing now, and what it did last. */
  public LoopState state() {
    long nanos = parts.environment().ticker().nanos();
    Instant now = parts.environment().wallClock().now();
    return new LoopState(
        name(),
        notRunningBecause().orElse(null),
        parts.queue().size(),
        parts.queue().delayed(),
        workers(),
        parts.flights().list(now),
        parts.recent().list(nanos, now),
        parts.recent().lastFailure(nanos, now).orElse(null));
  }

  /**
   * What the loop would do for a key now: reads and decides on the calling thread, and writes
   * nothing.
   */
  public Explanation explain(ObjectKey key) {
    boolean settled = parts.expectations().satisfied(key);
    return parts
        .loop()
        .reader()
        .read(new RunContext(key, settled, parts.queue().failures(key) + 1, "explain", Fence.OPEN))
        .map(s -> parts.decisions().preview(key, s, parts.environment().wallClock().now()))
        .map(plan -> new Explanation(key, settled, plan))
        .orElseGet(() -> new Explanation(key, settled, null));
  }

  /**
   * Stops: takes no more events and keys at once, lets runs under way finish for the grace period,
   * then has them skip what they have not sent yet. Meters are removed at the end. A second call
   * only brings the end of the grace period forward.
   *
   * @param grace zero to cancel at once
   * @return the keys whose runs had not ended when the grace period was over; completes never
   *     exceptionally
   */
  public CompletableFuture<List<ObjectKey>> stop(Duration grace) {
    if (grace.isZero() || grace.isNegative()) {
      cancel("the loop " + name() + " has been cancelled");
    }
    CompletableFuture<Void> drained = stopIntake();
    if (drained.isDone() || cancelledBecause != null) {
      finish();
    } else {
      CompletionStage<Void> later = drained;
      later.thenRunAsync(this::finish, parts.executor());
      Timers.Timer deadline =
          parts.environment().timers().schedule(grace, parts.executor(), this::graceOver);
      CompletionStage<List<ObjectKey>> end = stopped;
      end.whenComplete((left, never) -> deadline.cancel());
    }
    return stopped;
  }

  void start() {
    for (Loop.Source<?> source : parts.loop().sources()) {
      subscriptions.add(subscribe(source));
    }
    CompletionStage<Void> synced =
        CompletableFuture.allOf(
            subscriptions.stream()
                .map(s -> s.registration().synced().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new));
    CompletionStage<Void> ready =
        catchUp == null
            ? synced
            : synced.thenComposeAsync(nothing -> catchUp.with(informers()), parts.executor());
    ready.whenCompleteAsync((nothing, failure) -> opened(failure), parts.executor());
  }

  private List<Informer<?>> informers() {
    return subscriptions.stream().<Informer<?>>map(Subscription::informer).toList();
  }

  private void opened(@Nullable Throwable failure) {
    if (failure != null) {
      log.warn("{} cannot start: {}", name(), notRunningBecause().orElse("an informer stopped"));
      started.completeExceptionally(failure);
      return;
    }
    if (stopping) {
      return;
    }
    parts.loop().startingKeys().forEach(this::enqueue);
    workers.open();
    started.complete(null);
    log.debug("{} runs with {} workers", name(), workers.limit());
  }

  private CompletableFuture<Void> stopIntake() {
    stopping = true;
    subscriptions.forEach(s -> s.registration().remove());
    parts.queue().shutDown();
    started.completeExceptionally(new IllegalStateException("loop " + name() + " was stopped"));
    return workers.stop();
  }

  private void graceOver() {
    if (!stopped.isDone()) {
      cancel("the loop " + name() + " is being stopped");
      finish();
    }
  }

  /** Whoever waits for the stop finds everything cleared away. */
  private void finish() {
    if (finished.compareAndSet(false, true)) {
      List<ObjectKey> left = parts.flights().keys();
      try {
        workers.abandon();
        parts.flights().abandon().forEach(this::cancelSoon);
        parts.meters().close();
        parts.planExecutor().close();
      } finally {
        stopped.complete(left);
      }
    }
  }

  private void cancelSoon(Flights.Flight abandoned) {
    String why = cancelledBecause == null ? "the loop " + name() + " has ended" : cancelledBecause;
    parts.executor().execute(() -> abandoned.cancel(why));
  }

  private void cancel(String why) {
    cancelledBecause = why;
    // Runs are told on a thread of the loop: who stops it may hold whatever it likes.
    parts.executor().execute(() -> parts.flights().cancel(why));
  }

  /** Of the host, or closed for good by the loop's own cancellation. Thread-safe. */
  private final class LoopFence implements Fence {

    @Override
    public Optional<String> closedBecause() {
      String cancelled = cancelledBecause;
      return cancelled == null ? hostFence.closedBecause() : Optional.of(cancelled);
    }

    @Override
    public Optional<String> term() {
      return hostFence.term();
    }
  }

  private <T extends HasMetadata> Subscription subscribe(Loop.Source<T> source) {
    Informer<T> informer = source.informer();
    EventHandler<T> handler =
        new MappedEvents<>(
            source.mapper(), new QueueKeys(Priority.NORMAL), new QueueKeys(Priority.BACKGROUND));
    return new Subscription(informer, informer.addHandler(name(), handler, source.options()));
  }

  private static WorkQueue<ObjectKey> newQueue(Loop<?> loop, LoopHost host) {
    WorkQueues.Builder<ObjectKey> settings =
        WorkQueues.named(loop.queue())
            .<ObjectKey>limiter(loop.newLimiter(host.environment()))
            .meters(host.meters());
    WorkQueues.Builder<ObjectKey> named =
        loop.sharesQueueName() ? settings.sharingName() : settings;
    return (loop.isPrioritized() ? named.prioritized() : named).create(host.environment());
  }

  private static PlanExecutor planExecutor(Loop<?> loop, LoopHost host) {
    PlanExecutor.Builder builder =
        PlanExecutor.named(loop.name())
            .events(host.events().apply(loop.component()))
            .meters(host.meters());
    if (loop.measures() != null) {
      builder.measures(loop.measures());
    }
    return builder.create(host.client(), host.environment());
  }

  /**
   * A handler of this loop in an informer.
   *
   * @param informer where
   * @param registration its place there
   */
  private record Subscription(Informer<?> informer, Informer.Registration registration) {

    private String text() {
      return informer.type().qualifiedPlural() + ": " + informer.state();
    }
  }

  /** What mappers may do. Thread-safe: it only hands on. */
  private final class QueueKeys implements Keys {

    private final int priority;

    private QueueKeys(int priority) {
      this.priority = priority;
    }

    @Override
    public void enqueue(ObjectKey key) {
      parts.queue().add(key, priority);
    }

    @Override
    public void enqueueAfter(ObjectKey key, Duration delay) {
      parts.queue().addAfter(key, delay, priority);
    }

    @Override
    public Expectations expectations() {
      return parts.expectations();
    }
  }
}
