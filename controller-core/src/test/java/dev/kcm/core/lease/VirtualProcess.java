package dev.kcm.core.lease;

import dev.kcm.core.time.Environment;
import dev.kcm.core.time.Ticker;
import dev.kcm.core.time.Timers;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.core.time.WallClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One process among several on the same virtual time: with a wall clock of its own, and ways to
 * freeze and to kill it.
 *
 * <p>Confined to the thread of the test.
 */
final class VirtualProcess implements Environment {

  private final VirtualEnvironment world;
  private final List<Runnable> held = new ArrayList<>();
  private Duration wallOffset = Duration.ZERO;
  private boolean frozen;
  private boolean dead;
  private long asleepNanos;
  private @Nullable Long asleepSince;

  VirtualProcess(VirtualEnvironment world) {
    this.world = world;
  }

  /** Sets the wall clock forward or back. */
  void stepWallClock(Duration step) {
    wallOffset = wallOffset.plus(step);
  }

  /**
   * Stops all threads.
   *
   * @param asleep whether the monotonic clock stands still as well, as in a suspended machine
   */
  void freeze(boolean asleep) {
    frozen = true;
    if (asleep && asleepSince == null) {
      asleepSince = world.ticker().nanos();
    }
  }

  /** Lets all threads go on. */
  void thaw() {
    frozen = false;
    if (asleepSince != null) {
      asleepNanos += world.ticker().nanos() - asleepSince;
      asleepSince = null;
    }
    List<Runnable> tasks = List.copyOf(held);
    held.clear();
    tasks.forEach(task -> world.executor("thawed").execute(task));
  }

  /** Ends all threads for good. */
  void kill() {
    dead = true;
  }

  @Override
  public Ticker ticker() {
    return () -> (asleepSince == null ? world.ticker().nanos() : asleepSince) - asleepNanos;
  }

  @Override
  public WallClock wallClock() {
    return () -> world.wallClock().now().plus(wallOffset);
  }

  @Override
  public Timers timers() {
    return world.timers();
  }

  @Override
  public RandomGenerator random() {
    return world.random();
  }

  @Override
  public Executor executor(String name) {
    Executor executor = world.executor(name);
    return task -> executor.execute(() -> runOrHold(task));
  }

  private void runOrHold(Runnable task) {
    if (frozen) {
      held.add(task);
    } else if (!dead) {
      task.run();
    }
  }
}
