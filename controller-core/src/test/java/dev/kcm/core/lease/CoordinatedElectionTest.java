package dev.kcm.core.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kcm.core.lease.LeaderElectionConfig.AfterLoss;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.time.Seeds;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Elections in which the API server appoints the leader, with a scripted controller. */
final class CoordinatedElectionTest {

  private final VirtualEnvironment world = VirtualEnvironment.seeded(1);
  private CoordinatedApi api = new CoordinatedApi("v1beta1");
  private final ElectionController controller = new ElectionController(world, api);

  @ParameterizedTest
  @ValueSource(strings = {"v1beta1", "v1alpha2", "v1alpha1"})
  @DisplayName("T-75 announces itself in each version served, and waits for its appointment")
  void waitsForItsAppointmentInEachVersion(String version) {
    api = new CoordinatedApi(version);
    Candidate a = started("a", "1.34.0");
    advance(3);
    assertThat(a.isLeader()).isFalse();
    assertThat(api.lease()).as("a coordinated candidate makes no lease").isNull();
    var candidate = api.candidates().get(0);
    assertThat(candidate.getMetadata().getName()).isEqualTo("a");
    assertThat(candidate.getMetadata().getNamespace()).isEqualTo("kube-system");
    assertThat(candidate.getApiVersion()).isEqualTo("coordination.k8s.io/" + version);
    assertThat(candidate.getKind()).isEqualTo("LeaseCandidate");
    Map<String, Object> spec = CoordinatedApi.specOf(candidate);
    assertThat(spec)
        .containsEntry("leaseName", "kube-controller-manager")
        .containsEntry("binaryVersion", "1.34.0")
        .containsEntry("emulationVersion", "1.34.0")
        .containsEntry("renewTime", "2026-01-01T00:00:00.000000Z");
    if (version.equals("v1alpha1")) {
      assertThat(spec).containsEntry("preferredStrategies", List.of("OldestEmulationVersion"));
    } else {
      assertThat(spec).containsEntry("strategy", "OldestEmulationVersion");
    }

    new ElectionController(world, api).start();
    advance(12);
    assertThat(a.isLeader()).isTrue();
    assertThat(a.heard).containsExactly("started");
    LeaseRecord record = LeaseRecord.of(Objects.requireNonNull(api.lease()));
    assertThat(record.durationSeconds()).isEqualTo(15);
    assertThat(record.acquireTime()).isNull();
    assertThat(api.lease().getSpec().getStrategy()).isEqualTo("OldestEmulationVersion");
    advance(60);
    assertThat(a.isLeader()).isTrue();
    assertThat(a.meter("leader_election_slowpath_total")).isGreaterThan(25);
  }

  @Test
  @DisplayName("T-75 a ping is answered within a second, also by a machine whose clock is behind")
  void answersPings() {
    Candidate a = candidate("a", "1.34.0");
    a.process.stepWallClock(Duration.ofHours(-1));
    a.elector.start();
    advance(100);
    Instant ping = world.wallClock().now();
    api.editCandidate(
        "a",
        spec -> {
          spec.put("pingTime", ping.toString());
          return spec;
        });
    advance(1);
    assertThat(renewTime("a")).isAfter(ping).isBefore(ping.plusSeconds(1));
  }

  @Test
  @DisplayName("T-75 a candidate nobody pings announces itself every five minutes")
  void announcesItselfEveryFiveMinutes() {
    Candidate a = started("a", "1.34.0");
    Instant first = renewTime("a");
    advance(299);
    assertThat(renewTime("a")).isEqualTo(first);
    advance(2);
    assertThat(renewTime("a")).isEqualTo(first.plusSeconds(300));
    api.refusesDeletes = true;
    a.elector.stop();
    advance(3600);
    assertThat(renewTime("a")).isEqualTo(first.plusSeconds(300));
    assertThat(world.hasWork()).isFalse();
  }

  @Test
  @DisplayName("T-75 a preferred holder ends the term at once; the lease runs out, then it leads")
  void aPreferredHolderEndsTheTerm() {
    controller.start();
    Candidate a = started("a", "1.34.0");
    advance(30);
    assertThat(a.isLeader()).isTrue();
    Candidate b = started("b", "1.33.0");
    while (LeaseRecord.of(Objects.requireNonNull(api.lease())).preferredHolder().isEmpty()) {
      advance(1);
    }
    world.run();
    assertThat(a.isLeader()).isFalse();
    assertThat(a.heard).containsExactly("started", "stopped LOST");
    LeaseRecord left = LeaseRecord.of(Objects.requireNonNull(api.lease()));
    assertThat(left.holder()).as("not released").isEqualTo("a");
    world.advance(Duration.ofSeconds(10), () -> assertThat(b.isLeader()).isFalse());
    advance(15);
    assertThat(b.isLeader()).isTrue();
    assertThat(a.isLeader()).isFalse();
  }

  @Test
  @DisplayName("T-75 of a free lease nobody helps himself; a release is followed by an appointment")
  void nobodyTakesAFreeLease() {
    controller.start();
    Candidate a = started("a", "1.34.0");
    Candidate b = started("b", "1.34.0");
    advance(30);
    assertThat(a.isLeader()).isTrue();
    var stopped = a.elector.stop().toCompletableFuture();
    world.run();
    assertThat(stopped).isCompleted();
    assertThat(LeaseRecord.of(Objects.requireNonNull(api.lease())).isFree()).isTrue();
    assertThat(b.isLeader()).isFalse();
    advance(6);
    assertThat(a.isLeader()).isFalse();
    assertThat(b.isLeader()).as("within a round of the controller").isTrue();
  }

  @Test
  @DisplayName("LE-15 a candidate that stops takes its LeaseCandidate away, whether it led or not")
  void aCandidateThatStopsTakesItsCandidacyAway() {
    controller.start();
    Candidate a = started("a", "1.34.0");
    Candidate b = started("b", "1.34.0");
    advance(30);
    assertThat(a.isLeader()).isTrue();
    assertThat(api.candidates()).hasSize(2);
    b.elector.stop();
    world.run();
    assertThat(api.candidates()).hasSize(1);
    a.elector.stop();
    world.run();
    assertThat(api.candidates()).isEmpty();

    a.elector.start();
    advance(30);
    assertThat(a.isLeader()).as("it can stand again").isTrue();
  }

  @Test
  @DisplayName("LE-15 a candidacy that cannot be taken away holds up no stop")
  void aCandidacyThatCannotBeTakenAwayHoldsUpNoStop() {
    Candidate a = started("a", "1.34.0");
    advance(3);
    api.refusesDeletes = true;
    var forbidden = a.elector.stop().toCompletableFuture();
    world.run();
    assertThat(forbidden).isCompleted();
    assertThat(api.candidates()).hasSize(1);

    a.elector.start();
    advance(3);
    api.refusesDeletes = false;
    api.removeCandidate("a");
    var gone = a.elector.stop().toCompletableFuture();
    world.run();
    assertThat(gone).isCompleted();
    advance(60);
    assertThat(world.hasWork()).isFalse();
  }

  @Test
  @DisplayName("T-75 where watches of candidates are refused, pings are polled for")
  void pollsForPingsWhereWatchesAreRefused() {
    api.refusesWatches = true;
    started("a", "1.34.0");
    advance(100);
    for (int i = 0; i < 20; i++) {
      Instant ping = world.wallClock().now();
      api.editCandidate(
          "a",
          spec -> {
            spec.put("pingTime", ping.toString());
            return spec;
          });
      advance(3);
      assertThat(renewTime("a")).as("answered within 3 s").isAfterOrEqualTo(ping);
      advance(4);
    }
  }

  @Test
  @DisplayName("T-75 a lease that ran out is not taken back without a new appointment")
  void aLeaseThatRanOutIsNotTakenBack() {
    controller.start();
    Candidate a = candidate("a", "1.34.0");
    a.elector.start();
    advance(30);
    api.failure = ApiError.Kind.UNREACHABLE;
    advance(20);
    assertThat(a.isLeader()).isFalse();
    api.failure = null;
    advance(40);
    assertThat(a.isLeader()).isTrue();
    assertThat(a.heard).containsExactly("started", "stopped LOST", "started");
  }

  @Test
  @DisplayName("T-75 where no version is served, the candidates elect one among themselves")
  void fallsBackWhereNothingIsServed() {
    api = new CoordinatedApi(null);
    Candidate a = started("a", "1.34.0");
    advance(1);
    assertThat(a.isLeader()).isTrue();
    assertThat(api.candidates()).isEmpty();
    assertThat(api.paths)
        .containsExactly(
            "/apis/coordination.k8s.io/v1beta1",
            "/apis/coordination.k8s.io/v1alpha2",
            "/apis/coordination.k8s.io/v1alpha1");
  }

  @Test
  void asksAgainUntilItKnowsWhetherElectionsAreCoordinated() {
    api.failure = ApiError.Kind.UNREACHABLE;
    Candidate a = started("a", "1.34.0");
    advance(60);
    assertThat(a.elector.unhealthyBecause(Duration.ofSeconds(20))).isEmpty();
    assertThat(api.candidates()).isEmpty();
    api.failure = null;
    advance(3);
    assertThat(api.candidates()).hasSize(1);
    api.failure = ApiError.Kind.UNREACHABLE;
    Candidate b = started("b", "1.34.0");
    var stopped = b.elector.stop().toCompletableFuture();
    world.run();
    assertThat(stopped).isCompleted();
    a.elector.stop();
    advance(60);
    assertThat(world.hasWork()).isFalse();
  }

  @Test
  @DisplayName("LE-2 a lease that names a candidate at its first look was given to a namesake")
  void aLeaseThatNamesItAtTheFirstLookIsANamesakes() {
    api.put(KubeLeaseLock.LEASES, heldBy("a"));
    Candidate a = started("a", "1.34.0");
    advance(14);
    assertThat(a.heard).isEmpty();
    controller.start();
    advance(15);
    assertThat(a.isLeader()).isTrue();
  }

  @Test
  @DisplayName("T-73, T-75 appointed leaders never overlap, whatever fails")
  void appointedLeadersNeverOverlap() {
    Seeds.each("coordinated elections", 1, 1000, CoordinatedElectionTest::play);
  }

  private static void play(long seed) {
    Random random = new Random(seed);
    VirtualEnvironment world = VirtualEnvironment.seeded(seed);
    CoordinatedApi api = new CoordinatedApi("v1beta1");
    new ElectionController(world, api).start();
    List<Candidate> candidates = new ArrayList<>();
    // The controller compares renew times with its own clock: more than this is not for candidates
    // to make up for.
    long[] secondsAhead = new long[3];
    for (int i = 0; i < 3; i++) {
      Candidate candidate =
          new Candidate(
              world,
              process -> KubeLeaseLock.of(api, process, LeaseServer.KEY),
              config("c" + i, "1." + (30 + random.nextInt(3)) + ".0"));
      candidate.elector.start();
      candidates.add(candidate);
    }
    Runnable check =
        () -> {
          if (leaders(candidates) > 1) {
            throw new AssertionError("two leaders");
          }
        };
    for (int i = 0; i < 6; i++) {
      api.failure = random.nextInt(3) == 0 ? ApiError.Kind.SERVER_ERROR : null;
      int index = random.nextInt(3);
      Candidate any = candidates.get(index);
      switch (random.nextInt(4)) {
        case 0 -> any.process.freeze(random.nextBoolean());
        case 1 -> {
          long ahead = random.nextInt(9) - 4L;
          any.process.stepWallClock(Duration.ofSeconds(ahead - secondsAhead[index]));
          secondsAhead[index] = ahead;
        }
        default -> candidates.forEach(candidate -> candidate.process.thaw());
      }
      world.advance(Duration.ofMillis(random.nextInt(20_000)), check);
    }
    api.failure = null;
    candidates.forEach(candidate -> candidate.process.thaw());
    world.advance(Duration.ofSeconds(90), check);
    assertThat(leaders(candidates)).isEqualTo(1);
  }

  /** Not a stream: this is called a million times. */
  private static int leaders(List<Candidate> candidates) {
    int leaders = 0;
    for (Candidate candidate : candidates) {
      leaders += candidate.isLeader() ? 1 : 0;
    }
    return leaders;
  }

  @Test
  void versionsAreBroughtIntoTheFormTheServerTakes() {
    assertThat(new Coordination("v1.34.2-rc.1+abc", "1.33"))
        .isEqualTo(new Coordination("1.34.2", "1.33.0"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Coordination("", "newest"))
        .withMessage(
            "coordinated election: the binary version is \"\", allowed: like 1.34.0; the emulation"
                + " version is \"newest\", allowed: like 1.34.0");
  }

  private static Lease heldBy(String holder) {
    return new LeaseBuilder()
        .withNewMetadata()
        .withNamespace("kube-system")
        .withName("kube-controller-manager")
        .endMetadata()
        .withNewSpec()
        .withHolderIdentity(holder)
        .withLeaseDurationSeconds(15)
        .withRenewTime(Instant.parse("2026-01-01T00:00:00Z").atZone(java.time.ZoneOffset.UTC))
        .endSpec()
        .build();
  }

  private Instant renewTime(String candidate) {
    return api.candidates().stream()
        .filter(c -> c.getMetadata().getName().equals(candidate))
        .map(c -> Instant.parse(CoordinatedApi.specOf(c).get("renewTime").toString()))
        .findFirst()
        .orElseThrow();
  }

  private static LeaderElectionConfig config(String identity, String version) {
    return LeaderElectionConfig.defaults(identity)
        .withCoordination(new Coordination(version, version))
        .withAfterLoss(AfterLoss.REACQUIRE);
  }

  private Candidate candidate(String identity, String version) {
    CoordinatedApi server = api;
    return new Candidate(
        world,
        process -> KubeLeaseLock.of(server, process, LeaseServer.KEY),
        config(identity, version));
  }

  private Candidate started(String identity, String version) {
    Candidate candidate = candidate(identity, version);
    candidate.elector.start();
    world.run();
    return candidate;
  }

  private void advance(long seconds) {
    world.advance(Duration.ofSeconds(seconds));
  }
}
