package dev.kcm.core.manager;

import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Selection;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.loop.LoopHost;
import dev.kcm.core.loop.RunningLoop;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One controller of a manager.
 *
 * <p>Written in the manager's mailbox only; the volatile fields let health checks and the gauge
 * read from any thread.
 */
final class Managed {

  private static final String RUNNING = "running_managed_controllers";

  private static final Logger log = LoggerFactory.getLogger(Managed.class);

  private final ControllerSpec spec;
  private List<? extends Loop<?>> loops = List.of();
  private volatile Set<Informer<?>> informers = Set.of();
  private volatile List<RunningLoop<?>> running = List.of();
  private volatile @Nullable String failedBecause;
  private volatile boolean started;
  private volatile boolean skipped;
  private @Nullable Gauge gauge;

  Managed(ControllerSpec spec) {
    this.spec = spec;
  }

  ControllerSpec spec() {
    return spec;
  }

  List<RunningLoop<?>> running() {
    return running;
  }

  /** Makes the loops; a wiring that throws leaves a controller that says why it does not run. */
  void wire(ControllerContext context) {
    Asking asking = new Asking(context, new LinkedHashSet<>());
    try {
      loops = List.copyOf(spec.wiring().wire(asking));
      informers = Collections.unmodifiableSet(asking.informers());
      skipped = loops.isEmpty();
      loops.forEach(Loop::announceResyncs);
    } catch (RuntimeException | LinkageError e) {
      fail("cannot be wired: " + e, e);
    }
  }

  void start(Supplier<LoopHost> host, MeterRegistry meters, String manager) {
    if (failedBecause != null || started) {
      return;
    }
    if (loops.isEmpty()) {
      log.atInfo().addKeyValue("controller", spec.name()).log("Warning: skipping controller");
      return;
    }
    List<RunningLoop<?>> begun = new ArrayList<>();
    try {
      LoopHost on = host.get();
      for (Loop<?> loop : loops) {
        begun.add(loop.start(on));
      }
    } catch (RuntimeException | LinkageError e) {
      for (RunningLoop<?> loop : begun) {
        CompletableFuture<?> ignored = loop.stop(Duration.ZERO);
      }
      fail("cannot be started: " + e, e);
      return;
    }
    running = List.copyOf(begun);
    started = true;
    register(meters, manager);
    log.info("Started {}", spec.name());
  }

  /** Whether its wiring made no loops, since there is nothing to do as it is configured. */
  boolean isSkipped() {
    return skipped;
  }

  /** Stops the loops; completes with what was left, empty for nothing. */
  CompletionStage<String> stop(Duration grace) {
    List<RunningLoop<?>> ending = running;
    List<CompletableFuture<List<ObjectKey>>> stops = new ArrayList<>();
    ending.forEach(loop -> stops.add(loop.stop(grace)));
    running = List.of();
    started = false;
    CompletionStage<Void> all = CompletableFuture.allOf(stops.toArray(CompletableFuture<?>[]::new));
    return all.thenApply(nothing -> leftOver(ending, stops));
  }

  /** Removes the gauge. */
  void close(MeterRegistry meters) {
    if (gauge != null) {
      meters.remove(gauge);
      gauge = null;
    }
  }

  /**
   * Why it does not do its work, or could not take it up; empty when all is well.
   *
   * @param staleAfter how long informers may hear nothing; zero for ever
   */
  Optional<String> unhealthyBecause(Duration staleAfter) {
    String failed = failedBecause;
    if (failed != null) {
      return Optional.of(failed);
    }
    List<String> reasons = new ArrayList<>();
    for (RunningLoop<?> loop : running) {
      loop.notRunningBecause().ifPresent(why -> reasons.add(loop.name() + " is " + why));
    }
    for (Informer<?> informer : informers) {
      cacheTrouble(informer, staleAfter).ifPresent(reasons::add);
    }
    return reasons.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reasons));
  }

  /** The informers its wiring asked for. */
  Set<Informer<?>> informers() {
    return informers;
  }

  /** A running loop names the informers it waits for itself. */
  private Optional<String> cacheTrouble(Informer<?> informer, Duration staleAfter) {
    return informer.hasSynced() || !started ? troubleOf(informer, staleAfter) : Optional.empty();
  }

  /**
   * Why an informer does not know how things are; empty when it does.
   *
   * @param staleAfter as above
   */
  static Optional<String> troubleOf(Informer<?> informer, Duration staleAfter) {
    String name = informer.type().qualifiedPlural();
    if (!informer.hasSynced()) {
      return Optional.of("the cache waits for " + name + ": " + informer.state());
    }
    return !staleAfter.isZero() && informer.isStale(staleAfter)
        ? Optional.of(
            "nothing heard of %s for %d s: %s"
                .formatted(name, staleAfter.toSeconds(), informer.state()))
        : Optional.empty();
  }

  private String leftOver(
      List<RunningLoop<?>> ending, List<CompletableFuture<List<ObjectKey>>> stops) {
    List<String> left = new ArrayList<>();
    for (int i = 0; i < stops.size(); i++) {
      for (ObjectKey key : stops.get(i).join()) {
        left.add(ending.get(i).name() + " " + key);
      }
    }
    return String.join(", ", left);
  }

  private void register(MeterRegistry meters, String manager) {
    if (gauge == null) {
      gauge =
          Gauge.builder(RUNNING, this, managed -> managed.started ? 1 : 0)
              .description("Indicates where instances of a controller are currently running")
              .tag("name", spec.name())
              .tag("manager", manager)
              .strongReference(true)
              .register(meters);
    }
  }

  /**
   * Notes which informers a wiring asks for.
   *
   * @param context of the manager
   * @param informers that were asked for
   */
  private record Asking(ControllerContext context, Set<Informer<?>> informers)
      implements ControllerContext {

    @Override
    public Environment environment() {
      return context.environment();
    }

    @Override
    public <T extends HasMetadata> Informer<T> informer(ResourceType<T> type, Selection selection) {
      Informer<T> informer = context.informer(type, selection);
      informers.add(informer);
      return informer;
    }

    @Override
    public MeterRegistry meters() {
      return context.meters();
    }

    @Override
    public void atStop(Runnable action) {
      context.atStop(action);
    }

    @Override
    public boolean enabled(String featureGate) {
      return context.enabled(featureGate);
    }
  }

  private void fail(String why, Throwable cause) {
    failedBecause = why;
    log.error("Controller {} {}", spec.name(), why, cause);
  }
}
