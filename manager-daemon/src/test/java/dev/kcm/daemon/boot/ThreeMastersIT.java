package dev.kcm.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three instances with the same flags. */
class ThreeMastersIT {

  @TempDir Path directory;

  private TestBed bed;

  @BeforeEach
  void startCluster() throws Exception {
    bed = TestBed.in(directory, cluster -> cluster);
  }

  @AfterEach
  void stopCluster() throws Exception {
    bed.close();
  }

  @Test
  @DisplayName("C1, C2, C4, D5, E1, E2, E4 one of three leads, the others wait with green probes")
  void oneOfThreeLeads() throws Exception {
    List<TestBed.Running> waiting = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      waiting.add(bed.start("--controllers=ttl,root-ca-cert-publisher"));
    }
    TestBed.Running first = leader(waiting);
    waiting.remove(first);
    assertThat(first.daemon().end()).isNotDone();
    tellsWhatControllersDo(first);
    showsWhoLeads(0);
    for (TestBed.Running standby : waiting) {
      waitsWithGreenProbes(standby);
      assertThat(standby.get("/debug/controllers/ttl-controller?key=a").statusCode())
          .isEqualTo(409);
    }

    stop(first);
    TestBed.Running second = leader(waiting);
    waiting.remove(second);
    showsWhoLeads(1);
    waitsWithGreenProbes(waiting.get(0));
    stop(second);
    assertThat(leader(waiting)).isSameAs(waiting.get(0));
    showsWhoLeads(2);

    TestBed.Running back = bed.start("--controllers=ttl");
    TestBed.await().untilAsserted(() -> waitsWithGreenProbes(back));
    showsWhoLeads(2);
  }

  @Test
  @DisplayName("D5 a cold standby reads nothing but the lease, is ready, and works when it leads")
  void coldStandbyReadsOnlyTheLease() throws Exception {
    TestBed.Running first = bed.start("--controllers=root-ca-cert-publisher");
    TestBed.await().until(first::leads);
    TestBed.Running cold =
        bed.start("--controllers=root-ca-cert-publisher", "--leader-elect-warm-standby=false");
    TestBed.Running warm = bed.start("--controllers=root-ca-cert-publisher");

    TestBed.await()
        .untilAsserted(
            () ->
                assertThat(warm.get("/metrics").body())
                    .containsPattern("informer_synced\\{[^}]*resource=\"configmaps\"[^}]*} 1"));
    TestBed.await()
        .untilAsserted(() -> assertThat(cold.getAnonymously("/readyz").body()).isEqualTo("ok"));
    assertThat(cold.get("/metrics").body()).doesNotContain("informer_synced{");
    waitsWithGreenProbes(cold);
    stop(warm);
    stop(first);

    TestBed.await().until(cold::leads);
    bed.create("/api/v1/namespaces", "{\"metadata\":{\"name\":\"later\"}}");
    TestBed.await()
        .untilAsserted(
            () ->
                assertThat(bed.read("/api/v1/namespaces/later/configmaps/kube-root-ca.crt"))
                    .contains("BEGIN CERTIFICATE"));
  }

  private static void tellsWhatControllersDo(TestBed.Running leader) throws Exception {
    TestBed.await()
        .untilAsserted(
            () ->
                assertThat(leader.get("/debug/controllers").body())
                    .contains("ttl-controller\nttlcontroller: depth 0, delayed 0, in flight 0 of ")
                    .contains("root-ca-certificate-publisher-controller\n")
                    .contains("    default [")
                    .contains("create configmaps default/kube-root-ca.crt"));
    assertThat(leader.get("/debug/controllers/ttl-controller").body())
        .startsWith("ttl-controller\n")
        .doesNotContain("root-ca");
    String publisher = "/debug/controllers/root-ca-certificate-publisher-controller";
    assertThat(leader.get(publisher + "?key=default").body())
        .startsWith("root_ca_cert_publisher\n");
    assertThat(leader.get(publisher + "?key=a/b/c").statusCode()).isEqualTo(400);
    assertThat(leader.get("/debug/controllers/nothing").statusCode()).isEqualTo(404);
    assertThat(leader.getAnonymously("/debug/controllers").statusCode()).isEqualTo(403);
  }

  private static TestBed.Running leader(List<TestBed.Running> candidates) {
    List<TestBed.Running> leaders = new ArrayList<>();
    TestBed.await()
        .untilAsserted(
            () -> {
              leaders.clear();
              for (TestBed.Running candidate : candidates) {
                if (candidate.leads()) {
                  leaders.add(candidate);
                }
              }
              assertThat(leaders).hasSize(1);
            });
    return leaders.get(0);
  }

  private static void stop(TestBed.Running running) throws Exception {
    assertThat(running.daemon().stop().get(40, TimeUnit.SECONDS).clean()).isTrue();
  }

  private void showsWhoLeads(int transitions) throws Exception {
    JsonNode lease = bed.lease();
    assertThat(lease.path("holderIdentity").asText()).matches("[^_]+_[0-9a-f-]{36}");
    assertThat(lease.path("leaseDurationSeconds").asInt()).isEqualTo(15);
    assertThat(lease.path("leaseTransitions").asInt()).isEqualTo(transitions);
    String before = lease.path("renewTime").asText();
    TestBed.await()
        .untilAsserted(
            () -> assertThat(bed.lease().path("renewTime").asText()).isGreaterThan(before));
  }

  private static void waitsWithGreenProbes(TestBed.Running standby) throws Exception {
    assertThat(standby.getAnonymously("/healthz").body()).isEqualTo("ok");
    assertThat(standby.getAnonymously("/livez").body()).isEqualTo("ok");
    assertThat(standby.getAnonymously("/healthz?verbose").body())
        .as("no controller has been started")
        .isEqualTo("[+]leaderElection ok\nhealthz check passed\n");
    assertThat(standby.get("/metrics").body())
        .contains("leader_election_master_status{name=\"kube-controller-manager\"} 0");
  }
}
