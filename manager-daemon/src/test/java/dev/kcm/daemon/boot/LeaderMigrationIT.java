package dev.kcm.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.embedded.access.AuthorizationMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Controllers that move to another program run under a lease of their own. */
class LeaderMigrationIT {

  @TempDir Path directory;

  private TestBed bed;

  @BeforeEach
  void startCluster() throws Exception {
    bed = TestBed.in(directory, cluster -> cluster.authorization(AuthorizationMode.RBAC));
  }

  @AfterEach
  void stopCluster() throws Exception {
    bed.close();
  }

  @Test
  void runsControllersUnderTwoLeasesAndGivesBothBack() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("migration.yaml"),
            """
            apiVersion: controllermanager.config.k8s.io/v1
            kind: LeaderMigrationConfiguration
            leaderName: moving
            controllerLeaders:
              - {name: ttl-controller, component: kube-controller-manager}
              - {name: endpoints-controller, component: somebody-else}
            """);
    TestBed.Running daemon =
        bed.start(
            "--enable-leader-migration",
            "--leader-migration-config=" + file,
            "--use-service-account-credentials",
            "--controllers=ttl,root-ca-cert-publisher,endpoint");

    TestBed.await()
        .untilAsserted(
            () ->
                assertThat(daemon.get("/healthz?verbose").body())
                    .isEqualTo(
                        """
                        [+]leaderElection ok
                        [+]root-ca-certificate-publisher-controller ok
                        [+]ttl-controller ok
                        healthz check passed
                        """));
    assertThat(holder("kube-controller-manager")).isNotEmpty();
    assertThat(holder("moving")).isNotEmpty();
    assertThat(daemon.get("/debug/controllers").body())
        .contains("ttl-controller\n", "root-ca-certificate-publisher-controller\n");

    assertThat(daemon.daemon().stop().get(40, TimeUnit.SECONDS).clean()).isTrue();
    assertThat(holder("kube-controller-manager")).isEmpty();
    assertThat(holder("moving")).isEmpty();
  }

  private String holder(String lease) throws Exception {
    return bed.readJson("/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/" + lease)
        .at("/spec/holderIdentity")
        .asText();
  }
}
