package dev.kcm.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.embedded.resource.FaultPlan;
import dev.kcm.embedded.resource.StatusException;
import dev.kcm.embedded.resource.Statuses;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An API server that refuses or fails: nothing ends by it, nothing hangs, and it passes. */
class FailingServerIT {

  @TempDir Path directory;

  private final FaultPlan faults = FaultPlan.create();
  private TestBed bed;

  @BeforeEach
  void startCluster() throws Exception {
    bed = TestBed.in(directory, cluster -> cluster.faults(faults));
  }

  @AfterEach
  void stopCluster() throws Exception {
    bed.close();
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of("401", (Supplier<StatusException>) Statuses::unauthorized),
        Arguments.of(
            "403",
            (Supplier<StatusException>)
                () -> Statuses.forbidden("", "configmaps", "", "not any more")),
        Arguments.of(
            "500", (Supplier<StatusException>) () -> Statuses.internalError("etcd is away")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void leadsAndWorksOnceTheServerAnswersAgain(String code, Supplier<StatusException> refusal)
      throws Exception {
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

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void stopsInTimeWhileTheServerRefusesEverythingItWrites(
      String code, Supplier<StatusException> refusal) throws Exception {
    TestBed.Running daemon = bed.start("--controllers=root-ca-cert-publisher");
    TestBed.await().until(daemon::leads);
    faults.on(Verb.CREATE, "configmaps").everyCall().fail(refusal);
    bed.create("/api/v1/namespaces", "{\"metadata\":{\"name\":\"late-" + code + "\"}}");

    assertThat(daemon.daemon().stop().get(20, TimeUnit.SECONDS).step("leadership"))
        .hasValueSatisfying(step -> assertThat(step.complete()).isTrue());
    assertThat(bed.lease().path("holderIdentity").asText()).isEmpty();
  }
}
