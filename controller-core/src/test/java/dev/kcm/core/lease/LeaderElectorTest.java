package dev.kcm.core.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.kcm.core.api.ApiException;
import dev.kcm.core.lease.LeaderElectionConfig.AfterLoss;
import dev.kcm.core.lease.LeaseServer.Course;
import dev.kcm.core.lease.LeaseServer.Verb;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.time.VirtualEnvironment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an elector promises, on virtual time, with upstream's default times. */
final class LeaderElectorTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final VirtualEnvironment world = VirtualEnvironment.seeded(1);
  private final LeaseServer server = new LeaseServer(world);

  @Test
  void acquiresAMissingLeaseAndKeepsItWithOneWriteARetryPeriod() {
    Candidate a = started("a");
    assertThat(a.isLeader()).isTrue();
    assertThat(a.heard).containsExactly("started");
    assertThat(a.leaders).containsExactly("a");
    assertThat(a.events).containsExactly("a became leader");
    assertThat(server.record().transitions()).isZero();
    assertThat(server.record().durationSeconds()).isEqualTo(15);
    a.requests.clear();
    advance(60);
    assertThat(a.requests).hasSize(30).containsOnly(Verb.UPDATE);
    assertThat(a.isLeader()).isTrue();
    assertThat(a.elector.unhealthyBecause(TIMEOUT)).isEmpty();
  }

  @Test
  void aStandbyPollsEveryTwoToFourAndAHalfSeconds() {
    started("a");
    Candidate b = started("b");
    b.requests.clear();
    advance(600);
    assertThat(b.requests).containsOnly(Verb.GET).hasSizeBetween(600 * 10 / 45, 300);
    assertThat(b.leaders).containsExactly("a");
    assertThat(b.heard).isEmpty();
    assertThat(b.elector.unhealthyBecause(TIMEOUT)).isEmpty();
    assertThat(b.elector.leadership().leader()).contains("a");
  }

  @Test
  @DisplayName("T-60 requests into a black hole end leadership within the renew deadline")
  void aBlackHoleEndsLeadershipInTime() {
    Candidate a = started("a");
    Candidate b = started("b");
    a.course = verb -> Course.BLACK_HOLE;
    Duration end = timeUntil(() -> !a.isLeader());
    assertThat(end).isBetween(Duration.ofSeconds(8), Duration.ofSeconds(10));
    assertThat(Objects.requireNonNull(a.token).isCancelled()).isTrue();
    assertThat(a.heard).containsExactly("started", "stopped LOST");
    assertThat(b.isLeader()).isFalse();
    assertThat(end.plus(timeUntil(b::isLeader)))
        .isBetween(Duration.ofSeconds(15), Duration.ofSeconds(18));
    assertThat(a.isLeader()).isFalse();
    assertThat(a.meter("leader_election_master_status")).isZero();
    assertThat(a.meter("leader_election_transitions_total", "reason", "lost")).isEqualTo(1);
    assertThat(a.events).containsExactly("a became leader", "a stopped leading");
  }

  @Test
  @DisplayName("T-60 leadership ends by the clock alone, before any thread has run")
  void leadershipEndsByTheClockAlone() {
    Candidate a = started("a");
    a.course = verb -> Course.BLACK_HOLE;
    world.stall(Duration.ofSeconds(10));
    assertThat(a.isLeader()).isFalse();
    assertThat(Objects.requireNonNull(a.token).isLeading()).isFalse();
    assertThat(a.elector.leadership().closedBecause().orElseThrow()).contains("last renewed PT10S");
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> a.elector.leadership().guarded(() -> "written"))
        .matches(e -> e.kind() == ApiError.Kind.FENCED);
  }

  @Test
  @DisplayName("T-61 errors after 4.9 s end leadership in time")
  void slowErrorsEndLeadershipInTime() {
    Candidate a = started("a");
    Course slow =
        new Course(Duration.ofMillis(4900), ApiError.Kind.SERVER_ERROR, false, Duration.ZERO);
    a.course = verb -> slow;
    assertThat(timeUntil(() -> !a.isLeader())).isBetween(seconds(8), seconds(10));
    assertThat(a.heard).containsExactly("started", "stopped LOST");
  }

  @Test
  @DisplayName("T-61 requests that hang for 30 s end leadership in time, and land harmlessly")
  void hangingRequestsEndLeadershipInTime() {
    Candidate a = started("a");
    Candidate b = started("b");
    a.course = verb -> Course.slow(Duration.ofSeconds(30));
    assertThat(timeUntil(() -> !a.isLeader())).isBetween(seconds(8), seconds(10));
    timeUntil(b::isLeader);
    advance(120);
    assertThat(b.isLeader()).isTrue();
    assertThat(a.isLeader()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(longs = {-3600, 0, 3600})
  @DisplayName("T-62 an offset between wall clocks changes nothing")
  void offsetsBetweenClocksChangeNothing(long offset) {
    Candidate a = started("a");
    Candidate b = candidate("b");
    b.process.stepWallClock(seconds(offset));
    b.elector.start();
    advance(300);
    assertThat(a.isLeader()).isTrue();
    assertThat(b.isLeader()).isFalse();
    a.process.kill();
    assertThat(timeUntil(b::isLeader)).isBetween(seconds(13), seconds(18));
  }

  @ParameterizedTest
  @ValueSource(longs = {-3600, 3600})
  @DisplayName("T-63 a step of the leader's wall clock is confirmed, a follower's changes nothing")
  void stepsOfTheWallClockAreConfirmed(long step) {
    Candidate a = started("a");
    Candidate b = started("b");
    advance(31);
    a.process.stepWallClock(seconds(step));
    assertThat(a.isLeader()).isFalse();
    assertThat(a.elector.leadership().closedBecause().orElseThrow()).contains("being confirmed");
    world.run();
    assertThat(a.isLeader()).isTrue();
    b.process.stepWallClock(seconds(step));
    advance(60);
    assertThat(a.isLeader()).isTrue();
    assertThat(a.heard).containsExactly("started");
    assertThat(b.heard).isEmpty();
    assertThat(a.meter("leader_election_transitions_total", "reason", "suspect")).isEqualTo(1);
  }

  @Test
  @DisplayName("T-63 without anybody asking, the watchdog notices a step and has it confirmed")
  void theWatchdogNoticesASuspend() {
    Candidate a = started("a");
    advance(31);
    a.process.stepWallClock(seconds(60));
    a.course = verb -> Course.failing(ApiError.Kind.UNREACHABLE);
    advance(2);
    assertThat(a.heard).containsExactly("started", "stopped LOST");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @DisplayName("T-64 a leader frozen for 60 s does not lead when it resumes, nor touch the lease")
  void aFrozenLeaderDoesNotLeadWhenItResumes(boolean asleep) {
    Candidate a = started("a");
    Candidate b = started("b");
    a.process.freeze(asleep);
    advance(60);
    assertThat(b.isLeader()).isTrue();
    a.process.thaw();
    assertThat(a.isLeader()).isFalse();
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> a.elector.leadership().guarded(() -> "written"));
    var stopped = a.elector.stop().toCompletableFuture();
    advance(10);
    assertThat(stopped).isCompleted();
    assertThat(a.isLeader()).isFalse();
    assertThat(server.record().holder()).isEqualTo("b");
    assertThat(b.isLeader()).isTrue();
    assertThat(a.heard).hasSize(2).startsWith("started");
  }

  @Test
  @DisplayName("T-64 a release reads first and leaves a successor's lease alone")
  void aReleaseLeavesASuccessorsLeaseAlone() {
    Candidate a = started("a");
    server.edit(lease -> lease.editSpec().withHolderIdentity("z").endSpec());
    LeaseRecord successors = server.record();
    a.requests.clear();
    var stopped = a.elector.stop().toCompletableFuture();
    world.run();
    assertThat(stopped).isCompleted();
    assertThat(a.requests).containsExactly(Verb.GET);
    assertThat(server.record()).isEqualTo(successors);
  }

  @Test
  @DisplayName("T-65 a foreign edit costs one slow path and no leadership")
  void aForeignEditCostsOneSlowPath() {
    Candidate a = started("a");
    FencingToken before = a.elector.leadership().fencing().orElseThrow();
    server.edit(lease -> lease.editMetadata().addToLabels("team", "blue").endMetadata());
    advance(10);
    assertThat(a.isLeader()).isTrue();
    assertThat(a.heard).containsExactly("started");
    assertThat(a.meter("leader_election_slowpath_total")).isEqualTo(1);
    assertThat(Objects.requireNonNull(server.lease()).getMetadata().getLabels())
        .isEqualTo(Map.of("team", "blue"));
    assertThat(a.elector.leadership().fencing()).contains(before);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @DisplayName("T-66 a lease deleted by hand is made again by its leader, under a new token")
  void aDeletedLeaseIsMadeAgainByItsLeader(boolean watching) {
    Candidate a = candidate(config("a"), watching);
    a.elector.start();
    world.run();
    Candidate b = candidate(config("b"), watching);
    b.elector.start();
    FencingToken before = a.elector.leadership().fencing().orElseThrow();
    advance(30);
    for (int i = 0; i < 20; i++) {
      server.delete();
      world.advance(Duration.ofMillis(3456), () -> assertThat(b.isLeader()).isFalse());
      assertThat(a.isLeader()).isTrue();
    }
    FencingToken after = a.elector.leadership().fencing().orElseThrow();
    assertThat(after.leaseUid()).isNotEqualTo(before.leaseUid());
    assertThat(server.record().transitions()).isZero();
    assertThat(a.heard).containsExactly("started");
  }

  @Test
  @DisplayName("T-67 absent fields are no error: a lease without a holder is free at once")
  void aLeaseWithoutAnythingIsFree() {
    server.edit(lease -> lease);
    assertThat(started("a").isLeader()).isTrue();
  }

  @Test
  @DisplayName("T-67 a lease with an empty holder is free at once, and unknown fields survive")
  void anEmptyHolderIsFreeAndUnknownFieldsSurvive() {
    server.edit(
        lease ->
            lease
                .withNewSpec()
                .withHolderIdentity("")
                .withLeaseTransitions(7)
                .withStrategy("OldestEmulationVersion")
                .withPreferredHolder("c")
                .addToAdditionalProperties("novelty", "kept")
                .endSpec()
                .addToAdditionalProperties("status", Map.of("phase", "fine")));
    Candidate a = started("a");
    advance(10);
    assertThat(a.isLeader()).isTrue();
    var lease = Objects.requireNonNull(server.lease());
    assertThat(lease.getSpec().getLeaseTransitions()).isEqualTo(8);
    assertThat(lease.getSpec().getStrategy()).isEqualTo("OldestEmulationVersion");
    assertThat(lease.getSpec().getPreferredHolder()).isEqualTo("c");
    assertThat(lease.getSpec().getAdditionalProperties()).containsEntry("novelty", "kept");
    assertThat(lease.getAdditionalProperties()).containsKey("status");
  }

  @Test
  @DisplayName("T-67 a holder without times is respected until its duration has passed unchanged")
  void aHolderWithoutTimesIsRespected() {
    server.edit(
        lease -> lease.withNewSpec().withHolderIdentity("z").withLeaseDurationSeconds(5).endSpec());
    Candidate a = started("a");
    assertThat(timeUntil(a::isLeader)).isBetween(seconds(5), seconds(10));
    assertThat(a.leaders).containsExactly("z", "a");
  }

  @Test
  @DisplayName("T-67 a holder without a duration has expired as soon as it is seen")
  void aHolderWithoutADurationHasExpired() {
    server.edit(lease -> lease.withNewSpec().withHolderIdentity("z").endSpec());
    assertThat(started("a").isLeader()).isTrue();
  }

  @Test
  @DisplayName("T-68 another holder in the lease ends leadership within a retry period")
  void anotherHolderEndsLeadershipAtOnce() {
    Candidate a = started("a");
    advance(7);
    server.edit(lease -> lease.editSpec().withHolderIdentity("z").endSpec());
    assertThat(timeUntil(() -> !a.isLeader())).isLessThanOrEqualTo(seconds(2));
    assertThat(a.heard).containsExactly("started", "stopped LOST");
    assertThat(server.record().holder()).isEqualTo("z");
  }

  @Test
  @DisplayName("T-68 a watching leader sees another holder at once")
  void aWatchingLeaderSeesAnotherHolderAtOnce() {
    Candidate a = candidate(config("a"), true);
    a.elector.start();
    advance(7);
    server.edit(lease -> lease.editSpec().withHolderIdentity("z").endSpec());
    world.run();
    assertThat(a.isLeader()).isFalse();
  }

  @Test
  @DisplayName("T-69 a start callback that throws steps down and is stopped once")
  void aStartThatThrowsStepsDown() {
    Candidate a = candidate("a");
    a.startFailure = new IllegalStateException("on purpose");
    a.elector.start();
    advance(60);
    assertThat(a.heard).containsExactly("started", "stopped START_FAILED");
    assertThat(a.isLeader()).isFalse();
    assertThat(server.record().isFree()).isTrue();
    a.startFailure = null;
    a.elector.start();
    advance(1);
    assertThat(a.isLeader()).isTrue();
  }

  @Test
  @DisplayName(
      "T-69 a stop callback whose work never ends: leadership is over, nothing is released")
  void workThatNeverEndsKeepsTheLease() {
    Candidate a = started("a");
    a.workEnded = new CompletableFuture<>();
    var stopped = a.elector.stop().toCompletableFuture();
    world.run();
    assertThat(Objects.requireNonNull(a.token).isCancelled()).isTrue();
    assertThat(a.isLeader()).as("while work ends, its writes may leave").isTrue();
    advance(4);
    assertThat(a.isLeader()).isFalse();
    assertThat(stopped).isCompleted();
    assertThat(server.record().holder()).isEqualTo("a");
    assertThat(a.heard).containsExactly("started", "stopped STOPPED");
  }

  @Test
  void workThatEndsWithAnErrorKeepsTheLease() {
    Candidate a = started("a");
    a.workEnded = CompletableFuture.failedFuture(new IllegalStateException("on purpose"));
    var stopped = a.elector.stop().toCompletableFuture();
    advance(1);
    assertThat(stopped).isCompleted();
    assertThat(a.isLeader()).isFalse();
    assertThat(server.record().holder()).isEqualTo("a");
  }

  @Test
  @DisplayName("T-70 a candidate stopped before it acquired hears nothing and writes nothing")
  void stoppingACandidateCallsNothing() {
    started("a");
    Candidate b = started("b");
    b.requests.clear();
    var stopped = b.elector.stop().toCompletableFuture();
    world.run();
    assertThat(stopped).isCompleted();
    advance(60);
    assertThat(b.heard).isEmpty();
    assertThat(b.requests).isEmpty();
  }

  @Test
  @DisplayName("T-70 a lease granted after the stop is given back")
  void aLeaseGrantedAfterTheStopIsGivenBack() {
    Candidate a = candidate("a");
    a.course = verb -> verb == Verb.CREATE ? Course.slow(Duration.ofSeconds(2)) : Course.FINE;
    a.elector.start();
    advance(1);
    var stopped = a.elector.stop().toCompletableFuture();
    world.run();
    assertThat(stopped).isNotCompleted();
    advance(5);
    assertThat(stopped).isCompleted();
    assertThat(a.heard).isEmpty();
    assertThat(server.lease()).isNotNull();
    assertThat(server.record().isFree()).isTrue();
  }

  @Test
  @DisplayName("T-70 a lease granted without an answer is given back after the timeout")
  void aLeaseGrantedSilentlyIsGivenBack() {
    Candidate a = candidate("a");
    a.course =
        verb -> verb == Verb.CREATE ? new Course(Duration.ZERO, null, true, null) : Course.FINE;
    a.elector.start();
    advance(1);
    var stopped = a.elector.stop().toCompletableFuture();
    advance(6);
    assertThat(stopped).isCompleted();
    assertThat(server.record().isFree()).isTrue();
    assertThat(a.heard).isEmpty();
  }

  @Test
  @DisplayName("T-71 a clean stop ends the work first, then releases; the successor polls it up")
  void aCleanStopReleasesAfterTheWork() {
    Candidate a = started("a");
    Candidate b = started("b");
    advance(30);
    CompletableFuture<Void> work = new CompletableFuture<>();
    a.workEnded = work;
    var stopped = a.elector.stop().toCompletableFuture();
    advance(3);
    assertThat(server.record().holder()).isEqualTo("a");
    assertThat(stopped).isNotCompleted();
    work.complete(null);
    world.run();
    assertThat(stopped).isCompleted();
    LeaseRecord free = server.record();
    assertThat(free.holder()).isEmpty();
    assertThat(free.durationSeconds()).isEqualTo(1);
    assertThat(free.transitions()).isZero();
    assertThat(timeUntil(b::isLeader)).isLessThanOrEqualTo(Duration.ofMillis(4400));
    assertThat(server.record().transitions()).isEqualTo(1);
    assertThat(a.heard).containsExactly("started", "stopped STOPPED");
    assertThat(b.leaders).startsWith("a").endsWith("b");
    assertThat(a.meter("leader_election_transitions_total", "reason", "released")).isEqualTo(1);
  }

  @Test
  @DisplayName("T-71 a conflict on release is retried")
  void aConflictOnReleaseIsRetried() {
    Candidate a = started("a");
    AtomicInteger conflicts = new AtomicInteger(3);
    a.course =
        verb ->
            verb == Verb.UPDATE && conflicts.getAndDecrement() > 0
                ? Course.failing(ApiError.Kind.CONFLICT)
                : Course.FINE;
    var stopped = a.elector.stop().toCompletableFuture();
    advance(1);
    assertThat(stopped).isCompleted();
    assertThat(server.record().isFree()).isTrue();
  }

  @Test
  @DisplayName("T-71 a release that cannot be done is given up after the renew deadline")
  void aReleaseIsGivenUpInTime() {
    Candidate a = started("a");
    a.course = verb -> Course.failing(ApiError.Kind.UNREACHABLE);
    var stopped = a.elector.stop().toCompletableFuture();
    advance(11);
    assertThat(stopped).isCompleted();
    assertThat(a.isLeader()).isFalse();
  }

  @Test
  @DisplayName("T-71 candidates that watch the lease take over at once, one of them")
  void watchingCandidatesTakeOverAtOnce() {
    Candidate a = candidate(config("a"), true);
    a.elector.start();
    advance(1);
    List<Candidate> others =
        List.of(
            candidate(config("b"), true),
            candidate(config("c"), true),
            candidate(config("d"), true));
    others.forEach(other -> other.elector.start());
    advance(30);
    var stopped = a.elector.stop().toCompletableFuture();
    world.run();
    assertThat(stopped).isCompleted();
    assertThat(others.stream().filter(Candidate::isLeader)).hasSize(1);
    others.forEach(other -> other.requests.clear());
    advance(60);
    assertThat(others.stream().filter(Candidate::isLeader)).hasSize(1);
    assertThat(others.stream().filter(other -> !other.isLeader()))
        .allSatisfy(other -> assertThat(other.requests).hasSizeBetween(13, 31));
  }

  @Test
  void withoutReleaseTheLeaseRunsOut() {
    Candidate a = candidate(config("a").withReleaseOnStop(false), false);
    a.elector.start();
    advance(1);
    var stopped = a.elector.stop().toCompletableFuture();
    world.run();
    assertThat(stopped).isCompleted();
    assertThat(server.record().holder()).isEqualTo("a");
  }

  @Test
  @DisplayName("T-72 a second process with the same identity does not lead, and says why")
  void aSecondProcessOfOneIdentityIsDetected() {
    Candidate first = started("same");
    advance(1);
    Candidate second = started("same");
    advance(60);
    assertThat(first.isLeader()).isTrue();
    assertThat(second.isLeader()).isFalse();
    assertThat(second.elector.unhealthyBecause(TIMEOUT).orElseThrow())
        .contains("another process has the identity same");
    assertThat(first.elector.unhealthyBecause(TIMEOUT)).isEmpty();
    first.process.kill();
    assertThat(timeUntil(second::isLeader)).isBetween(seconds(13), seconds(20));
    assertThat(second.elector.unhealthyBecause(TIMEOUT)).isEmpty();
    assertThat(server.record().transitions()).isEqualTo(1);
  }

  @Test
  @DisplayName("T-74 the duration in the record counts, not one's own")
  void theDurationInTheRecordCounts() {
    Candidate a = started("a");
    Candidate b = candidate(config("b").withTimes(seconds(60), seconds(40), seconds(2)), false);
    b.elector.start();
    advance(10);
    a.process.kill();
    assertThat(timeUntil(b::isLeader)).isBetween(seconds(13), seconds(20));
  }

  @Test
  @DisplayName("T-76 after a loss it leads again; a hundred times starts and stops alternate")
  void leadsAgainAHundredTimes() {
    Candidate a = candidate(config("a").withAfterLoss(AfterLoss.REACQUIRE), false);
    a.elector.start();
    advance(1);
    for (int i = 0; i < 100; i++) {
      a.course = verb -> Course.BLACK_HOLE;
      advance(12);
      assertThat(a.isLeader()).isFalse();
      a.course = verb -> Course.FINE;
      advance(25);
      assertThat(a.isLeader()).as("round %d", i).isTrue();
    }
    for (int i = 0; i < 201; i++) {
      assertThat(a.heard.get(i)).isEqualTo(i % 2 == 0 ? "started" : "stopped LOST");
    }
    assertThat(a.heard).hasSize(201);
  }

  @Test
  @DisplayName("T-76 the same elector can be started and stopped again and again")
  void startsAndStopsAgain() {
    Candidate a = candidate("a");
    for (int i = 0; i < 100; i++) {
      a.elector.start();
      assertThatIllegalStateException()
          .isThrownBy(a.elector::start)
          .withMessageContaining("running");
      advance(3);
      assertThat(a.isLeader()).isTrue();
      a.elector.stop();
      advance(1);
      assertThat(a.isLeader()).isFalse();
    }
    assertThat(server.record().transitions()).isEqualTo(99);
  }

  @Test
  void aLostTermIsNotFollowedByANewOneWhileItsWorkGoesOn() {
    Candidate a = candidate(config("a").withAfterLoss(AfterLoss.REACQUIRE), false);
    CompletableFuture<Void> work = new CompletableFuture<>();
    a.workEnded = work;
    a.elector.start();
    advance(1);
    a.course = verb -> Course.BLACK_HOLE;
    advance(12);
    a.course = verb -> Course.FINE;
    advance(60);
    assertThat(a.isLeader()).isFalse();
    work.complete(null);
    advance(20);
    assertThat(a.heard).containsExactly("started", "stopped LOST", "started");
  }

  @Test
  void aLeaderThatCannotRenewIsUnhealthyAfterDurationAndTimeout() {
    Candidate a = candidate(config("a").withAfterLoss(AfterLoss.REACQUIRE), false);
    a.elector.start();
    advance(1);
    a.course = verb -> Course.failing(ApiError.Kind.UNREACHABLE);
    advance(33);
    assertThat(a.elector.unhealthyBecause(TIMEOUT)).isEmpty();
    advance(3);
    assertThat(a.elector.unhealthyBecause(TIMEOUT))
        .contains("failed election to renew leadership on lease kube-controller-manager");
  }

  @Test
  void anElectionWhoseThreadIsStuckIsUnhealthy() {
    Candidate a = started("a");
    a.process.freeze(false);
    advance(36);
    assertThat(a.elector.unhealthyBecause(TIMEOUT)).isPresent();
  }

  @Test
  void metersExistFromTheStartAndGoWithTheElector() {
    Candidate a = candidate("a");
    assertThat(a.meter("leader_election_master_status", "name", "kube-controller-manager"))
        .isZero();
    a.elector.start();
    advance(1);
    assertThat(a.meter("leader_election_master_status")).isEqualTo(1);
    assertThat(a.meter("leader_election_transitions_total", "reason", "acquired")).isEqualTo(1);
    assertThat(a.meter("leader_election_last_renew_age_seconds")).isEqualTo(1);
    a.elector.close();
    advance(1);
    assertThat(a.meters.getMeters()).isEmpty();
  }

  @Test
  void labelsAreMergedIntoTheLease() {
    server.edit(lease -> lease.editMetadata().addToLabels("team", "blue").endMetadata());
    Candidate a = candidate(config("a").withLabels(Map.of("app", "kcm")), false);
    a.elector.start();
    advance(1);
    assertThat(Objects.requireNonNull(server.lease()).getMetadata().getLabels())
        .isEqualTo(Map.of("team", "blue", "app", "kcm"));
  }

  @Test
  void whenStoppedTwoTimesBothStagesComplete() {
    Candidate a = started("a");
    var first = a.elector.stop().toCompletableFuture();
    var second = a.elector.stop().toCompletableFuture();
    advance(1);
    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
    var third = a.elector.stop().toCompletableFuture();
    world.run();
    assertThat(third).isCompleted();
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  private static LeaderElectionConfig config(String identity) {
    return LeaderElectionConfig.defaults(identity);
  }

  private Candidate candidate(String identity) {
    return candidate(config(identity), false);
  }

  private Candidate candidate(LeaderElectionConfig config, boolean watching) {
    return new Candidate(world, server, config, watching);
  }

  private Candidate started(String identity) {
    Candidate candidate = candidate(identity);
    candidate.elector.start();
    world.run();
    return candidate;
  }

  private void advance(long seconds) {
    world.advance(seconds(seconds));
  }

  /** How long until something holds, to 50 ms. */
  private Duration timeUntil(java.util.function.BooleanSupplier condition) {
    Duration step = Duration.ofMillis(50);
    Duration passed = Duration.ZERO;
    while (!condition.getAsBoolean()) {
      assertThat(passed).isLessThan(seconds(200));
      world.advance(step);
      passed = passed.plus(step);
    }
    return passed;
  }
}
