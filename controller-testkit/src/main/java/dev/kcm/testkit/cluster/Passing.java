package dev.kcm.testkit.cluster;

import dev.kcm.core.api.ApiException;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.VirtualEnvironment;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** How time passes in a test. */
sealed interface Passing {

  /** By itself. */
  static Passing real() {
    return new Real(Environment.system());
  }

  /** When the test says so. */
  static Passing virtual(long seed) {
    return new Virtual(VirtualEnvironment.seeded(seed));
  }

  Environment environment();

  /** Carries out what can be carried out now. */
  void run();

  void advance(Duration duration);

  /** Lets virtual time pass; in real time it does nothing. */
  void pass(Duration duration);

  /** Lets time pass until an assertion holds. */
  void until(Duration within, Runnable assertion);

  /** What a future holds, without virtual time passing. */
  <R> R await(CompletableFuture<R> future, Duration patience);

  /** What a future holds, with time passing. */
  <R> R awaitLate(CompletableFuture<R> future, Duration patience);

  /** Whether something still waits to be carried out. */
  boolean hasWork();

  /** The value of a future that is done. */
  private static <R> R done(CompletableFuture<R> future, Duration patience) {
    try {
      return future.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new ApiException(ApiException.errorOf(e), e);
    } catch (TimeoutException e) {
      throw new IllegalStateException("no answer after " + patience, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for an answer", e);
    }
  }

  /**
   * Real time.
   *
   * @param environment the system's
   */
  record Real(Environment environment) implements Passing {

    private static final Duration POLL = Duration.ofMillis(10);

    @Override
    public void run() {
      // Everything runs by itself.
    }

    @Override
    public void advance(Duration duration) {
      throw new IllegalStateException(
          "real time passes by itself: use eventually(..), or leave realTime and https out");
    }

    @Override
    public void pass(Duration duration) {
      // It passes by itself.
    }

    @Override
    public void until(Duration within, Runnable assertion) {
      long begin = environment.ticker().nanos();
      while (true) {
        try {
          assertion.run();
          return;
        } catch (AssertionError | ApiException e) {
          if (environment.ticker().since(begin).compareTo(within) > 0) {
            throw e;
          }
        }
        LockSupport.parkNanos(POLL.toNanos());
      }
    }

    @Override
    public <R> R await(CompletableFuture<R> future, Duration patience) {
      return done(future, patience);
    }

    @Override
    public <R> R awaitLate(CompletableFuture<R> future, Duration patience) {
      return done(future, patience);
    }

    @Override
    public boolean hasWork() {
      return false;
    }
  }

  /**
   * Virtual time.
   *
   * @param environment moved by this
   */
  record Virtual(VirtualEnvironment environment) implements Passing {

    private static final Duration STEP = Duration.ofMillis(100);

    @Override
    public void run() {
      environment.run();
    }

    @Override
    public void advance(Duration duration) {
      environment.advance(duration);
    }

    @Override
    public void pass(Duration duration) {
      environment.advance(duration);
    }

    @Override
    public void until(Duration within, Runnable assertion) {
      environment.run();
      for (Duration passed = Duration.ZERO; ; passed = passed.plus(STEP)) {
        try {
          assertion.run();
          return;
        } catch (AssertionError | ApiException e) {
          if (passed.compareTo(within) >= 0) {
            throw e;
          }
        }
        environment.advance(STEP);
      }
    }

    @Override
    public <R> R await(CompletableFuture<R> future, Duration patience) {
      environment.run();
      if (!future.isDone()) {
        throw new IllegalStateException(
            "no answer yet, and none will come without time passing: call advance(..)");
      }
      return done(future, Duration.ZERO);
    }

    @Override
    public <R> R awaitLate(CompletableFuture<R> future, Duration patience) {
      environment.run();
      for (Duration passed = Duration.ZERO;
          !future.isDone() && passed.compareTo(patience) < 0;
          passed = passed.plus(STEP)) {
        environment.advance(STEP);
      }
      return await(future, Duration.ZERO);
    }

    @Override
    public boolean hasWork() {
      return environment.hasWork();
    }
  }
}
