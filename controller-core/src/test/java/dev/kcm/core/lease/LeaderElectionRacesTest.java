package dev.kcm.core.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.lease.LeaderElectionConfig.AfterLoss;
import dev.kcm.core.lease.LeaseServer.Course;
import dev.kcm.core.lease.LeaseServer.Verb;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.time.Seeds;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Each fault at a thousand different moments, between and during requests that take their time. In
 * all of them never two processes lead.
 */
final class LeaderElectionRacesTest {

  private static final int SEEDS = 1_000;

  /** Longest time a candidate waits, a slow request included. */
  private static final Duration POLL = Duration.ofMillis(4400 + 400);

  @Test
  @DisplayName("T-60 requests into a black hole end leadership in 10 s, a successor comes later")
  void blackHole() {
    each("black hole", scene -> scene.losesInTime(verb -> Course.BLACK_HOLE));
  }

  @Test
  @DisplayName("T-61 late errors and late answers end leadership in 10 s")
  void lateAnswers() {
    Course error =
        new Course(Duration.ofMillis(4900), ApiError.Kind.SERVER_ERROR, false, Duration.ZERO);
    Course hanging = new Course(Duration.ZERO, null, false, Duration.ofSeconds(30));
    each(
        "late answers",
        scene -> scene.losesInTime(verb -> scene.random.nextBoolean() ? error : hanging));
  }

  @Test
  @DisplayName("T-62, T-63 clocks that differ by hours, and jump by hours, move nothing")
  void clocks() {
    each(
        "clocks",
        scene -> {
          for (int i = 0; i < 4; i++) {
            scene
                .any()
                .process
                .stepWallClock(Duration.ofSeconds(scene.random.nextInt(7200) - 3600));
            scene.pass(5000);
            assertThat(scene.b.heard).isEmpty();
          }
          // The last jump may still be being confirmed.
          scene.advance(Duration.ofSeconds(1));
          assertThat(scene.a.isLeader()).isTrue();
          assertThat(scene.a.heard).containsExactly("started");
          scene.a.process.kill();
          scene.assertSuccessor(Duration.ofSeconds(12));
        });
  }

  @Test
  @DisplayName("T-64 a leader frozen at any moment does not lead when it goes on")
  void frozenLeader() {
    each(
        "frozen leader",
        scene -> {
          scene.a.process.freeze(scene.random.nextBoolean());
          scene.advance(Duration.ofSeconds(60));
          assertThat(scene.b.isLeader()).isTrue();
          LeaseRecord successors = scene.server.record();
          scene.a.process.thaw();
          assertThat(scene.a.isLeader()).isFalse();
          assertThat(scene.a.elector.leadership().closedBecause()).isPresent();
          scene.a.elector.stop();
          scene.pass(10_000);
          assertThat(scene.server.record().holder()).isEqualTo("b");
          assertThat(scene.server.record().transitions()).isEqualTo(successors.transitions());
        });
  }

  @Test
  @DisplayName("T-65 an edit by others at any moment costs a slow path and no leadership")
  void foreignEdits() {
    each(
        "foreign edits",
        scene -> {
          scene.server.edit(l -> l.editMetadata().addToLabels("team", "blue").endMetadata());
          scene.advance(Duration.ofSeconds(8));
          assertThat(scene.a.isLeader()).isTrue();
          assertThat(scene.a.heard).containsExactly("started");
          assertThat(scene.a.meter("leader_election_slowpath_total")).isEqualTo(1);
        });
  }

  @Test
  @DisplayName("T-66 a lease deleted at any moment is made again by its leader, or is lost")
  void deletions() {
    each(
        "deletions",
        scene -> {
          String before = scene.a.elector.leadership().fencing().orElseThrow().leaseUid();
          for (int i = 0; i < 3; i++) {
            scene.server.delete();
            scene.pass(8000);
          }
          scene.advance(Duration.ofSeconds(40));
          assertThat(scene.leaders()).isEqualTo(1);
          Candidate leader = scene.a.isLeader() ? scene.a : scene.b;
          assertThat(leader.elector.leadership().fencing().orElseThrow().leaseUid())
              .isNotEqualTo(before);
        });
  }

  @Test
  @DisplayName("T-67 whatever fields are absent, a lease is free by its holder or by observation")
  void absentFields() {
    each(
        "absent fields",
        scene -> {
          Random random = scene.random;
          scene.a.process.kill();
          scene.candidates.remove(scene.a);
          String holder = random.nextInt(3) == 0 ? "" : "z";
          Integer seconds = random.nextBoolean() ? null : 1 + random.nextInt(20);
          scene.server.edit(lease -> scene.stripped(lease, holder, seconds));
          Duration wait = scene.timeUntil(scene.b::isLeader);
          long held = holder.isEmpty() || seconds == null ? 0 : seconds;
          assertThat(wait)
              .isBetween(Duration.ofSeconds(held), Duration.ofSeconds(held).plus(POLL).plus(POLL));
        });
  }

  @Test
  @DisplayName("T-68 another holder in the lease ends leadership within a retry period")
  void otherHolder() {
    each(
        "other holder",
        scene -> {
          scene.server.edit(lease -> lease.editSpec().withHolderIdentity("z").endSpec());
          assertThat(scene.timeUntil(() -> !scene.a.isLeader()))
              .isLessThanOrEqualTo(Duration.ofSeconds(3));
          assertThat(scene.server.record().holder()).isEqualTo("z");
        });
  }

  @Test
  @DisplayName("T-69 a stop whose work does not end keeps the lease, and is over after the grace")
  void workThatDoesNotEnd() {
    each(
        "work that does not end",
        scene -> {
          scene.a.workEnded = new CompletableFuture<>();
          var stopped = scene.a.elector.stop().toCompletableFuture();
          scene.advance(Duration.ofMillis(4050));
          assertThat(stopped).isCompleted();
          assertThat(scene.a.isLeader()).isFalse();
          assertThat(scene.server.record().holder()).isEqualTo("a");
          assertThat(scene.a.heard).containsExactly("started", "stopped STOPPED");
          scene.assertSuccessor(Duration.ofSeconds(9));
        });
  }

  @Test
  @DisplayName("T-70 a candidate stopped at any moment of its first try leaves a free lease")
  void stoppedWhileAcquiring() {
    Seeds.each(
        "stopped while acquiring",
        1,
        SEEDS,
        seed -> {
          Scene scene = new Scene(seed);
          scene.a.elector.start();
          scene.pass(800);
          boolean led = !scene.a.heard.isEmpty();
          var stopped = scene.a.elector.stop().toCompletableFuture();
          scene.advance(Duration.ofSeconds(20));
          assertThat(stopped).isCompleted();
          assertThat(scene.server.record().isFree()).isTrue();
          assertThat(scene.a.heard)
              .isEqualTo(led ? List.of("started", "stopped STOPPED") : List.of());
        });
  }

  @Test
  @DisplayName("T-71 after a clean stop at any moment the successor leads within one poll")
  void cleanStop() {
    each(
        "clean stop",
        scene -> {
          CompletableFuture<Void> work = new CompletableFuture<>();
          scene.a.workEnded = work;
          scene.a.elector.stop();
          scene.pass(3000);
          assertThat(scene.server.record().holder()).isEqualTo("a");
          if (scene.random.nextBoolean()) {
            // The release meets a conflict.
            scene.server.edit(l -> l.editMetadata().addToLabels("n", "1").endMetadata());
          }
          work.complete(null);
          assertThat(scene.timeUntil(scene.b::isLeader)).isLessThanOrEqualTo(POLL.plusSeconds(2));
          scene.advance(Duration.ofSeconds(1));
          assertThat(scene.a.meter("leader_election_transitions_total", "reason", "released"))
              .isEqualTo(1);
        });
  }

  @Test
  @DisplayName("T-72 of two processes with one identity one leads, the other says why it does not")
  void sharedIdentity() {
    each(
        "shared identity",
        scene -> {
          Candidate twin =
              new Candidate(scene.world, scene.server, LeaderElectionConfig.defaults("a"));
          twin.course = scene::slow;
          scene.candidates.add(twin);
          twin.elector.start();
          scene.advance(Duration.ofSeconds(25));
          assertThat(scene.a.isLeader()).isTrue();
          assertThat(twin.heard).isEmpty();
          assertThat(twin.elector.unhealthyBecause(Duration.ofSeconds(20)).orElseThrow())
              .contains("another process has the identity a");
        });
  }

  @Test
  @DisplayName("T-76 whatever happens, starts and stops alternate")
  void startsAndStopsAlternate() {
    each(
        "starts and stops",
        scene -> {
          for (int i = 0; i < 6; i++) {
            Candidate any = scene.any();
            any.course = scene.random.nextBoolean() ? verb -> Course.BLACK_HOLE : scene::slow;
            scene.pass(20_000);
          }
          for (Candidate candidate : scene.candidates) {
            for (int i = 0; i < candidate.heard.size(); i++) {
              assertThat(candidate.heard.get(i)).startsWith(i % 2 == 0 ? "started" : "stopped");
            }
          }
        });
  }

  private static void each(String what, Consumer<Scene> play) {
    Seeds.each(
        what,
        1,
        SEEDS,
        seed -> {
          Scene scene = new Scene(seed);
          scene.begin();
          play.accept(scene);
        });
  }

  /** A leader and a standby, requests that take up to 400 ms. Confined to the test's thread. */
  private static final class Scene {

    private final Random random;
    private final VirtualEnvironment world;
    private final LeaseServer server;
    private final List<Candidate> candidates = new ArrayList<>();
    private final Candidate a;
    private final Candidate b;

    private Scene(long seed) {
      random = new Random(seed);
      world = VirtualEnvironment.seeded(seed);
      server = new LeaseServer(world);
      a = candidate("a");
      b = candidate("b");
    }

    private Candidate candidate(String identity) {
      Candidate candidate =
          new Candidate(
              world,
              server,
              LeaderElectionConfig.defaults(identity).withAfterLoss(AfterLoss.REACQUIRE));
      candidate.course = this::slow;
      candidates.add(candidate);
      return candidate;
    }

    private Course slow(Verb verb) {
      return new Course(millis(200), null, true, millis(200));
    }

    private Duration millis(int bound) {
      return Duration.ofMillis(random.nextInt(bound));
    }

    /** Lets a lead and b see it, up to a random moment. */
    private void begin() {
      a.elector.start();
      advance(Duration.ofSeconds(2));
      b.elector.start();
      advance(Duration.ofSeconds(6));
      pass(4000);
      assertThat(a.isLeader()).isTrue();
    }

    private Candidate any() {
      return candidates.get(random.nextInt(candidates.size()));
    }

    private void pass(int boundMillis) {
      advance(millis(boundMillis));
    }

    private void advance(Duration duration) {
      world.advance(duration, this::check);
    }

    private void check() {
      if (leaders() > 1) {
        throw new AssertionError("two leaders at " + Duration.ofNanos(world.ticker().nanos()));
      }
    }

    private int leaders() {
      int leaders = 0;
      for (Candidate candidate : candidates) {
        leaders += candidate.isLeader() ? 1 : 0;
      }
      return leaders;
    }

    /** The leader's requests go wrong from now on. */
    private void losesInTime(Function<Verb, Course> course) {
      a.course = course;
      Duration lost = timeUntil(() -> !a.isLeader());
      assertThat(lost).isLessThanOrEqualTo(Duration.ofSeconds(10));
      assertThat(Objects.requireNonNull(a.token).isCancelled()).isTrue();
      assertThat(a.heard).containsExactly("started", "stopped LOST");
      Duration more = timeUntil(b::isLeader);
      assertThat(lost.plus(more)).isLessThanOrEqualTo(Duration.ofSeconds(15).plus(POLL).plus(POLL));
    }

    /** The standby may see the last renewal a poll late, and counts from there. */
    private void assertSuccessor(Duration least) {
      assertThat(timeUntil(b::isLeader))
          .isBetween(least, Duration.ofSeconds(15).plus(POLL).plus(POLL));
    }

    private LeaseBuilder stripped(LeaseBuilder lease, String holder, Integer seconds) {
      return lease
          .withNewSpec()
          .withHolderIdentity(holder.isEmpty() && random.nextBoolean() ? null : holder)
          .withLeaseDurationSeconds(seconds)
          .addToAdditionalProperties("novelty", List.of(1))
          .endSpec();
    }

    /** How long until something holds, to 50 ms. */
    private Duration timeUntil(BooleanSupplier condition) {
      Duration step = Duration.ofMillis(50);
      Duration passed = Duration.ZERO;
      while (!condition.getAsBoolean()) {
        assertThat(passed).isLessThan(Duration.ofSeconds(200));
        advance(step);
        passed = passed.plus(step);
      }
      return passed;
    }
  }
}
