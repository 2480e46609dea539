package dev.kcm.daemon.boot;

import dev.kcm.controllers.catalog.Catalog;
import dev.kcm.controllers.catalog.CatalogConfig;
import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.Fence;
import dev.kcm.core.informer.Informers;
import dev.kcm.core.informer.WatchList;
import dev.kcm.core.manager.Candidacy;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.core.manager.LeaderElectedManager;
import dev.kcm.core.manager.LeaseCandidacy;
import dev.kcm.core.manager.Manager;
import dev.kcm.core.manager.StopReport;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.WallClock;
import dev.kcm.daemon.accounts.ServiceAccounts;
import dev.kcm.daemon.boot.LeaderMigration.Place;
import dev.kcm.daemon.endpoints.ControllerPages;
import dev.kcm.daemon.endpoints.MetricRules;
import dev.kcm.daemon.endpoints.ProcessMetrics;
import dev.kcm.daemon.endpoints.ReleaseMetrics;
import dev.kcm.daemon.http.HttpsServer;
import dev.kcm.daemon.notify.Notifier;
import dev.kcm.daemon.options.ControllerName;
import dev.kcm.daemon.options.ControllerNames;
import dev.kcm.daemon.options.Options;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that runs in the process: HTTPS first, so that a standby answers; then the election;
 * then, on the leader, the controllers.
 *
 * <p>Thread-safe: the parts are, and {@code end} is completed once.
 */
final class Daemon {

  /** Name of the program, of its lease by default, and in its Events. */
  static final String NAME = "kube-controller-manager";

  /**
   * How long runs under way may take to finish at a stop. Hand-over waits for them, so this is
   * short; a run that takes longer keeps the lease from being given back early.
   */
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** Added to the lease duration before a leader that cannot renew counts as unwell. */
  private static final Duration RENEWAL_TOLERANCE = Duration.ofSeconds(20);

  /** The one controller that acts as the process itself: it makes tokens for all others. */
  static final String TOKENS_CONTROLLER = "tokens-controller";

  private static final String TOKEN_CONTROLLER = "serviceaccount-token-controller";

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(30);

  private static final Logger log = LoggerFactory.getLogger(Daemon.class);

  private final CompletableFuture<ExitCode> end = new CompletableFuture<>();
  private final Options options;
  private final Environment environment;
  private final Notifier notifier;
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final LeaderMigration migration;
  private final Probes probes;
  private final ControllerPages controllers = new ControllerPages();
  private final ApiServers apiServers;
  private final Serving serving;
  private final Optional<HttpsServer> https;
  private final Runs runs;

  /** What a start led to. */
  private interface Runs {
    CompletableFuture<StopReport> stop();
  }

  private Daemon(Options options, Environment environment, IntConsumer verbosity, Notifier notifier)
      throws StartupException {
    this.options = options;
    this.environment = environment;
    this.notifier = notifier;
    notifier.status("starting");
    WallClock clock = environment.wallClock();
    Problems problems = new Problems();
    MetricRules.apply(meters, options.metrics(), MetricLabels.of(options.metrics(), problems));
    probes = new Probes(ProcessMetrics.started(clock));
    ProcessMetrics.bind(meters, clock);
    new JvmMemoryMetrics().bindTo(meters);
    new ClassLoaderMetrics().bindTo(meters);
    ReleaseMetrics.bind(meters, options.version(), options.featureGates());
    apiServers = ApiServers.of(options.client(), options.version(), meters, environment, problems);
    serving = Serving.of(options, environment, problems);
    migration =
        LeaderMigration.of(options.leaderMigration(), options.leaderElection().enabled(), problems);
    CatalogConfig config = Tunables.of(options, apiServers, problems);
    problems.throwIfAny();
    https =
        serving.open(
            Endpoints.of(options, probes, controllers, meters, environment, verbosity),
            apiServers,
            meters,
            environment,
            problems);
    problems.throwIfAny();
    List<ControllerSpec> selected = selected(config);
    runs = options.leaderElection().enabled() ? runElected(selected) : runAtOnce(selected);
  }

  /**
   * Reads all files that a start would read, and changes nothing.
   *
   * @throws StartupException when something is missing or wrong; it names all of it
   */
  static void check(Options options, Environment environment) throws StartupException {
    Problems problems = new Problems();
    Map<String, Set<String>> labels = MetricLabels.of(options.metrics(), problems);
    log.debug("Labels of metrics with allowed values: {}", labels.keySet());
    ApiServers servers =
        ApiServers.of(
            options.client(),
            options.version(),
            new CompositeMeterRegistry(),
            environment,
            problems);
    boolean wouldWrite =
        options.serving().certFile().isEmpty() && !options.serving().certDir().isEmpty();
    if (!wouldWrite) {
      Serving.of(options, environment, problems);
    }
    LeaderMigration.of(options.leaderMigration(), options.leaderElection().enabled(), problems);
    Tunables.of(options, servers, problems);
    problems.throwIfAny();
  }

  /**
   * Starts everything.
   *
   * @param verbosity takes a verbosity of the log that is set while the process runs
   * @param notifier tells the service manager how far it is
   * @throws StartupException when something is missing or wrong
   */
  static Daemon start(
      Options options, Environment environment, IntConsumer verbosity, Notifier notifier)
      throws StartupException {
    log.info("Starting {} {}", NAME, options.version().gitVersion());
    return new Daemon(options, environment, verbosity, notifier);
  }

  /** Completes when the process has to end by itself, with how. */
  CompletableFuture<ExitCode> end() {
    return end;
  }

  /**
   * Stops in order: controllers, informers, Events, leadership, HTTPS, clients. Bounded in time.
   */
  CompletableFuture<StopReport> stop() {
    CompletableFuture<Void> told = notifier.stopping();
    return runs.stop()
        .whenCompleteAsync(
            (report, never) -> {
              log.info("Stopped: {}", report == null ? "" : report.text());
              https.ifPresent(HttpsServer::close);
              serving.close();
              apiServers.close();
            },
            environment.executor("stop"))
        .thenCombine(told, (report, nothing) -> report);
  }

  private List<ControllerSpec> selected(CatalogConfig config) {
    Catalog catalog = Catalog.of(config);
    warnOfWhatIsMissing(catalog);
    return catalog.specs().stream()
        .filter(spec -> options.controllers().isSelected(spec.name()))
        .toList();
  }

  /** Says what was asked for and is not there, so that nobody waits for it. */
  private void warnOfWhatIsMissing(Catalog catalog) {
    String missing =
        ControllerNames.table().stream()
            .filter(name -> name.start() != ControllerName.Start.CLOUD)
            .filter(name -> name.gates().stream().allMatch(options.featureGates()::isEnabled))
            .map(ControllerName::canonical)
            .filter(options.controllers()::isSelected)
            .filter(name -> migration.placeOf(name) != Place.ELSEWHERE)
            .filter(name -> catalog.find(name).isEmpty())
            .collect(Collectors.joining(", "));
    if (!missing.isEmpty()) {
      log.warn("Selected controllers that this version does not have: {}", missing);
    }
  }

  private Runs runElected(List<ControllerSpec> selected) {
    LeaseCandidacy candidacy = candidacy(options.leaderElection().resourceName());
    if (!migration.isEnabled()) {
      probes.watchElection(() -> candidacy.elector().unhealthyBecause(RENEWAL_TOLERANCE));
      Candidacy announced = new AnnouncedCandidacy(candidacy, this::tellOfLeading);
      LeaderElectedManager elected = elected(manager(selected, candidacy), announced);
      campaign(elected);
      return () -> elected.stop(GRACE);
    }
    return runMigrating(selected, candidacy, candidacy(migration.leaderName()));
  }

  private Runs runMigrating(
      List<ControllerSpec> selected, LeaseCandidacy candidacy, LeaseCandidacy second) {
    probes.watchElection(
        () ->
            candidacy
                .elector()
                .unhealthyBecause(RENEWAL_TOLERANCE)
                .or(() -> second.elector().unhealthyBecause(RENEWAL_TOLERANCE)));
    Manager manager = manager(migration.in(Place.MAIN_LEASE, selected), candidacy);
    LeaderElectedManager migrated =
        elected(manager(migration.in(Place.SECOND_LEASE, selected), second), second);
    Candidacy announced =
        new AnnouncedCandidacy(
            candidacy,
            () -> {
              tellOfLeading();
              startAfterTokens(manager, selected, candidacy, migrated);
            });
    LeaderElectedManager elected = elected(manager, announced);
    campaign(elected);
    return () ->
        migrated
            .stop(GRACE)
            .thenCombineAsync(elected.stop(GRACE), Daemon::joined, environment.executor("stop"));
  }

  private LeaderElectedManager elected(Manager manager, Candidacy candidacy) {
    LeaderElectedManager warm = LeaderElectedManager.of(manager, candidacy, this::lost);
    return options.leaderElection().warmStandby() ? warm : warm.coldStandby();
  }

  /** A standby has started completely once it waits for the lease. */
  private void campaign(LeaderElectedManager elected) {
    notifier.status("standby: waits for the lease " + lease());
    elected.start();
    notifier.ready(probes::unwellBecause);
  }

  private void tellOfLeading() {
    notifier.status("leader: holds the lease " + lease());
  }

  private String lease() {
    return options.leaderElection().namespace() + "/" + options.leaderElection().resourceName();
  }

  private static StopReport joined(StopReport one, StopReport other) {
    return new StopReport(Stream.concat(one.steps().stream(), other.steps().stream()).toList());
  }

  /** Controllers that move may need tokens that only the controller of tokens makes. */
  private void startAfterTokens(
      Manager manager, List<ControllerSpec> selected, Fence leads, LeaderElectedManager migrated) {
    boolean wanted =
        migration.in(Place.MAIN_LEASE, selected).stream()
            .anyMatch(spec -> spec.name().equals(TOKEN_CONTROLLER));
    if (!wanted || !manager.loops(TOKEN_CONTROLLER).isEmpty()) {
      migrated.start();
    } else if (leads.closedBecause().isEmpty()) {
      environment
          .timers()
          .schedule(
              BETWEEN_LOOKS,
              environment.executor("start"),
              () -> startAfterTokens(manager, selected, leads, migrated));
    }
  }

  private LeaseCandidacy candidacy(String lease) {
    return Elections.candidacy(
        options.leaderElection(), lease, options.featureGates(), apiServers, meters, environment);
  }

  private Manager manager(List<ControllerSpec> controllers, LeaseCandidacy candidacy) {
    return manager(
        controllers, candidacy, () -> candidacy.elector().leadership().leader().isPresent());
  }

  private Runs runAtOnce(List<ControllerSpec> selected) {
    Manager manager = manager(selected, Fence.OPEN, selected::isEmpty);
    ApiClient probe = apiServers.informers();
    manager.standBy();
    CompletionStage<Boolean> wait = new ApiServerWait(probe, environment).start();
    wait.thenAcceptAsync(
        healthy -> {
          if (healthy) {
            manager.start();
            notifier.status("works without an election");
            readyOnceWarm(environment.ticker().nanos());
          } else {
            log.error("failed to wait for apiserver being healthy: {}", apiServers.address());
            end.complete(ExitCode.FAILED);
          }
        },
        environment.executor("start"));
    return () -> manager.stop(GRACE);
  }

  /**
   * The start is complete when the caches are warm. One that cannot be read at all keeps its
   * controllers waiting and not the others; starting again would not help.
   */
  private void readyOnceWarm(long startNanos) {
    boolean waitedLong = environment.ticker().since(startNanos).compareTo(LONGEST_WARM_UP) >= 0;
    if (waitedLong || probes.notReadyBecause().isEmpty()) {
      notifier.ready(probes::unwellBecause);
    } else {
      environment
          .timers()
          .schedule(BETWEEN_LOOKS, environment.executor("start"), () -> readyOnceWarm(startNanos));
    }
  }

  private Manager manager(
      List<ControllerSpec> selected, Fence fence, BooleanSupplier reachedOtherwise) {
    Informers informers =
        Informers.create(
            apiServers.informers(),
            environment,
            meters,
            options.generic().minResyncPeriod(),
            options.featureGates().isEnabled("WatchListClient") ? WatchList.AUTO : WatchList.OFF);
    Manager manager =
        Manager.named(NAME)
            .controllers(selected)
            .selecting(spec -> true)
            .gates(options.featureGates()::isEnabled)
            .clients(clients(fence))
            .informers(informers)
            .meters(meters)
            .fence(fence)
            .create(environment);
    controllers.show(manager);
    probes.watchControllers(manager, fence, informers, reachedOtherwise);
    return manager;
  }

  /** The clients of the controllers: of the process, or each of an account of its own. */
  private Function<String, ApiClient> clients(Fence fence) {
    if (!options.cluster().useServiceAccountCredentials()) {
      return identity -> apiServers.controller(identity, fence);
    }
    ServiceAccounts accounts =
        ServiceAccounts.of(apiServers.accounts(fence), environment, this::accountRefused);
    return identity ->
        identity.equals(TOKENS_CONTROLLER)
            ? apiServers.controller(identity, fence)
            : accounts.client(identity, bearer -> apiServers.account(identity, bearer, fence));
  }

  private void accountRefused(String why) {
    log.error("error getting service account credentials: {}", why);
    end.complete(ExitCode.NO_CLIENT);
  }

  private void lost() {
    log.error("leaderelection lost");
    end.complete(ExitCode.FAILED);
  }
}
