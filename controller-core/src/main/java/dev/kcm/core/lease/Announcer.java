package dev.kcm.core.lease;

import dev.kcm.core.api.ApiException;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.Timers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the candidate of a coordinated election known to its controller: announces it, answers
 * pings at once, and announces it again before the controller would doubt it. One that leaves is
 * taken away, as well as may be, so that the controller does not appoint it and wait in vain.
 *
 * <p>Confined to the election's mailbox.
 */
final class Announcer {

  /** The controller pings candidates that are silent for 15 min, the server drops them after 30. */
  static final Duration REFRESH = Duration.ofMinutes(5);

  private static final Logger log = LoggerFactory.getLogger(LeaderElector.class);

  private final Election election;
  private final Coordination coordination;
  private final LeaseCandidates candidates;
  private final Environment environment;
  private final Executor mailbox;
  private LeaseLock.@Nullable Watching pings;
  private Timers.@Nullable Timer next;
  private @Nullable Try running;
  private boolean again;
  private boolean leaving;
  private final CompletableFuture<Void> left = new CompletableFuture<>();
  private boolean closed;

  Announcer(
      Election election, Coordination coordination, LeaseCandidates candidates, Executor mailbox) {
    this.election = election;
    this.coordination = coordination;
    this.candidates = candidates;
    this.environment = election.environment();
    this.mailbox = mailbox;
  }

  /**
   * Finds out whether candidates can be announced; asks until there is an answer.
   *
   * @param then called with it
   */
  void findOut(Consumer<Boolean> then) {
    if (closed) {
      return;
    }
    election.isActive();
    new Try(
            candidates::served,
            (served, error) -> {
              if (error != null) {
                log.warn(
                    "cannot tell whether elections of lease {} are coordinated: {}",
                    election.key(),
                    ApiException.errorOf(error).message());
                later(election.config().retryPeriod(), () -> findOut(then));
                return;
              }
              if (!Boolean.TRUE.equals(served)) {
                log.warn(
                    "the server knows no LeaseCandidates; the candidates for lease {} elect a"
                        + " leader among themselves",
                    election.key());
              }
              then.accept(Boolean.TRUE.equals(served));
            })
        .send();
  }

  /** Announces the candidate from now on; a second call does nothing. */
  void begin() {
    if (pings == null) {
      pings = candidates.watch(election.config().identity(), () -> mailbox.execute(this::announce));
      announce();
    }
  }

  /**
   * Announces the candidate no more, and takes it away. A second call does nothing.
   *
   * @return completes in the mailbox, after two requests' time at most; never exceptionally
   */
  CompletableFuture<Void> leave() {
    if (leaving) {
      return left;
    }
    leaving = true;
    cancelNext();
    if (pings == null) {
      closed = true;
      left.complete(null);
    } else {
      pings.close();
      if (running == null) {
        withdraw();
      }
    }
    return left;
  }

  private void withdraw() {
    running =
        new Try(
            () -> candidates.withdraw(election.config().identity()),
            (done, error) -> withdrawn(error));
    running.send();
  }

  private void withdrawn(@Nullable Throwable error) {
    if (error != null) {
      log.debug(
          "The candidate for lease {} stays until the server drops it: {}",
          election.key(),
          ApiException.errorOf(error).message());
    }
    closed = true;
    left.complete(null);
  }

  private void announce() {
    if (leaving) {
      return;
    }
    if (running != null) {
      again = true;
      return;
    }
    again = false;
    cancelNext();
    LeaseCandidates.Announcement announcement =
        new LeaseCandidates.Announcement(
            election.config().identity(), coordination, environment.wallClock().now());
    running = new Try(() -> candidates.announce(announcement), (done, error) -> announced(error));
    running.send();
  }

  private void announced(@Nullable Throwable error) {
    running = null;
    if (error != null) {
      log.warn(
          "failed to announce the candidate for lease {}: {}",
          election.key(),
          ApiException.errorOf(error).message());
    }
    if (leaving) {
      withdraw();
    } else if (again) {
      announce();
    } else {
      later(error == null ? REFRESH : election.config().retryPeriod(), this::announce);
    }
  }

  private void later(Duration delay, Runnable task) {
    cancelNext();
    next = environment.timers().schedule(delay, mailbox, task);
  }

  private void cancelNext() {
    if (next != null) {
      next.cancel();
      next = null;
    }
  }

  /** What becomes of a request. */
  private interface Then {
    void accept(@Nullable Object answer, @Nullable Throwable error);
  }

  /** A request that ends in time, whatever becomes of it. Confined to the mailbox. */
  private final class Try {

    private final Supplier<? extends CompletableFuture<?>> request;
    private final Then then;
    private Timers.@Nullable Timer deadline;
    private boolean over;

    private Try(Supplier<? extends CompletableFuture<?>> request, Then then) {
      this.request = request;
      this.then = then;
    }

    private void send() {
      Duration timeout = election.config().requestTimeout();
      deadline =
          environment
              .timers()
              .schedule(timeout, mailbox, () -> end(null, LeaseRequests.timedOut(timeout)));
      CompletableFuture<?> answer;
      try {
        answer = request.get();
      } catch (RuntimeException e) {
        answer = CompletableFuture.failedFuture(e);
      }
      var unused = answer.whenCompleteAsync(this::end, mailbox);
    }

    private void end(@Nullable Object answer, @Nullable Throwable error) {
      if (over) {
        return;
      }
      over = true;
      if (deadline != null) {
        deadline.cancel();
      }
      if (!closed) {
        then.accept(answer, error);
      }
    }
  }
}
