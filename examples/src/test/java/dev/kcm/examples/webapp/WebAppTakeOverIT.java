package dev.kcm.examples.webapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kcm.core.object.OwnerReferences;
import dev.kcm.testkit.cluster.TestCluster;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes of the example beside one API server; the leader is killed. */
class WebAppTakeOverIT {

  private static final int APPS = 40;
  private static final Duration START = Duration.ofSeconds(60);

  /** The lease has to run out first, which takes 15 s, and is looked at each 2 to 4.4 s. */
  private static final Duration TAKE_OVER = Duration.ofSeconds(90);

  @TempDir private Path folder;

  private final TestCluster cluster = TestCluster.builder().https().kind(WebApp.class).start();
  private final List<Process> processes = new ArrayList<>();

  @BeforeEach
  void writeKubeconfig() throws IOException {
    Files.writeString(folder.resolve("kubeconfig"), cluster.kubeconfig());
  }

  /** What the processes said goes to the report of the test. */
  @AfterEach
  void end() throws IOException, InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
    cluster.close();
    for (String name : List.of("first", "second")) {
      System.out.println(name + ":\n" + log(name));
    }
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void theStandbyTakesOverFromALeaderThatIsKilledAndFinishesItsWork() throws Exception {
    Process leader = start("first");
    await().atMost(START).until(() -> !holder().isEmpty());
    String first = holder();
    Process standby = start("second");
    await().atMost(START).until(() -> log("second").contains("attempting to acquire"));

    for (int i = 0; i < APPS; i++) {
      cluster.create(app("app-" + i));
    }
    await().atMost(START).until(() -> !cluster.list(Deployment.class).isEmpty());
    leader.destroyForcibly().waitFor();
    cluster.delete(cluster.get(WebApp.class, "default", "app-0"));

    await().atMost(TAKE_OVER).untilAsserted(this::everyAppIsServedOnce);
    assertThat(holder()).isNotEmpty().isNotEqualTo(first);
    assertThat(standby.isAlive()).isTrue();

    standby.destroy();
    assertThat(standby.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(holder()).as("given back at SIGTERM").isEmpty();
  }

  private void everyAppIsServedOnce() {
    List<WebApp> apps = cluster.list(WebApp.class);
    assertThat(apps).hasSize(APPS - 1);
    for (WebApp app : apps) {
      String name = app.getMetadata().getName();
      assertThat(app.getStatus().observedGeneration()).as(name).isEqualTo(1);
      assertThat(OwnerReferences.isControlledBy(page(name), app)).as(name).isTrue();
    }
    assertThat(cluster.list(Deployment.class)).hasSize(APPS - 1);
  }

  private ConfigMap page(String name) {
    return cluster.get(ConfigMap.class, "default", name);
  }

  private String holder() {
    return cluster
        .find(Lease.class, "default", "webapp-operator")
        .map(lease -> lease.getSpec().getHolderIdentity())
        .orElse("");
  }

  private Process start(String name) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Xmx128m",
            "-Dlogback.configurationFile=logback.xml",
            "-cp",
            System.getProperty("java.class.path"),
            WebAppOperator.class.getName(),
            "0");
    builder.environment().put("KUBECONFIG", folder.resolve("kubeconfig").toString());
    builder.redirectErrorStream(true).redirectOutput(folder.resolve(name + ".log").toFile());
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  private String log(String name) throws IOException {
    Path file = folder.resolve(name + ".log");
    return Files.exists(file) ? Files.readString(file) : "";
  }

  private static WebApp app(String name) {
    WebApp app = new WebApp();
    app.setMetadata(new ObjectMetaBuilder().withNamespace("default").withName(name).build());
    app.setSpec(new WebApp.Spec("nginx:1", 2, "hi"));
    return app;
  }
}
