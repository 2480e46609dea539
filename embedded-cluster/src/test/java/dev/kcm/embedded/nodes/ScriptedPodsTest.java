package dev.kcm.embedded.nodes;

import static dev.kcm.embedded.nodes.Objects.yaml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.nodes.ApiCalls.Target;
import dev.kcm.embedded.patch.PatchType;
import dev.kcm.embedded.resource.ApiServer;
import dev.kcm.embedded.resource.StatusException;
import dev.kcm.embedded.resource.UserInfo;
import dev.kcm.embedded.resource.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptedPodsTest {

  private final VirtualTime time = new VirtualTime();
  private final ApiServer server =
      ApiServer.builder().clock(time.clock()).timer(time.timer()).build();
  private final ApiCalls admin = new ApiCalls(server, UserInfo.LOOPBACK);
  private final SimulatedNodes nodes =
      SimulatedNodes.start(
          server,
          NodeSettings.of(1).withPodTimes(Duration.ZERO, Duration.ZERO, Duration.ofMillis(500)),
          time.clock(),
          time.timer());

  @BeforeEach
  void start() {
    seconds(1);
  }

  @AfterEach
  void stop() {
    nodes.close();
    server.close();
  }

  private void seconds(int seconds) {
    time.advance(Duration.ofSeconds(seconds));
  }

  /**
   * Creates the pod and lets it start.
   *
   * @param script annotations without their prefix
   */
  private void create(String script, String spec) {
    ObjectNode pod = yaml("{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: default}}");
    yaml(script)
        .properties()
        .forEach(
            setting ->
                pod.withObject("/metadata/annotations")
                    .set(PodScript.PREFIX + setting.getKey(), setting.getValue()));
    pod.set("spec", yaml(spec));
    admin.create(new Target("", "pods", "default", "", ""), pod);
    time.advance(Duration.ofMillis(10));
  }

  private static Target target() {
    return new Target("", "pods", "default", "p", "");
  }

  private JsonNode pod() {
    return admin.get(target());
  }

  private String phase() {
    return pod().at("/status/phase").asText();
  }

  private JsonNode container(int index) {
    return pod().at("/status/containerStatuses/" + index);
  }

  private String condition(String type) {
    for (JsonNode condition : pod().at("/status/conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition.path("status").asText() + " " + condition.path("reason").asText("");
      }
    }
    return "";
  }

  @ParameterizedTest
  @CsvSource({
    "Never, 0, Succeeded, PodCompleted, Completed",
    "Never, 3, Failed, PodFailed, Error",
    "OnFailure, 0, Succeeded, PodCompleted, Completed"
  })
  void endsWithTheExitCodeOfTheScript(
      String policy, int code, String phase, String why, String reason) {
    create(
        "{exit-after: 5s, exit-code: '%d'}".formatted(code),
        "{restartPolicy: %s, containers: [{name: c, image: x}]}".formatted(policy));
    assertThat(phase()).isEqualTo("Running");
    assertThat(condition("Ready")).isEqualTo("True ");
    seconds(5);

    assertThat(phase()).isEqualTo(phase);
    assertThat(condition("Ready")).isEqualTo("False " + why);
    assertThat(condition("ContainersReady")).isEqualTo("False " + why);
    assertThat(condition("Initialized")).startsWith("True");
    assertThat(container(0).at("/state/terminated/exitCode").asInt()).isEqualTo(code);
    assertThat(container(0).at("/state/terminated/reason").asText()).isEqualTo(reason);
    seconds(600);
    assertThat(container(0).path("restartCount").asInt()).isZero();
  }

  @Test
  void startsAgainAtOnceThenAfterPausesThatDouble() {
    create("{exit-after: 2s, exit-code: '1'}", "{containers: [{name: c, image: x}]}");
    List<String> seen = new ArrayList<>();
    String last = "";
    for (int second = 1; second <= 900; second++) {
      seconds(1);
      JsonNode container = container(0);
      String state = container.path("state").fieldNames().next();
      String now = container.path("restartCount").asInt() + " " + state;
      if (!now.equals(last)) {
        seen.add(second + ": " + now);
        last = now;
      }
    }

    assertThat(phase()).isEqualTo("Running");
    assertThat(seen)
        .containsExactly(
            "1: 0 running",
            "2: 1 running",
            "4: 1 waiting",
            "14: 2 running",
            "16: 2 waiting",
            "36: 3 running",
            "38: 3 waiting",
            "78: 4 running",
            "80: 4 waiting",
            "160: 5 running",
            "162: 5 waiting",
            "322: 6 running",
            "324: 6 waiting",
            "624: 7 running",
            "626: 7 waiting");
    JsonNode container = container(0);
    assertThat(container.at("/state/waiting/reason").asText()).isEqualTo("CrashLoopBackOff");
    assertThat(container.at("/state/waiting/message").asText())
        .startsWith("back-off 5m0s restarting failed container=c pod=p_default(");
    assertThat(container.at("/lastState/terminated/exitCode").asInt()).isEqualTo(1);
    assertThat(condition("Ready")).isEqualTo("False ContainersNotReady");
  }

  @Test
  void becomesReadyLaterOrNever() {
    create(
        "{ready-after: 3s, ready-after.slow: never}",
        "{containers: [{name: c, image: x}, {name: slow, image: x}]}");
    assertThat(phase()).isEqualTo("Running");
    assertThat(condition("Ready")).isEqualTo("False ContainersNotReady");
    assertThat(container(0).path("ready").asBoolean()).isFalse();
    seconds(3);
    assertThat(container(0).path("ready").asBoolean()).isTrue();
    seconds(3600);
    assertThat(container(1).path("ready").asBoolean()).isFalse();
    assertThat(condition("Ready")).isEqualTo("False ContainersNotReady");
  }

  @Test
  void becomesReadyAsAWholeWithItsLastContainer() {
    create("{ready-after: 3s}", "{containers: [{name: c, image: x}]}");
    seconds(2);
    assertThat(condition("ContainersReady")).startsWith("False");
    seconds(1);
    assertThat(condition("ContainersReady")).isEqualTo("True ");
    assertThat(condition("Ready")).isEqualTo("True ");
  }

  @Test
  void startsSlowly() {
    create("{start-after: 1m30s}", "{containers: [{name: c, image: x}]}");
    seconds(89);
    assertThat(phase()).isEqualTo("Pending");
    assertThat(container(0).at("/state/waiting/reason").asText()).isEqualTo("ContainerCreating");
    seconds(1);
    assertThat(phase()).isEqualTo("Running");
  }

  @Test
  void lastsUntilItsLastContainerHasEnded() {
    create(
        "{exit-after: 2s, exit-after.b: 7s, exit-code.b: '9'}",
        "{restartPolicy: Never, containers: [{name: a, image: x}, {name: b, image: x}]}");
    seconds(3);
    assertThat(phase()).isEqualTo("Running");
    assertThat(condition("Ready")).isEqualTo("False ContainersNotReady");
    seconds(5);
    assertThat(phase()).isEqualTo("Failed");
  }

  @Test
  void endsAtItsDeadline() {
    create("{}", "{activeDeadlineSeconds: 4, containers: [{name: c, image: x}]}");
    seconds(3);
    assertThat(phase()).isEqualTo("Running");
    seconds(1);
    assertThat(phase()).isEqualTo("Failed");
    assertThat(pod().at("/status/reason").asText()).isEqualTo("DeadlineExceeded");
    assertThat(container(0).at("/state/terminated/exitCode").asInt()).isEqualTo(137);
  }

  @Test
  void saysWhatIsWrongWithAScript() {
    create(
        "{exit-after: soon, exit-code: '256', start-after.c: 1s}",
        "{containers: [{name: c, image: x}]}");
    seconds(1);

    assertThat(phase()).isEqualTo("Pending");
    assertThat(container(0).at("/state/waiting/reason").asText())
        .isEqualTo("CreateContainerConfigError");
    assertThat(container(0).at("/state/waiting/message").asText())
        .isEqualTo(
            "annotation sandbox.kcm.dev/exit-after: \"soon\" is not a time such as 500ms, 90s or"
                + " 1h30m; annotation sandbox.kcm.dev/exit-code: \"256\" is not a whole number from"
                + " 0 to 255; annotation sandbox.kcm.dev/start-after.c is unknown, allowed:"
                + " start-after, and for one container with its name behind a dot or for all:"
                + " ready-after, exit-after, exit-code");
  }

  @Test
  void isDeletedInTimeHoweverLongItsScript() {
    create("{exit-after: 24h}", "{containers: [{name: c, image: x}]}");
    seconds(1);
    admin.delete(target(), yaml("{}"));
    seconds(1);

    assertThatThrownBy(this::pod).isInstanceOf(StatusException.class);
  }

  @Test
  void waitsWithItsNodeWhileThatIsStoppedByAnAnnotation() {
    create("{exit-after: 5s}", "{restartPolicy: Never, containers: [{name: c, image: x}]}");
    Target node = Target.node("node-0", "");
    admin.patch(
        node, PatchType.MERGE, yaml("metadata: {annotations: {sandbox.kcm.dev/stopped: 'true'}}"));
    String renewed = admin.get(Target.lease("node-0")).at("/spec/renewTime").asText();
    seconds(60);
    assertThat(phase()).isEqualTo("Running");
    assertThat(admin.get(Target.lease("node-0")).at("/spec/renewTime").asText()).isEqualTo(renewed);

    admin.patch(
        node, PatchType.MERGE, yaml("metadata: {annotations: {sandbox.kcm.dev/stopped: null}}"));
    seconds(1);
    assertThat(phase()).isEqualTo("Succeeded");
    assertThat(admin.get(Target.lease("node-0")).at("/spec/renewTime").asText())
        .isGreaterThan(renewed);
  }
}
