package dev.kcm.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.daemon.boot.LeaderMigration.Place;
import dev.kcm.daemon.options.LeaderMigrationConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaderMigrationTest {

  @TempDir Path directory;

  private final Problems problems = new Problems();

  private LeaderMigration read(String yaml) throws Exception {
    Path file = Files.writeString(directory.resolve("migration.yaml"), yaml);
    LeaderMigration migration =
        LeaderMigration.of(new LeaderMigrationConfig(true, file.toString()), true, problems);
    problems.throwIfAny();
    return migration;
  }

  @Test
  void sortsControllersByTheProgramThatRunsThem() throws Exception {
    LeaderMigration migration =
        read(
            """
            apiVersion: controllermanager.config.k8s.io/v1
            kind: LeaderMigrationConfiguration
            leaderName: moving
            controllerLeaders:
              - name: ttl-controller
                component: kube-controller-manager
              - name: job-controller
                component: "*"
              - name: route-controller
                component: cloud-controller-manager
            """);

    assertThat(migration.leaderName()).isEqualTo("moving");
    assertThat(
            Map.of(
                "ttl-controller", Place.SECOND_LEASE,
                "job-controller", Place.SECOND_LEASE,
                "route-controller", Place.ELSEWHERE,
                "deployment-controller", Place.MAIN_LEASE))
        .allSatisfy((name, place) -> assertThat(migration.placeOf(name)).isEqualTo(place));
  }

  @Test
  void isOffWithoutTheFlagOrWithoutElection() {
    assertThat(LeaderMigration.of(new LeaderMigrationConfig(false, ""), true, problems).isEnabled())
        .isFalse();
    assertThat(LeaderMigration.of(new LeaderMigrationConfig(true, ""), false, problems).isEnabled())
        .isFalse();
    LeaderMigration builtIn =
        LeaderMigration.of(new LeaderMigrationConfig(true, ""), true, problems);
    assertThat(builtIn.leaderName()).isEqualTo("cloud-provider-extraction-migration");
    assertThat(builtIn.placeOf("ttl-controller")).isEqualTo(Place.MAIN_LEASE);
  }

  @Test
  void tellsAllThatIsWrongWithTheFile() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    apiVersion: v1
                    kind: Pod
                    resourceLock: endpoints
                    controllerLeaders:
                      - name: ttl-controller
                    """))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("apiVersion must begin with controllermanager.config.k8s.io/")
        .hasMessageContaining("kind must be LeaderMigrationConfiguration")
        .hasMessageContaining("resourceLock is \"endpoints\", allowed: leases")
        .hasMessageContaining("leaderName is missing")
        .hasMessageContaining("each of controllerLeaders needs a name and a component");
  }
}
