package dev.kcm.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
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
  @DisplayName("GEN-3 what nobody caught is counted, in executors, mailboxes and threads")
  void countsWhatNobodyCaught() throws InterruptedException {
    long before = environment.uncaughtErrors();
    Executor executor = environment.executor("failing");
    Executor mailbox = new SerialExecutor(executor);
    CountDownLatch ran = new CountDownLatch(3);
    executor.execute(() -> failing(ran, new IllegalStateException("on purpose")));
    mailbox.execute(() -> failing(ran, new IllegalStateException("on purpose")));
    mailbox.execute(() -> failing(ran, new OutOfMemoryError("on purpose")));
    assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
    // Each is counted after it was thrown: tasks on the same threads come after that.
    for (int i = 0; i < 1000 && environment.uncaughtErrors() < before + 3; i++) {
      CountDownLatch passed = new CountDownLatch(1);
      environment.timers().schedule(Duration.ofMillis(5), executor, passed::countDown);
      assertThat(passed.await(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(environment.uncaughtErrors()).isEqualTo(before + 3);
  }

  private static void failing(CountDownLatch ran, Throwable thrown) {
    ran.countDown();
    if (thrown instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) thrown;
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
