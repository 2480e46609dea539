package dev.kcm.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The real environment, as far as it can be seen from outside. */
final class SystemEnvironmentTest {

  private final Environment environment = Environment.system();

  @Test
  void threadsAreDaemonsThatCarryTheirTasksName() throws InterruptedException {
    BlockingQueue<String> seen = new ArrayBlockingQueue<>(1);
    environment
        .executor("lister")
        .execute(
            () -> seen.add(Thread.currentThread().getName() + Thread.currentThread().isDaemon()));
    assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("lister-1true");
  }

  @Test
  void aTaskThatThrowsEndsNothing() throws InterruptedException {
    Executor executor = environment.executor("failing");
    CountDownLatch ran = new CountDownLatch(1);
    executor.execute(
        () -> {
          throw new IllegalStateException("on purpose");
        });
    executor.execute(ran::countDown);
    assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void timersRunOnTheExecutorTheyAreGivenAndNotBeforeTheirTime() throws InterruptedException {
    long start = environment.ticker().nanos();
    BlockingQueue<String> seen = new ArrayBlockingQueue<>(1);
    environment
        .timers()
        .schedule(
            Duration.ofMillis(20),
            environment.executor("timed"),
            () -> seen.add(Thread.currentThread().getName()));
    assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("timed-1");
    assertThat(environment.ticker().since(start)).isGreaterThanOrEqualTo(Duration.ofMillis(20));
  }

  @Test
  void aTimerOfAnyLengthCanBeCancelled() {
    Timers.Timer timer =
        environment.timers().schedule(Duration.ofSeconds(Long.MAX_VALUE), Runnable::run, () -> {});
    assertThat(timer.cancel()).isTrue();
    assertThat(timer.cancel()).isFalse();
  }
}
