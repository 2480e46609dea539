package dev.kcm.core.manager;

import dev.kcm.core.loop.Loop;
import dev.kcm.core.loop.LoopHost;
import dev.kcm.core.loop.RunningLoop;
import dev.kcm.core.object.ObjectKey;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
  private volatile List<RunningLoop<?>> running = List.of();
  private volatile @Nullable String failedBecause;
  private volatile boolean started;
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
    try {
      loops = List.copyOf(spec.wiring().wire(context));
    } catch (RuntimeException | LinkageError e) {
      fail("cannot be wired: " + e, e);
    }
  }

  void start(Supplier<LoopHost> host, MeterRegistry meters, String manager) {
    if (failedBecause != null || started) {
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

  /** Why it does not do its work, though it should; empty when all is well. */
  Optional<String> unhealthyBecause() {
    String failed = failedBecause;
    if (failed != null) {
      return Optional.of(failed);
    }
    if (!started) {
      return Optional.empty();
    }
    List<String> reasons = new ArrayList<>();
    for (RunningLoop<?> loop : running) {
      loop.notRunningBecause().ifPresent(why -> reasons.add(loop.name() + " is " + why));
    }
    return reasons.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reasons));
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

  private void fail(String why, Throwable cause) {
    failedBecause = why;
    log.error("Controller {} {}", spec.name(), why, cause);
  }
}
