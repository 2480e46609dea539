package dev.kcm.core.manager;

import dev.kcm.core.access.Roles;
import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiClients;
import dev.kcm.core.api.Fence;
import dev.kcm.core.informer.Informers;
import dev.kcm.core.informer.MutationGuard;
import dev.kcm.core.informer.NamespaceSet;
import dev.kcm.core.lease.KubeLeaseLock;
import dev.kcm.core.lease.LeaderElectionConfig;
import dev.kcm.core.lease.LeaderElector;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.run.EventSeriesRecorder;
import dev.kcm.core.serve.HealthServer;
import dev.kcm.core.time.Environment;
import io.fabric8.kubernetes.client.Config;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole operator: controllers with their clients, informers, election, and a port for health and
 * metrics, joined the usual way. Who wants it otherwise joins the parts: {@link Manager}, {@link
 * LeaderElectedManager}, {@link HealthServer}.
 *
 * <pre>{@code
 * public static void main(String[] args) throws InterruptedException {
 *   Operator.named("greeting-operator")
 *       .controllers(GreetingController.spec())
 *       .leaderElection("operators")
 *       .serving(8080)
 *       .create()
 *       .runUntilTerminated();
 * }
 * }</pre>
 *
 * <p>With election, no write leaves a process that does not lead. One that lost leadership becomes
 * a candidate again, with the caches it has.
 *
 * <p>Thread-safe: it hands on to parts that are; {@code server} is set by the start and read by the
 * stop.
 */
public final class Operator {

  /**
   * How long a stop waits for runs under way: 20 seconds, so that a pod with the usual 30 seconds
   * has time left for the rest.
   */
  public static final Duration GRACE = Duration.ofSeconds(20);

  /** How much longer than the lease a leader may fail to renew before it counts as not alive. */
  static final Duration RENEWAL_TOLERANCE = Duration.ofSeconds(20);

  /** Longest time for all of a stop but the grace period. */
  private static final Duration REST_OF_STOP = Duration.ofSeconds(30);

  private static final Logger log = LoggerFactory.getLogger(Operator.class);

  private final Setup setup;
  private final Manager manager;
  private final @Nullable ApiClient electionClient;
  private final Optional<LeaseCandidacy> candidacy;
  private final Optional<LeaderElectedManager> elected;
  private final CompletableFuture<StopReport> stopped = new CompletableFuture<>();
  private volatile @Nullable HealthServer server;

  private Operator(Setup setup) {
    this.setup = setup;
    ObjectKey lease = setup.lease();
    ApiClient own = lease == null ? null : setup.electionClients().apply(setup.election());
    this.electionClient = own;
    this.candidacy =
        lease == null || own == null
            ? Optional.empty()
            : Optional.of(candidacy(setup, KubeLeaseLock.of(own, setup.environment(), lease)));
    this.manager = manager(setup, candidacy.<Fence>map(fence -> fence).orElse(Fence.OPEN));
    this.elected = candidacy.map(this::elected);
  }

  /**
   * Settings of an operator.
   *
   * @param name User-Agent, name of the Lease, and label of the manager's meters
   */
  public static Builder named(String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException(
          "the name of an operator is \"" + name + "\", allowed: any text that is not blank");
    }
    return new Builder(name);
  }

  /** The manager, for its health and its loops. */
  public Manager manager() {
    return manager;
  }

  /**
   * Opens the port and starts the controllers, or strives for leadership first. Returns at once.
   *
   * @throws UncheckedIOException when the port cannot be bound; nothing has started then
   */
  public void start() {
    server = serve();
    elected.ifPresentOrElse(LeaderElectedManager::start, manager::start);
  }

  /**
   * Starts, stays until the process is asked to end (SIGTERM, SIGINT), and then stops in order. The
   * process ends when that is done; it takes the grace period and half a minute at most. This is
   * the only method that installs a shutdown hook.
   *
   * @throws InterruptedException when the calling thread is interrupted; the operator is stopped
   *     then
   */
  public void runUntilTerminated() throws InterruptedException {
    Termination termination = Termination.before(this::stopAndReport);
    try {
      start();
      stopped.get();
    } catch (InterruptedException e) {
      stopAndReport();
      throw e;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a stop never fails", e);
    } finally {
      termination.cancel();
    }
  }

  /**
   * Stops for good: controllers, informers, Events, leadership, clients, port.
   *
   * @return how it went; completes never exceptionally, and is the same for every call
   */
  public CompletableFuture<StopReport> stop() {
    CompletionStage<StopReport> stop =
        elected.map(e -> e.stop(setup.grace())).orElseGet(() -> manager.stop(setup.grace()));
    stop.whenComplete((report, never) -> endElection(report));
    return stopped;
  }

  /** Whoever makes the next operator of this name finds the meters of this one gone. */
  private void endElection(StopReport report) {
    CompletionStage<Void> ended =
        candidacy
            .map(c -> c.elector().shutDown())
            .orElseGet(() -> CompletableFuture.completedFuture(null));
    if (report.clean()) {
      ended.whenComplete((nothing, never) -> closeTheRest(report));
    } else {
      closeTheRest(report);
    }
  }

  private void closeTheRest(StopReport report) {
    if (electionClient != null) {
      electionClient.close();
    }
    HealthServer open = server;
    if (open != null) {
      open.close();
    }
    stopped.complete(report);
  }

  /** Why it does not do its work, or could not take it up; empty when all is well. */
  public Optional<String> notReadyBecause() {
    return elected.map(LeaderElectedManager::notReadyBecause).orElseGet(manager::notReadyBecause);
  }

  /** Why the process should be restarted; empty when it should not. */
  public Optional<String> notAliveBecause() {
    return candidacy.flatMap(c -> c.elector().unhealthyBecause(RENEWAL_TOLERANCE));
  }

  /** Whether controllers may write at this moment; always true without election. */
  public boolean isLeader() {
    return candidacy.map(c -> c.closedBecause().isEmpty()).orElse(true);
  }

  /**
   * The port of health and metrics.
   *
   * @throws IllegalStateException when none was asked for, or before the start
   */
  public int port() {
    HealthServer open = server;
    if (open == null) {
      throw new IllegalStateException("operator " + setup.name() + " serves no port");
    }
    return open.port();
  }

  private void stopAndReport() {
    Duration longest = setup.grace().plus(REST_OF_STOP);
    try {
      StopReport report = stop().get(longest.toMillis(), TimeUnit.MILLISECONDS);
      log.info("Stopped {}: {}", setup.name(), report.text());
    } catch (TimeoutException e) {
      log.warn("{} has not stopped after {} s", setup.name(), longest.toSeconds());
    } catch (ExecutionException e) {
      log.error("{} failed to stop", setup.name(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable HealthServer serve() {
    HealthServer.Builder serving = setup.serving();
    if (serving == null) {
      return null;
    }
    serving.live("leader-election", this::notAliveBecause);
    serving.ready("controllers", this::notReadyBecause);
    serving.readyEach(manager::informerHealth);
    try {
      return serving.start(setup.environment());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Manager manager(Setup setup, Fence fence) {
    ApiClient client = setup.clients().apply(setup.name(), fence);
    Informers.Builder described =
        Informers.builder(client)
            .environment(setup.environment())
            .meters(setup.meters())
            .guard(setup.guard());
    if (setup.followDefinitions()) {
      described.followDefinitions();
    }
    Informers informers = described.build();
    Manager.Builder manager =
        Manager.named(setup.name())
            .controllers(setup.controllers())
            .selecting(spec -> true)
            .clients(identity -> client)
            .informers(InformerSource.in(setup.namespaces(), informers))
            .meters(setup.meters())
            .fence(fence);
    String instance = setup.eventSeriesOf();
    if (instance != null) {
      manager.events(
          (component, by) ->
              EventSeriesRecorder.of(component, instance, by, setup.meters(), setup.environment()));
    }
    return manager.create(setup.environment());
  }

  private LeaderElectedManager elected(LeaseCandidacy of) {
    LeaderElectedManager warm =
        LeaderElectedManager.of(
            manager, of, () -> log.warn("{} has lost leadership", setup.name()));
    return setup.warm() ? warm : warm.coldStandby();
  }

  private static LeaseCandidacy candidacy(Setup setup, KubeLeaseLock lock) {
    return LeaseCandidacy.of(
        callbacks ->
            LeaderElector.builder(setup.election(), lock, callbacks)
                .meters(setup.meters())
                .build(setup.environment()));
  }

  /**
   * What an operator is made of.
   *
   * @param name of the operator
   * @param environment clocks, timers, threads
   * @param controllers all of which run
   * @param clients client of an identity behind a fence
   * @param electionClients client for an election
   * @param meters registry
   * @param guard of cached objects
   * @param namespaces meant by controllers that name none
   * @param followDefinitions whether informers hear of kinds that come later
   * @param eventSeriesOf reporting instance of events.k8s.io/v1; null for core/v1
   * @param lease null without election
   * @param election how to take part in it
   * @param warm whether caches are filled while standing by
   * @param serving null without a port
   * @param grace for runs under way
   */
  private record Setup(
      String name,
      Environment environment,
      List<ControllerSpec> controllers,
      BiFunction<String, Fence, ApiClient> clients,
      Function<LeaderElectionConfig, ApiClient> electionClients,
      MeterRegistry meters,
      MutationGuard guard,
      NamespaceSet namespaces,
      boolean followDefinitions,
      @Nullable String eventSeriesOf,
      @Nullable ObjectKey lease,
      LeaderElectionConfig election,
      boolean warm,
      HealthServer.@Nullable Builder serving,
      Duration grace) {}

  /** Settings of an operator. Single use, confined to one thread. */
  public static final class Builder {

    private final String name;
    private final List<ControllerSpec> controllers = new ArrayList<>();
    private Supplier<Config> config = () -> Config.autoConfigure(null);
    private @Nullable BiFunction<String, Fence, ApiClient> clients;
    private double qps = ApiClients.DEFAULT_QPS;
    private int burst = ApiClients.DEFAULT_BURST;
    private MeterRegistry meters = new CompositeMeterRegistry();
    private MutationGuard guard = MutationGuard.off();
    private NamespaceSet namespaces = NamespaceSet.all();
    private boolean followDefinitions;
    private @Nullable String eventSeriesOf;
    private @Nullable Supplier<String> scrape;
    private @Nullable ObjectKey lease;
    private UnaryOperator<LeaderElectionConfig> election = UnaryOperator.identity();
    private boolean warm = true;
    private HealthServer.@Nullable Builder serving;
    private Duration grace = GRACE;

    private Builder(String name) {
      this.name = name;
    }

    /** Controllers to run, in addition to those given before. */
    public Builder controllers(ControllerSpec... specs) {
      controllers.addAll(List.of(specs));
      return this;
    }

    /**
     * The server and the credentials. Default: the pod's own, or the current context of the user's
     * kubeconfig.
     */
    public Builder config(Config given) {
      config = () -> given;
      return this;
    }

    /**
     * Makes the clients instead of {@link #config}, for example those of a test cluster; closed by
     * the operator.
     *
     * @param byIdentity gives the client of an identity that asks a fence before each write
     */
    public Builder clients(BiFunction<String, Fence, ApiClient> byIdentity) {
      clients = byIdentity;
      return this;
    }

    /**
     * How fast controllers may send requests. Default: 20 per second, 30 at once.
     *
     * @param requestsPerSecond negative for no limit
     * @param requestsAtOnce at least 1
     */
    public Builder rateLimit(double requestsPerSecond, int requestsAtOnce) {
      if (requestsPerSecond == 0 || requestsAtOnce < 1) {
        throw new IllegalArgumentException(
            ("operator %s: rateLimit is %s per second and %d at once, allowed: not 0, negative for no"
                    + " limit; and 1 or more")
                .formatted(name, requestsPerSecond, requestsAtOnce));
      }
      qps = requestsPerSecond;
      burst = requestsAtOnce;
      return this;
    }

    /** Where meters go. Default: nowhere. */
    public Builder meters(MeterRegistry registry) {
      meters = registry;
      return this;
    }

    /**
     * Where meters go, and what {@code /metrics} answers.
     *
     * @param text in Prometheus' format, for example {@code registry::scrape}
     */
    public Builder meters(MeterRegistry registry, Supplier<String> text) {
      scrape = text;
      return meters(registry);
    }

    /** Watches over cached objects, which must not be changed. Default: nobody does. */
    public Builder guardedBy(MutationGuard mutationGuard) {
      guard = mutationGuard;
      return this;
    }

    /**
     * Looks at these namespaces only: what controllers ask for without naming namespaces is what is
     * in these. Resources that have no namespace are not affected. Default: all namespaces.
     *
     * @param watched {@link NamespaceSet#changing} for one that follows changes at run time
     */
    public Builder namespaces(NamespaceSet watched) {
      namespaces = watched;
      return this;
    }

    /**
     * Takes up a kind that is defined while the operator runs at once, by a watch of
     * CustomResourceDefinitions, which the operator must be allowed to list and watch. Default: at
     * the next try of its informer, within a minute.
     */
    public Builder followDefinitions() {
      followDefinitions = true;
      return this;
    }

    /**
     * Writes Events of {@code events.k8s.io/v1}, which count what repeats as a series; core/v1
     * where the server has no others. Default: core/v1.
     *
     * @param instance which process writes them, 1 to 128 characters, for example the pod's name
     */
    public Builder eventSeries(String instance) {
      if (instance.isEmpty() || instance.length() > EventSeriesRecorder.LONGEST_NAME) {
        throw new IllegalArgumentException(
            "operator %s: the instance of eventSeries is \"%s\", allowed: 1 to %d characters"
                .formatted(name, instance, EventSeriesRecorder.LONGEST_NAME));
      }
      eventSeriesOf = instance;
      return this;
    }

    /** Works only while leading, by a Lease of the operator's name in this namespace. */
    public Builder leaderElection(String namespace) {
      return leaderElection(namespace, UnaryOperator.identity());
    }

    /**
     * As {@link #leaderElection(String)}, with times or identity of one's own.
     *
     * @param settings changes the defaults
     */
    public Builder leaderElection(String namespace, UnaryOperator<LeaderElectionConfig> settings) {
      if (namespace.isBlank()) {
        throw new IllegalArgumentException(
            "operator %s: the namespace of leaderElection is \"%s\", allowed: a namespace"
                .formatted(name, namespace));
      }
      lease = new ObjectKey(namespace, name);
      election = settings;
      return this;
    }

    /**
     * Fills the caches only when leadership begins: a standby then needs less memory and no
     * watches, and takes over later. Default: caches are kept warm.
     */
    public Builder coldStandby() {
      warm = false;
      return this;
    }

    /**
     * Serves {@code /healthz}, {@code /readyz} and {@code /metrics} on a port, on all addresses.
     *
     * @param port 0 for any free one, up to 65535
     */
    public Builder serving(int port) {
      return serving(HealthServer.builder().port(port));
    }

    /** Serves health and metrics as described; checks of the operator are added. */
    public Builder serving(HealthServer.Builder described) {
      serving = described;
      return this;
    }

    /** How long a stop waits for runs under way. Default: 20 seconds. */
    public Builder grace(Duration longest) {
      if (longest.isNegative()) {
        throw new IllegalArgumentException(
            "operator " + name + ": grace is " + longest + ", allowed: zero or more");
      }
      grace = longest;
      return this;
    }

    /**
     * The roles that the operator needs as it is described so far, for the service account of its
     * name in a namespace: what its controllers declare, in its namespaces, and what the election
     * and {@link #followDefinitions} ask for.
     *
     * <pre>{@code
     * System.out.print(operator.roles("greetings").yaml()); // for kubectl apply -f -
     * }</pre>
     *
     * @throws IllegalStateException when a controller declares no access
     */
    public Roles roles(String namespace) {
      return Roles.of(
          name,
          new ObjectKey(namespace, name),
          OperatorAccess.of(
              name, controllers, namespaces, lease, followDefinitions, eventSeriesOf != null));
    }

    /**
     * The operator, not started, on the system's clocks and threads.
     *
     * @throws IllegalArgumentException when two controllers have one name, or a setting is out of
     *     range
     */
    public Operator create() {
      return create(Environment.system());
    }

    /** The operator, not started, on clocks and threads of one's own. */
    public Operator create(Environment environment) {
      if (serving != null && scrape != null) {
        serving.metrics(scrape);
      }
      return new Operator(
          new Setup(
              name,
              environment,
              List.copyOf(controllers),
              clients(environment),
              this::electionClient,
              meters,
              guard,
              namespaces,
              followDefinitions,
              eventSeriesOf,
              lease,
              election(environment),
              warm,
              serving,
              grace));
    }

    private LeaderElectionConfig election(Environment environment) {
      String identity = LeaderElectionConfig.newIdentity("", environment.random());
      return election.apply(
          LeaderElectionConfig.defaults(identity)
              .withAfterLoss(LeaderElectionConfig.AfterLoss.REACQUIRE));
    }

    private BiFunction<String, Fence, ApiClient> clients(Environment environment) {
      return clients != null
          ? clients
          : (identity, fence) ->
              client(name, environment).rateLimit(qps, burst).fence(fence).build();
    }

    /** Its own, so that a renewal never waits for the requests of controllers. */
    private ApiClient electionClient(LeaderElectionConfig settings) {
      return clients != null
          ? clients.apply(name + "-election", Fence.OPEN)
          : client(name + "/leader-election", Environment.system())
              .unlimited()
              .requestTimeout(settings.requestTimeout())
              .build();
    }

    private ApiClients.Builder client(String userAgent, Environment environment) {
      return ApiClients.builder(config.get())
          .userAgent(userAgent)
          .meters(meters)
          .environment(environment);
    }
  }
}
