package dev.kcm.controllers.node.devicetainteviction;

import static dev.kcm.controllers.node.devicetainteviction.TestDevices.claim;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.device;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.ownedBy;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.pod;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.reserved;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.slice;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.taint;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.templated;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.tolerates;
import static dev.kcm.testkit.PlanAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.evictions.EvictionMetrics;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Verdict;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.FaultyServer;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.Rehearsal;
import dev.kcm.testkit.Responder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceToleration;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceClaim;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceClaimBuilder;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceSlice;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceTaintEvictionReconcilerTest {

  private static final ObjectKey A = new ObjectKey("shop", "a");
  private static final String MARKING = "Marking for deletion";
  private static final String CANCELLING = "Cancelling deletion";

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(1);
  private final ModelCluster cluster = ModelCluster.of(environment, List.of());
  private final ModelCaches caches = ModelCaches.of(cluster, 1);
  private final ModelLoop<DeviceTaintEvictionSnapshot> loop = TestDevices.wire(caches);

  @Test
  @DisplayName("Evict pod through claim: event once, PATCH status, DELETE with UID, measured")
  void marksAndDeletesAPodThatUsesATaintedDevice() {
    cluster.put(slice("s", 1, device("gpu", taint(now()))));
    Pod a = pod("a", "c");
    a.getMetadata().setGeneration(4L);
    cluster.put(a);
    cluster.put(reserved(claim("c", "gpu"), a));
    Rehearsal run = run();
    assertThat(run.actions())
        .extracting(action -> action.getClass().getSimpleName())
        .containsExactly("Emit", "Fetch", "Patch", "Delete", "Measure");
    assertThat(messages()).containsExactly(MARKING);
    assertThat(cluster.events().get(0).regarding().getMetadata().getUid()).isEqualTo("uid-of-a");
    assertThat(run.tried(Action.Patch.class).get(0).body())
        .isEqualTo(
            "{\"metadata\":{\"uid\":\"uid-of-a\"},\"status\":{\"conditions\":[{"
                + "\"type\":\"DisruptionTarget\",\"status\":\"True\","
                + "\"reason\":\"DeletionByDeviceTaintManager\","
                + "\"message\":\"Device Taint manager: deleting due to NoExecute taint\","
                + "\"lastTransitionTime\":\"%s\"}]}}".formatted(now()));
    assertThat(run.tried(Action.Delete.class).get(0).uid()).isEqualTo("uid-of-a");
  }

  @Test
  @DisplayName("Evict pod through template: the claim has to be the pod's own")
  void evictsAPodWithAClaimFromATemplate() {
    cluster.put(slice("s", 1, device("gpu", taint(now()))));
    Pod a = templated("a", "a-own");
    cluster.put(a);
    cluster.put(ownedBy(reserved(claim("a-own", "gpu"), a), a));
    assertThat(run()).deletes(Pod.class, "a");
  }

  @Test
  void aGeneratedClaimOfAnotherOwnerDoesNotCount() {
    cluster.put(slice("s", 1, device("gpu", taint(now()))));
    Pod a = templated("a", "a-own");
    cluster.put(a);
    cluster.put(ownedBy(reserved(claim("a-own", "gpu"), a), pod("other")));
    assertThat(run().whole()).doesNothing();
  }

  @Test
  void aClaimThatWasNotGeneratedYetDoesNotCount() {
    cluster.put(slice("s", 1, device("gpu", taint(now()))));
    cluster.put(
        new PodBuilder(pod("a"))
            .editSpec()
            .addNewResourceClaim("own", null, "t")
            .endSpec()
            .build());
    assertThat(run().whole()).doesNothing();
    cluster.put(templated("a", null));
    assertThat(run().whole()).doesNothing();
  }

  @Test
  @DisplayName("Later eviction: the clock starts when the taint was added")
  void countsFromWhenTheTaintWasAdded() {
    cluster.put(slice("s", 1, device("gpu", taint(now().minusSeconds(10)))));
    use("a", "gpu", tolerates("broken", 30L));
    assertThat(run()).looksAgainAfter(Duration.ofSeconds(20)).deletes(0, Pod.class);
    environment.advance(Duration.ofSeconds(20));
    assertThat(run()).deletes(Pod.class, "a");
    assertThat(messages()).containsExactly(MARKING);
  }

  @Test
  void aTaintFromLaterTodayWaits() {
    cluster.put(slice("s", 1, device("gpu", taint(now().plusSeconds(60)))));
    use("a", "gpu");
    assertThat(run()).looksAgainAfter(Duration.ofSeconds(60)).deletes(0, Pod.class);
  }

  @Test
  @DisplayName("Many taints: the first to run out decides")
  void theFirstTaintToRunOutDecides() {
    cluster.put(
        slice(
            "s",
            1,
            device(
                "gpu",
                taint("x", "NoExecute", now()),
                taint("y", "NoExecute", now().minusSeconds(5)),
                taint("z", "NoSchedule", now().minusSeconds(50)))));
    use("a", "gpu", tolerates("x", 30L), tolerates("y", 40L));
    assertThat(run()).looksAgainAfter(Duration.ofSeconds(30));
  }

  @Test
  void theFirstOfSeveralClaimsDecides() {
    cluster.put(
        slice("s", 1, device("gpu", taint(now())), device("nic", taint(now())), device("ok")));
    Pod a = pod("a", "c", "d", "e");
    cluster.put(a);
    cluster.put(reserved(claim("c", "gpu", tolerates("broken", 30L)), a));
    cluster.put(reserved(claim("d", "nic", tolerates("broken", 20L)), a));
    cluster.put(reserved(claim("e", "ok"), a));
    assertThat(run()).looksAgainAfter(Duration.ofSeconds(20));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        // effect, key, operator, value, seconds: delay
        "NoExecute, broken, Exists, -, 30, 30",
        "NoExecute, broken, Equal, yes, 30, 30",
        "NoExecute, broken, -, yes, 30, 30",
        "NoExecute, -, Exists, -, 30, 30",
        "NoExecute, broken, Equal, no, 30, 0",
        "NoExecute, other, Exists, -, 30, 0",
        "NoSchedule, broken, Exists, -, 30, 0",
        "-, broken, Exists, -, 30, 0",
        "NoExecute, broken, Unknown, yes, 30, 0",
        "NoExecute, broken, Exists, -, -5, 0",
        "NoExecute, broken, Exists, -, 0, 0",
      })
  @DisplayName("Toleration mismatch, partial seconds; the effect has to be named")
  void toleratesForAWhileOrNotAtAll(
      String effect, String key, String operator, String value, Long seconds, long delay) {
    cluster.put(slice("s", 1, device("gpu", taint(now()))));
    use("a", "gpu", new DeviceToleration(effect, key, operator, seconds, value));
    Rehearsal run = run();
    if (delay == 0) {
      assertThat(run).deletes(Pod.class, "a");
    } else {
      assertThat(run).looksAgainAfter(Duration.ofSeconds(delay)).deletes(0, Pod.class);
    }
  }

  @Test
  @DisplayName("Least tolerationSeconds of all that match")
  void theShortestTolerationCounts() {
    cluster.put(slice("s", 1, device("gpu", taint(now()))));
    use("a", "gpu", tolerates("broken", 30L), tolerates("broken", 7L));
    assertThat(run()).looksAgainAfter(Duration.ofSeconds(7));
  }

  @Test
  @DisplayName("Toleration for ever, even beside one with seconds")
  void leavesPodsThatTolerateForEverAlone() {
    cluster.put(slice("s", 1, device("gpu", taint(now()))));
    use("a", "gpu", tolerates("broken", 30L), tolerates("broken", null));
    assertThat(run().whole()).doesNothing();
  }

  @Test
  void moreSecondsThanClocksCanCountAreALongTime() {
    cluster.put(slice("s", 1, device("gpu", taint(now()))));
    use("a", "gpu", tolerates("broken", Long.MAX_VALUE));
    assertThat(run()).looksAgainAfter(Duration.ofDays(36_525)).deletes(0, Pod.class);
  }

  @Test
  void aTaintThatLetsPodsStayOrHasNoTimeSendsNobodyAway() {
    cluster.put(
        slice("s", 1, device("gpu", taint("x", "NoSchedule", now()), taint((Instant) null))));
    use("a", "gpu");
    assertThat(run().whole()).doesNothing();
  }

  @Test
  @DisplayName("Pod not scheduled: nothing, until it is")
  void waitsForThePodToBeScheduled() {
    cluster.put(slice("s", 1, device("gpu", taint(now()))));
    Pod a = pod("a", "c");
    cluster.put(new PodBuilder(a).editSpec().withNodeName(null).endSpec().build());
    cluster.put(reserved(claim("c", "gpu"), a));
    assertThat(run().whole()).doesNothing();
    loop.takeQueued();
    cluster.put(a);
    assertThat(queued()).containsExactly(A);
    assertThat(run()).deletes(Pod.class, "a");
  }

  @Test
  @DisplayName("Claim not reserved, or reserved for another UID")
  void onlyClaimsReservedForThePodCount() {
    cluster.put(slice("s", 1, device("gpu", taint(now()))));
    Pod a = pod("a", "c");
    cluster.put(a);
    cluster.put(claim("c", "gpu"));
    assertThat(run().whole()).doesNothing();
    cluster.put(
        reserved(
            claim("c", "gpu"),
            new PodBuilder(a).editMetadata().withUid("x").endMetadata().build()));
    assertThat(run().whole()).doesNothing();
  }

  @Test
  void aClaimWithoutDevicesOrOfUnknownDevicesDoesNotCount() {
    Pod a = pod("a", "c");
    cluster.put(a);
    cluster.put(reserved(claim("c", "gpu"), a));
    assertThat(run().whole()).doesNothing();
    cluster.put(slice("s", 1, device("gpu", taint(now()))));
    cluster.put(
        new ResourceClaimBuilder(reserved(claim("c", "gpu"), a))
            .editStatus()
            .withAllocation(null)
            .endStatus()
            .build());
    assertThat(run().whole()).doesNothing();
  }

  @Test
  @DisplayName("Replaced pod: the next incarnation does not inherit the fate of the last")
  void aReplacedPodIsLeftToItsOwnEvent() {
    cluster.put(slice("s", 1, device("gpu", taint(now()))));
    use("a", "gpu");
    caches.catchUp();
    cluster.remove(pod("a", "c-of-a"));
    cluster.put(new PodBuilder(pod("a")).editMetadata().withUid("x").endMetadata().build());
    assertThat(loop.run(A)).deletes(0, Pod.class).patches(0, Pod.class).ends(Verdict.DONE);
  }

  @Test
  void theCountdownOfAReplacedPodIsForgotten() {
    cluster.put(slice("s", 1, device("gpu", taint(now()))));
    use("a", "gpu", tolerates("broken", 30L));
    run();
    cluster.put(
        new PodBuilder(pod("a", "c-of-a")).editMetadata().withUid("x").endMetadata().build());
    assertThat(queued()).contains(A);
    assertThat(run().whole()).doesNothing();
    assertThat(messages()).isEmpty();
  }

  @Test
  @DisplayName("Deleted -> cancel without event")
  void saysNothingOfADeletedPod() {
    cluster.put(slice("s", 1, device("gpu", taint(now()))));
    Pod a = use("a", "gpu", tolerates("broken", 30L));
    run();
    loop.takeQueued();
    cluster.remove(a);
    assertThat(queued()).containsExactly(A);
    run();
    assertThat(messages()).isEmpty();
  }

  @Test
  @DisplayName("Cancel when the taint disappears; the event tells")
  void aTaintThatIsTakenAwayCallsTheCountdownOff() {
    cluster.put(slice("s", 1, device("gpu", taint(now()))));
    use("a", "gpu", tolerates("broken", 30L));
    run();
    loop.takeQueued();
    cluster.put(slice("s", 1, device("gpu")));
    assertThat(queued()).containsExactly(A);
    assertThat(run()).ends(Verdict.DONE).deletes(0, Pod.class);
    assertThat(messages()).containsExactly(CANCELLING);
    assertThat(run().whole()).doesNothing();
  }

  @Test
  @DisplayName("Cancel when the slice disappears")
  void aSliceThatIsGoneCallsTheCountdownOff() {
    ResourceSlice slice = slice("s", 1, device("gpu", taint(now())));
    cluster.put(slice);
    use("a", "gpu", tolerates("broken", 30L));
    run();
    loop.takeQueued();
    cluster.remove(slice);
    assertThat(queued()).containsExactly(A);
    run();
    assertThat(messages()).containsExactly(CANCELLING);
  }

  @ParameterizedTest
  @CsvSource({"gone", "deallocated", "released", "replaced"})
  @DisplayName("Cancel when the claim disappears, loses its devices or its pod, or is another one")
  void aClaimThatIsGoneCallsTheCountdownOff(String how) {
    cluster.put(slice("s", 1, device("gpu", taint(now()))));
    Pod a = use("a", "gpu", tolerates("broken", 30L));
    ResourceClaim claim = reserved(claim("c-of-a", "gpu", tolerates("broken", 30L)), a);
    run();
    loop.takeQueued();
    switch (how) {
      case "gone" -> cluster.remove(claim);
      case "deallocated" ->
          cluster.put(
              new ResourceClaimBuilder(claim)
                  .editStatus()
                  .withAllocation(null)
                  .endStatus()
                  .build());
      case "released" -> cluster.put(reserved(claim));
      default ->
          cluster.put(
              new ResourceClaimBuilder(claim)
                  .editMetadata()
                  .withUid("another")
                  .endMetadata()
                  .withStatus(null)
                  .build());
    }
    assertThat(queued()).containsExactly(A);
    run();
    assertThat(messages()).containsExactly(CANCELLING);
  }

  @Test
  @DisplayName("Populate and update pools: a newer generation drops the taint, its end restores it")
  void onlyTheNewestGenerationOfAPoolCounts() {
    cluster.put(slice("old", 1, device("gpu", taint(now()))));
    use("a", "gpu", tolerates("broken", 30L));
    assertThat(run()).looksAgainAfter(Duration.ofSeconds(30));
    loop.takeQueued();
    ResourceSlice next = slice("new", 2, device("gpu"));
    cluster.put(next);
    assertThat(queued()).containsExactly(A);
    run();
    assertThat(messages()).containsExactly(CANCELLING);
    cluster.remove(next);
    assertThat(queued()).containsExactly(A);
    assertThat(run()).looksAgainAfter(Duration.ofSeconds(30));
    cluster.put(slice("old", 1, device("gpu")));
    run();
    assertThat(messages()).containsExactly(CANCELLING, CANCELLING);
  }

  @Test
  void aDeviceMayStandInAnyOfTheSlicesOfItsPool() {
    cluster.put(slice("s", 3, device("nic")));
    cluster.put(slice("t", 3, device("gpu", taint(now()))));
    cluster.put(slice("u", 2, device("gpu")));
    use("a", "gpu");
    assertThat(run()).deletes(Pod.class, "a");
  }

  @Test
  @DisplayName("Update mode: another fire time replaces the timer, without an event")
  void anotherTimeReplacesTheOneThereWas() {
    cluster.put(slice("s", 1, device("gpu", taint(now()))));
    use("a", "gpu", tolerates("broken", 30L));
    assertThat(run()).looksAgainAfter(Duration.ofSeconds(30));
    cluster.put(slice("s", 1, device("gpu", taint(now().plusSeconds(15)))));
    assertThat(run()).looksAgainAfter(Duration.ofSeconds(45));
    cluster.put(slice("s", 1, device("gpu", taint(now().minusSeconds(40)))));
    assertThat(run()).deletes(Pod.class, "a");
    assertThat(messages()).containsExactly(MARKING);
  }

  @Test
  @DisplayName("reservedFor: a pod that is not there does not hide the ones behind it")
  void allPodsThatShareAClaimGo() {
    cluster.put(slice("s", 1, device("gpu")));
    Pod a = pod("a", "c");
    Pod b = pod("b", "c");
    cluster.put(a);
    cluster.put(b);
    cluster.put(reserved(claim("c", "gpu"), pod("missing"), a, b));
    caches.catchUp();
    loop.takeQueued();
    cluster.put(slice("s", 1, device("gpu", taint(now()))));
    assertThat(queued()).extracting(ObjectKey::name).contains("a", "b");
    assertThat(run()).deletes(Pod.class, "a");
    assertThat(loop.run(new ObjectKey("shop", "b"))).deletes(Pod.class, "b");
  }

  @Test
  void consumersThatAreNoPodsAreNotWoken() {
    cluster.put(
        new ResourceClaimBuilder(claim("c", "gpu"))
            .editStatus()
            .addNewReservedFor("example.com", "a", "pods", "u")
            .addNewReservedFor(null, "b", "jobs", "v")
            .endStatus()
            .build());
    assertThat(queued()).isEmpty();
  }

  @Test
  void whatDoesNotConcernItsStayWakesNobody() {
    cluster.put(slice("s", 1, device("gpu", taint(now()))));
    Pod a = use("a", "gpu", tolerates("broken", 30L));
    cluster.put(pod("without-claims"));
    queued();
    cluster.put(new PodBuilder(a).editStatus().withPhase("Pending").endStatus().build());
    cluster.put(slice("s", 1, device("gpu", taint(now()))));
    cluster.put(reserved(claim("c-of-a", "gpu", tolerates("broken", 30L)), a));
    assertThat(queued()).isEmpty();
  }

  @Test
  @DisplayName("Condition already present: no PATCH")
  void doesNotMarkTwice() {
    cluster.put(slice("s", 1, device("gpu", taint(now()))));
    Pod a = use("a", "gpu");
    cluster.put(
        new PodBuilder(a)
            .editStatus()
            .addNewCondition()
            .withType("DisruptionTarget")
            .withStatus("True")
            .withReason("DeletionByDeviceTaintManager")
            .withMessage("Device Taint manager: deleting due to NoExecute taint")
            .endCondition()
            .endStatus()
            .build());
    assertThat(run()).patches(0, Pod.class).deletes(Pod.class, "a");
  }

  @Test
  @DisplayName("API retries: announced once, tried until it works, measured from when it was due")
  void aDeletionThatFailsIsTriedAgainWithoutASecondEvent() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    EvictionMetrics metrics =
        DeviceTaintEvictionController.metrics(meters, environment.wallClock());
    cluster.put(slice("s", 1, device("gpu", taint(now()))));
    use("a", "gpu");
    ApiError error = ApiError.of(ApiError.Kind.SERVER_ERROR, 500, "no");
    for (Class<? extends Action> kind :
        List.of(Action.Fetch.class, Action.Patch.class, Action.Delete.class)) {
      assertThat(run(FaultyServer.before(cluster).reject(kind, error)).verdict())
          .isInstanceOf(Verdict.Retry.class);
    }
    environment.advance(Duration.ofSeconds(2));
    run().tried(Action.Measure.class).forEach(metrics);
    assertThat(messages()).containsExactly(MARKING);
    assertThat(meters.get("device_taint_eviction_controller_pod_deletions_total").counter().count())
        .isEqualTo(1);
    assertThat(
            meters
                .get("device_taint_eviction_controller_pod_deletion_duration")
                .timer()
                .totalTime(TimeUnit.MILLISECONDS))
        .isBetween(1999.0, 2001.0);
  }

  @Test
  @DisplayName("NotFound -> stop, not counted")
  void aPodThatIsGoneAlreadyIsNotCounted() {
    cluster.put(slice("s", 1, device("gpu", taint(now()))));
    Pod a = use("a", "gpu");
    caches.catchUp();
    cluster.remove(a);
    assertThat(loop.run(A)).ends(Verdict.DONE);
    assertThat(loop.run(A).tried(Action.Measure.class)).isEmpty();
  }

  @Test
  @DisplayName("Already running -> keep: a deletion under way is not begun anew")
  void deletesOnceHoweverOftenItIsWoken() {
    cluster.put(slice("s", 1, device("gpu", taint(now()))));
    use("a", "gpu");
    run();
    cluster.put(slice("s", 1, device("gpu", taint(now().minusSeconds(9)))));
    assertThat(run().whole()).doesNothing();
    assertThat(messages()).containsExactly(MARKING);
  }

  @Test
  @DisplayName("Parallel deletions: each pod at its own time")
  void eachPodGoesAtItsOwnTime() {
    cluster.put(slice("s", 1, device("gpu", taint(now())), device("nic", taint(now()))));
    use("a", "gpu", tolerates("broken", 3L));
    use("b", "nic", tolerates("broken", 9L));
    ObjectKey b = new ObjectKey("shop", "b");
    assertThat(run()).looksAgainAfter(Duration.ofSeconds(3));
    assertThat(loop.run(b)).looksAgainAfter(Duration.ofSeconds(9));
    environment.advance(Duration.ofSeconds(3));
    assertThat(run()).deletes(Pod.class, "a");
    assertThat(loop.run(b)).looksAgainAfter(Duration.ofSeconds(6)).deletes(0, Pod.class);
    environment.advance(Duration.ofSeconds(6));
    assertThat(loop.run(b)).deletes(Pod.class, "b");
  }

  private Pod use(String name, String device, DeviceToleration... tolerations) {
    Pod pod = pod(name, "c-of-" + name);
    cluster.put(pod);
    cluster.put(reserved(claim("c-of-" + name, device, tolerations), pod));
    return pod;
  }

  private Instant now() {
    return environment.wallClock().now();
  }

  private List<ObjectKey> queued() {
    caches.catchUp();
    return loop.takeQueued();
  }

  private Rehearsal run() {
    return run(cluster);
  }

  private Rehearsal run(Responder server) {
    caches.catchUp();
    return loop.run(A, server);
  }

  private List<String> messages() {
    assertThat(cluster.events())
        .allMatch(e -> e.reason().equals("DeviceTaintManagerEviction"))
        .allMatch(e -> e.regardingType().equals(PodStates.TYPE));
    return cluster.events().stream().map(Action.Emit::message).toList();
  }
}
