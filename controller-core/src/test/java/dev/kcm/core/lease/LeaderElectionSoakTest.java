package dev.kcm.core.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.lease.LeaderElectionConfig.AfterLoss;
import dev.kcm.core.lease.LeaseServer.Course;
import dev.kcm.core.lease.LeaseServer.Verb;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.time.Seeds;
import dev.kcm.core.time.VirtualEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.DoubleAdder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Five candidates over faulty hours: requests that are lost before or after they take effect, slow,
 * refused; processes that freeze, sleep, die and come back, stop and start; wall clocks that jump;
 * edits of the lease by others.
 */
final class LeaderElectionSoakTest {

  private static final int SEEDS = 25;

  /** Each seed plays this many leases' worth of faults, then a quiet time. */
  private static final int LEASES = 50;

  @ParameterizedTest(name = "seeds from {0}")
  @ValueSource(longs = {1, 26, 51, 76})
  @DisplayName("T-73 in 10 000 hours never two leaders, and in quiet times there is one")
  void neverTwoLeaders(long first) {
    DoubleAdder hours = new DoubleAdder();
    Seeds.each(
        "leader election under faults",
        first,
        first + SEEDS - 1,
        seed -> hours.add(new World(seed).play()));
    assertThat(hours.sum()).as("virtual hours played").isGreaterThan(2_500);
  }

  private static final class World {

    private final Random random;
    private final VirtualEnvironment environment;
    private final LeaseServer server;
    private final LeaderElectionConfig config;
    private final List<Candidate> candidates = new ArrayList<>();
    private int born;
    private double faultRate;

    private World(long seed) {
      random = new Random(seed);
      environment = VirtualEnvironment.seeded(seed);
      server = new LeaseServer(environment);
      // The algorithm does not know how long a second is: long leases play more hours.
      long scale = 1L + random.nextInt(1000);
      config =
          LeaderElectionConfig.defaults("x")
              .withTimes(seconds(15 * scale), seconds(10 * scale), seconds(2 * scale))
              .withStopGrace(seconds(4 * scale))
              .withAfterLoss(random.nextBoolean() ? AfterLoss.REACQUIRE : AfterLoss.STOP);
      for (int i = 0; i < 5; i++) {
        candidates.add(newCandidate());
      }
    }

    double play() {
      faultRate = random.nextDouble() * 0.5;
      Duration tick = config.retryPeriod();
      Duration played = Duration.ZERO;
      Duration end = config.leaseDuration().multipliedBy(LEASES);
      while (played.compareTo(end) < 0) {
        Duration pause = Duration.ofMillis(random.nextInt((int) tick.toMillis() * 3));
        environment.advance(pause, this::check);
        played = played.plus(pause);
        disturb();
        check();
      }
      return played.plus(playQuietly()).toNanos() / 3.6e12;
    }

    private Duration playQuietly() {
      faultRate = 0;
      for (Candidate candidate : candidates) {
        candidate.process.thaw();
        candidate.elector.stop();
      }
      Duration settling = config.leaseDuration().multipliedBy(3);
      environment.advance(settling, this::check);
      candidates.forEach(this::startAgain);
      environment.advance(settling, this::check);
      Duration quiet = config.leaseDuration().multipliedBy(10);
      environment.advance(
          quiet,
          () -> {
            check();
            if (leaders() != 1) {
              throw new AssertionError("no leader in quiet times at " + now());
            }
          });
      return settling.multipliedBy(2).plus(quiet);
    }

    private void check() {
      if (leaders() > 1) {
        assertThat(candidates.stream().filter(Candidate::isLeader))
            .as("leaders at %s", now())
            .hasSizeLessThan(2);
      }
    }

    private int leaders() {
      int leaders = 0;
      for (Candidate candidate : candidates) {
        if (candidate.isLeader()) {
          leaders++;
        }
      }
      return leaders;
    }

    private void disturb() {
      int index = random.nextInt(candidates.size());
      Candidate candidate = candidates.get(index);
      switch (random.nextInt(12)) {
        case 0 -> candidate.process.freeze(random.nextBoolean());
        case 1, 2 -> candidates.forEach(any -> any.process.thaw());
        case 3 -> candidate.process.stepWallClock(seconds(random.nextInt(7200) - 3600L));
        case 4 -> {
          candidate.process.kill();
          candidates.set(index, newCandidate());
        }
        case 5 -> candidate.elector.stop();
        case 6, 7 -> candidates.forEach(this::startAgain);
        case 8 ->
            server.edit(
                lease ->
                    lease.editMetadata().addToLabels("n", "" + random.nextInt()).endMetadata());
        case 9 -> faultRate = random.nextDouble() * random.nextDouble();
        default -> candidate.elector.leaseChanged();
      }
    }

    private void startAgain(Candidate candidate) {
      try {
        candidate.elector.start();
      } catch (IllegalStateException running) {
        // Then it need not be started.
      }
    }

    private Candidate newCandidate() {
      LeaderElectionConfig own = config.withIdentity("candidate-" + born++);
      Candidate candidate = new Candidate(environment, server, own, random.nextBoolean());
      candidate.course = this::course;
      candidate.process.stepWallClock(seconds(random.nextInt(7200) - 3600L));
      candidate.elector.start();
      return candidate;
    }

    private Course course(Verb verb) {
      if (random.nextDouble() >= faultRate) {
        return new Course(someTime(20), null, true, someTime(20));
      }
      return switch (random.nextInt(7)) {
        case 0 -> new Course(someTime(20), ApiError.Kind.BROKEN, false, someTime(2));
        case 1 -> new Course(someTime(20), ApiError.Kind.BROKEN, true, someTime(2));
        case 2 -> new Course(someTime(20), null, true, null);
        case 3 -> new Course(someTime(20), null, false, null);
        case 4 -> new Course(someTime(1), null, true, someTime(1));
        case 5 -> new Course(someTime(20), ApiError.Kind.SERVER_ERROR, false, someTime(2));
        default -> new Course(someTime(20), ApiError.Kind.CONFLICT, false, someTime(20));
      };
    }

    /** Up to a lease duration over a divisor. */
    private Duration someTime(int divisor) {
      return Duration.ofMillis(random.nextInt((int) config.leaseDuration().toMillis() / divisor));
    }

    private Duration now() {
      return Duration.ofNanos(environment.ticker().nanos());
    }

    private static Duration seconds(long seconds) {
      return Duration.ofSeconds(seconds);
    }
  }
}
