package dev.kcm.core;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.kcm.core.api.ApiClients;
import dev.kcm.core.informer.HandlerOptions;
import dev.kcm.core.informer.Informers;
import dev.kcm.core.informer.NamespaceSet;
import dev.kcm.core.lease.LeaderElectionConfig;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.core.manager.LeaseCandidacy;
import dev.kcm.core.manager.Manager;
import dev.kcm.core.manager.Operator;
import dev.kcm.core.queue.RateLimiters;
import dev.kcm.core.queue.WorkQueues;
import dev.kcm.core.run.EventSeriesRecorder;
import dev.kcm.core.run.PlanExecutor;
import dev.kcm.core.run.ScriptedApi;
import dev.kcm.core.serve.HealthServer;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.client.Config;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every builder names the setting that is wrong, its value, and what is allowed. */
class BuildersTest {

  private static final VirtualEnvironment ENVIRONMENT = VirtualEnvironment.seeded(1);
  private static final ScriptedApi API = ScriptedApi.on(ENVIRONMENT);
  private static final Duration MINUS = Duration.ofSeconds(-1);

  private static Arguments wrong(String message, ThrowingCallable call) {
    return arguments(message, call);
  }

  static Stream<Arguments> settings() {
    return Stream.of(
            clients(),
            informers(),
            queues(),
            loops(),
            elections(),
            managers(),
            operators(),
            servers())
        .flatMap(List::stream);
  }

  private static List<Arguments> clients() {
    return List.of(
        wrong(
            "rateLimit: requestsPerSecond is 0.0, allowed: not 0; negative for no limit;"
                + " rateLimit: requestsAtOnce is 0, allowed: 1 or more;"
                + " maxInFlight is -1, allowed: 1 or more;"
                + " requestTimeout is PT-1S, allowed: zero (none) or more",
            () ->
                ApiClients.builder(Config.empty())
                    .rateLimit(0, 0)
                    .maxInFlight(-1)
                    .requestTimeout(MINUS)
                    .build()),
        wrong(
            "rateLimit: requestsPerSecond is NaN, allowed: not 0; negative for no limit",
            () -> ApiClients.builder(Config.empty()).rateLimit(Double.NaN, 1).build()));
  }

  private static List<Arguments> informers() {
    return List.of(
        wrong(
            "resync is PT0.5S, allowed: zero (never), or a second or more",
            () -> Informers.builder(API).resync(Duration.ofMillis(500)).build()),
        wrong(
            "resync is PT-1S, softLimit is 10000 and hardLimit is 2147483647, allowed: zero or more,"
                + " and 1 or more",
            () -> HandlerOptions.DEFAULTS.withResync(MINUS)),
        wrong(
            "hardLimit is 5, allowed: the softLimit 10000 or more",
            () -> HandlerOptions.DEFAULTS.withHardLimit(5, HandlerOptions.Overflow.STALL)),
        wrong(
            "no namespaces, allowed: one or more; all() stands for all of them",
            () -> NamespaceSet.of(List.of())));
  }

  private static List<Arguments> queues() {
    return List.of(
        wrong(
            "the name of a work queue is empty; allowed: any other text, or unnamed()",
            () -> WorkQueues.named("")),
        wrong(
            "the ageing interval of a work queue is PT0S, allowed: PT0.000001S to PT24H",
            () -> WorkQueues.named("q").prioritized(Duration.ZERO)),
        wrong(
            "max must be at least PT2S, got PT1S",
            () -> RateLimiters.exponential(Duration.ofSeconds(2), Duration.ofSeconds(1))),
        wrong(
            "a bucket needs 0 < perSecond <= 1e9 and burst >= 1, got 0.0, 1",
            () -> RateLimiters.bucket(ENVIRONMENT.ticker(), 0, 1)),
        wrong(
            "the jitter factor must be >= 0, got -0.1",
            () -> RateLimiters.withJitter(RateLimiters.itemDefault(), -0.1, ENVIRONMENT.random())));
  }

  private static List<Arguments> loops() {
    return List.of(
        wrong(
            "the name of a loop is \"\", allowed: any text that is not blank",
            () -> Loop.named("")),
        wrong("loop l: workers is 0, allowed: 1 or more", () -> Loop.named("l").workers(0)),
        wrong(
            "loop l: timeout is PT0S, allowed: more than zero",
            () -> Loop.named("l").timeout(Duration.ZERO)),
        wrong(
            "loop l: the prefix of runtimeMeters is \" \", allowed: any text that is not blank",
            () -> Loop.named("l").runtimeMeters(" ")),
        wrong(
            "loop l has no reader: call reading(..); it has no reconciler: call deciding(..); it"
                + " would never run: call on(..) or startingWith(..)",
            () -> Loop.named("l").build()),
        wrong(
            "the name of an executor is \"\", allowed: any text that is not blank",
            () -> PlanExecutor.named("")),
        wrong(
            "executor e: maxInFlight is 0, allowed: 1 or more",
            () -> PlanExecutor.named("e").maxInFlight(0)),
        wrong(
            "the reporting instance is \"\", allowed: 1 to 128 characters",
            () -> EventSeriesRecorder.of("c", "", API, new SimpleMeterRegistry(), ENVIRONMENT)));
  }

  private static List<Arguments> elections() {
    return List.of(
        wrong(
            "leader election: identity must not be empty",
            () -> LeaderElectionConfig.defaults(" ")),
        wrong(
            "leader election: retryPeriod must be greater than zero, got PT-1S; leaseDuration must"
                + " be whole seconds, got PT1.9S; leaseDuration must be greater than renewDeadline,"
                + " got PT1.9S and PT2S",
            () ->
                LeaderElectionConfig.defaults("a")
                    .withTimes(Duration.ofMillis(1900), Duration.ofSeconds(2), MINUS)),
        wrong(
            "leader election: stopGrace must not be negative, got PT-1S",
            () -> LeaderElectionConfig.defaults("a").withStopGrace(MINUS)),
        wrong(
            "leader election: the lease needs a namespace and a name, got \"\" and \"lease\"",
            () -> LeaseCandidacy.on(API, "", "lease").create(ENVIRONMENT)));
  }

  private static List<Arguments> managers() {
    return List.of(
        wrong(
            "the name of a controller is \"\" and its client \"\", allowed: any text that is not"
                + " blank",
            () -> ControllerSpec.named("").wiredBy(context -> List.of())),
        wrong(
            "the name of a manager is \"\", allowed: any text that is not blank",
            () -> Manager.named("")),
        wrong(
            "manager m has no clients: call clients(..); no informers: call informers(..); no"
                + " meters: call meters(..)",
            () -> Manager.named("m").create(ENVIRONMENT)),
        wrong(
            "manager m: staleAfter is PT-1S, allowed: zero (never) or more",
            () -> Manager.named("m").staleAfter(MINUS)));
  }

  private static List<Arguments> operators() {
    return List.of(
        wrong(
            "the name of an operator is \"\", allowed: any text that is not blank",
            () -> Operator.named("")),
        wrong(
            "operator o: grace is PT-1S, allowed: zero or more",
            () -> Operator.named("o").grace(MINUS)),
        wrong(
            "operator o: rateLimit is 0.0 per second and 5 at once, allowed: not 0, negative for no"
                + " limit; and 1 or more",
            () -> Operator.named("o").rateLimit(0, 5)),
        wrong(
            "operator o: the namespace of leaderElection is \"\", allowed: a namespace",
            () -> Operator.named("o").leaderElection("")));
  }

  private static List<Arguments> servers() {
    return List.of(
        wrong("port is 70000, allowed: 0 to 65535", () -> HealthServer.builder().port(70_000)),
        wrong(
            "the name of a check of /readyz is \"a\", allowed: text that is not blank, each once",
            () -> HealthServer.builder().ready("a", Optional::empty).ready("a", Optional::empty)),
        wrong(
            "the name of a check of /livez is \"\", allowed: text that is not blank, each once",
            () -> HealthServer.builder().live("", Optional::empty)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("settings")
  void namesTheSettingItsValueAndWhatIsAllowed(String message, ThrowingCallable call) {
    assertThatThrownBy(call).hasMessage(message);
  }
}
