package dev.kcm.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.embedded.resource.FaultPlan;
import dev.kcm.embedded.resource.StatusException;
import dev.kcm.embedded.resource.Statuses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An API server that refuses, fails, is slow or does not answer, at the start, while waiting for
 * the lease, and while leading: nothing hangs, what can pass passes, and the rest ends with a clear
 * word.
 */
class FailingServerIT {

  @TempDir Path directory;

  private final FaultPlan faults = FaultPlan.create();
  private final CountDownLatch answers = new CountDownLatch(1);
  private TestBed bed;

  @BeforeEach
  void startCluster() throws Exception {
    bed = TestBed.in(directory, cluster -> cluster.faults(faults));
  }

  @AfterEach
  void stopCluster() throws Exception {
    answers.countDown();
    faults.clear();
    bed.close();
  }

  /** For a server that answers when the test is over. */
  private void hold() {
    try {
      answers.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Map<String, Supplier<StatusException>> refusals() {
    Map<String, Supplier<StatusException>> refusals = new LinkedHashMap<>();
    refusals.put("401", Statuses::unauthorized);
    refusals.put("403", () -> Statuses.forbidden("", "configmaps", "", "not any more"));
    refusals.put("500", () -> Statuses.internalError("etcd is away"));
    refusals.put("429", () -> Statuses.tooManyRequests("busy", 0));
    refusals.put("429 with Retry-After", () -> Statuses.tooManyRequests("busy", 1));
    return refusals;
  }

  @Test
  void doesNotStartWithoutTheAuthoritiesItIsToLookUp() throws Exception {
    String lookUp = "--authentication-kubeconfig=" + bed.kubeconfig();
    for (Supplier<StatusException> refusal : refusals().values()) {
      faults.clear();
      faults.on(Verb.GET, "configmaps").everyCall().fail(refusal);
      assertThatThrownBy(() -> bed.start(lookUp))
          .isInstanceOf(StartupException.class)
          .hasMessageContaining("unable to load configmap based request-header-client-ca-file: ")
          .hasMessageContaining(refusal.get().status().path("message").asText());
    }

    TestBed.Running tolerant =
        bed.start(lookUp, "--authentication-tolerate-lookup-failure", "--controllers=ttl");
    assertThat(tolerant.getAnonymously("/healthz").body()).isEqualTo("ok");
  }

  @Test
  void doesNotWaitForAuthoritiesForEver() {
    faults.on(Verb.GET, "configmaps").everyCall().run(this::hold);
    assertTimeout(
        Duration.ofSeconds(30),
        () ->
            assertThatThrownBy(() -> bed.start("--authentication-kubeconfig=" + bed.kubeconfig()))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining(
                    "unable to load configmap based request-header-client-ca-file: "));
  }

  @Test
  void standsByWhileTheServerDoesNotAnswer() throws Exception {
    faults.on(Verb.GET, "leases").everyCall().run(this::hold);
    TestBed.Running daemon = bed.start("--controllers=root-ca-cert-publisher");

    TestBed.await()
        .untilAsserted(
            () ->
                assertThat(daemon.get("/metrics").body())
                    .containsPattern(
                        "rest_client_requests_total\\{code=\"<error>\"[^}]*method=\"GET\"} [1-9]"));
    assertThat(daemon.getAnonymously("/healthz").body()).isEqualTo("ok");
    assertThat(daemon.leads()).isFalse();
    assertThat(daemon.daemon().end()).isNotDone();

    faults.clear();
    answers.countDown();
    TestBed.await().until(daemon::leads);
  }

  @ParameterizedTest
  @ValueSource(strings = {"403", "429 with Retry-After"})
  void endsWhenItsLeaseIsRefusedForTooLong(String refusal) throws Exception {
    TestBed.Running daemon = leaderWithShortTimes();
    for (Verb verb : new Verb[] {Verb.GET, Verb.UPDATE}) {
      faults.on(verb, "leases").everyCall().fail(refusals().get(refusal));
    }
    assertThat(daemon.daemon().end().get(30, TimeUnit.SECONDS)).isEqualTo(ExitCode.FAILED);
    assertThat(daemon.leads()).isFalse();
  }

  @Test
  void endsWhenItsLeaseIsNotAnsweredForTooLong() throws Exception {
    TestBed.Running daemon = leaderWithShortTimes();
    for (Verb verb : new Verb[] {Verb.GET, Verb.UPDATE}) {
      faults.on(verb, "leases").everyCall().run(this::hold);
    }
    assertThat(daemon.daemon().end().get(30, TimeUnit.SECONDS)).isEqualTo(ExitCode.FAILED);
    assertThat(daemon.leads()).isFalse();
  }

  private TestBed.Running leaderWithShortTimes() throws Exception {
    TestBed.Running daemon =
        bed.start(
            "--controllers=ttl",
            "--leader-elect-lease-duration=6s",
            "--leader-elect-renew-deadline=4s");
    TestBed.await().until(daemon::leads);
    return daemon;
  }

  @Test
  void doesWhatWasRefusedOnceItIsNotAnyMore() throws Exception {
    TestBed.Running daemon = bed.start("--controllers=root-ca-cert-publisher");
    TestBed.await().until(daemon::leads);
    int number = 0;
    for (Map.Entry<String, Supplier<StatusException>> refusal : refusals().entrySet()) {
      String namespace = "late-" + number++;
      CountDownLatch refused = new CountDownLatch(1);
      faults
          .on(Verb.CREATE, "configmaps")
          .everyCall()
          .fail(
              () -> {
                refused.countDown();
                return refusal.getValue().get();
              });
      bed.create("/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + namespace + "\"}}");
      assertThat(refused.await(40, TimeUnit.SECONDS)).as(refusal.getKey()).isTrue();
      assertThat(daemon.getAnonymously("/healthz").body()).isEqualTo("ok");

      faults.clear();
      TestBed.await()
          .untilAsserted(
              () ->
                  assertThat(
                          bed.read(
                              "/api/v1/namespaces/" + namespace + "/configmaps/kube-root-ca.crt"))
                      .as(refusal.getKey())
                      .contains("BEGIN CERTIFICATE"));
    }
    assertThat(daemon.daemon().end()).isNotDone();
  }

  /** Takes connections and never says anything, not even in the handshake. */
  private static ServerSocket silent() throws IOException {
    return new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
  }

  private List<String> at(ServerSocket server, int port, String... more) throws IOException {
    Path kubeconfig = directory.resolve("silent.kubeconfig");
    Files.writeString(
        kubeconfig,
        Files.readString(bed.kubeconfig())
            .replace(bed.cluster().url().toString(), "https://127.0.0.1:" + server.getLocalPort()));
    return Stream.concat(
            Stream.of(
                "--kubeconfig=" + kubeconfig, "--secure-port=" + port, "--bind-address=127.0.0.1"),
            Stream.of(more))
        .toList();
  }

  @Test
  void endsWithoutAnElectionWhenTheServerIsNotThereForTenSeconds() throws Exception {
    try (ServerSocket server = silent()) {
      int port = TestBed.freePort();
      TestBed.Running daemon = bed.start(port, at(server, port, "--leader-elect=false"));
      assertThat(daemon.daemon().end().get(30, TimeUnit.SECONDS)).isEqualTo(ExitCode.FAILED);
    }
  }

  @Test
  void standsByAndStopsInTimeWhereNobodyAnswers() throws Exception {
    try (ServerSocket server = silent()) {
      int port = TestBed.freePort();
      TestBed.Running daemon = bed.start(port, at(server, port));
      assertThat(daemon.getAnonymously("/healthz").body()).isEqualTo("ok");
      assertThat(daemon.getAnonymously("/livez").body()).isEqualTo("ok");
      assertThat(daemon.getAnonymously("/readyz").body())
          .isEqualTo(
              "[-]apiserver failed: reason withheld\n[+]controllers ok\nreadyz check failed\n");
      assertThat(daemon.daemon().end()).isNotDone();
      assertThat(daemon.daemon().stop().get(30, TimeUnit.SECONDS).step("leadership")).isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"401", "403", "500", "429"})
  void leadsAndWorksOnceTheServerAnswersAgain(String code) throws Exception {
    Supplier<StatusException> refusal = refusals().get(code);
    for (Verb verb : new Verb[] {Verb.GET, Verb.CREATE, Verb.UPDATE}) {
      faults.on(verb, "leases").everyCall().fail(refusal);
    }
    for (Verb verb : new Verb[] {Verb.LIST, Verb.WATCH, Verb.CREATE}) {
      faults.on(verb, "configmaps").everyCall().fail(refusal);
    }
    TestBed.Running daemon = bed.start("--controllers=root-ca-cert-publisher");

    TestBed.await()
        .untilAsserted(
            () ->
                assertThat(daemon.get("/metrics").body())
                    .containsPattern(
                        "rest_client_requests_total\\{code=\""
                            + code
                            + "\"[^}]*method=\"GET\"} [1-9]"));
    assertThat(daemon.getAnonymously("/healthz").body()).isEqualTo("ok");
    assertThat(daemon.leads()).isFalse();
    assertThat(daemon.daemon().end()).isNotDone();

    faults.clear();

    TestBed.await().until(daemon::leads);
    TestBed.await()
        .untilAsserted(
            () ->
                assertThat(bed.read("/api/v1/namespaces/default/configmaps/kube-root-ca.crt"))
                    .contains("BEGIN CERTIFICATE"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"403", "500"})
  void stopsInTimeWhileTheServerRefusesEverythingItWrites(String code) throws Exception {
    Supplier<StatusException> refusal = refusals().get(code);
    TestBed.Running daemon = bed.start("--controllers=root-ca-cert-publisher");
    TestBed.await().until(daemon::leads);
    faults.on(Verb.CREATE, "configmaps").everyCall().fail(refusal);
    bed.create("/api/v1/namespaces", "{\"metadata\":{\"name\":\"late-" + code + "\"}}");

    assertThat(daemon.daemon().stop().get(20, TimeUnit.SECONDS).step("leadership"))
        .hasValueSatisfying(step -> assertThat(step.complete()).isTrue());
    assertThat(bed.lease().path("holderIdentity").asText()).isEmpty();
  }
}
