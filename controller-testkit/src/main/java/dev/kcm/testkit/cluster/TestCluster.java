package dev.kcm.testkit.cluster;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiClients;
import dev.kcm.core.api.ApiException;
import dev.kcm.core.api.DeleteOptions;
import dev.kcm.core.api.Fence;
import dev.kcm.core.api.ListQuery;
import dev.kcm.core.api.Scope;
import dev.kcm.core.informer.Informers;
import dev.kcm.core.informer.MutationGuard;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.core.manager.Manager;
import dev.kcm.core.manager.Operator;
import dev.kcm.core.manager.StopReport;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import dev.kcm.embedded.nodes.NodeSettings;
import dev.kcm.embedded.nodes.SimulatedNodes;
import dev.kcm.embedded.resource.ApiServer;
import dev.kcm.embedded.resource.Kind;
import dev.kcm.embedded.resource.KindTable;
import dev.kcm.embedded.resource.UserInfo;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An API server for a test, in this JVM, with clients between which and the server things may be
 * made to go wrong. It starts within milliseconds.
 *
 * <pre>{@code
 * try (TestCluster cluster = TestCluster.builder().start()) {
 *   Manager manager = cluster.start(Greetings.controller());
 *   cluster.create(Greetings.named("hello"));
 *   cluster.advance(Duration.ofMinutes(5));
 *   ...
 * }
 * }</pre>
 *
 * <p>With virtual time, the default, it is confined to the thread of the test, and nothing happens
 * but by {@link #run()}, {@link #advance} and the shortcuts that read and write objects. In real
 * time it is thread-safe.
 */
public final class TestCluster implements AutoCloseable {

  /** How long a shortcut waits for its answer in real time. */
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Passing time;
  private final EnvironmentTimer timer;
  private final ApiServer server;
  private final @Nullable SimulatedNodes nodes;
  private final @Nullable HttpsFront front;
  private final Faults faults = new Faults();
  private final Requests requests = new Requests();
  private final MeterRegistry meters = newMeters();
  private final MutationGuard guard;
  private final List<Manager> managers = new CopyOnWriteArrayList<>();
  private final Set<ApiClient> clients = ConcurrentHashMap.newKeySet();
  private final ApiClient own;
  private @Nullable KubernetesClient fabric8;
  private boolean closed;

  private TestCluster(Builder builder, Passing time, EnvironmentTimer timer) {
    this.time = time;
    this.timer = timer;
    Clock clock = new EnvironmentClock(time.environment());
    this.server =
        ApiServer.builder()
            .clock(clock)
            .timer(timer)
            .random(time.environment().random())
            .kinds(KindTable.of(builder.kinds))
            .build();
    this.nodes =
        builder.nodes == 0
            ? null
            : SimulatedNodes.start(server, NodeSettings.of(builder.nodes), clock, timer);
    this.front = builder.https ? HttpsFront.before(server) : null;
    this.guard = builder.guarded ? MutationGuard.strict() : MutationGuard.off();
    this.own = newClient(Fence.OPEN);
  }

  /** Starts a description of a cluster. */
  public static Builder builder() {
    return new Builder();
  }

  /** Clocks, timers, randomness and threads of everything here. */
  public Environment environment() {
    return time.environment();
  }

  /** The server itself, for tests that look behind it. */
  public ApiServer server() {
    return server;
  }

  /** The test's own client: nothing goes wrong with it, and it is not in the log. */
  public ApiClient client() {
    return own;
  }

  /** A client as controllers have it: logged, and subject to {@link #faults()}. */
  public ApiClient client(String identity) {
    return client(identity, Fence.OPEN);
  }

  /**
   * A client as controllers have it.
   *
   * @param identity stands in the log
   * @param fence asked before each write
   */
  public ApiClient client(String identity, Fence fence) {
    ApiClient client = newClient(fence);
    return new FaultyApiClient(
        identity, client, () -> clients.remove(client), faults, requests, environment());
  }

  /** What goes wrong. */
  public Faults faults() {
    return faults;
  }

  /** What clients sent. */
  public Requests requests() {
    return requests;
  }

  /** Where the meters of controllers go; histograms are without buckets. */
  public MeterRegistry meters() {
    return meters;
  }

  /**
   * The server and the credentials of its administrator, for clients over HTTPS.
   *
   * @throws IllegalStateException unless the cluster was started with {@link Builder#https()}
   */
  public Config config() {
    return front().config();
  }

  /**
   * A kubeconfig file's text for the administrator, for other processes.
   *
   * @throws IllegalStateException unless the cluster was started with {@link Builder#https()}
   */
  public String kubeconfig() {
    return front().kubeconfig();
  }

  /**
   * fabric8's client, closed with the cluster. Its requests are not in the log.
   *
   * @throws IllegalStateException unless the cluster was started with {@link Builder#https()}
   */
  public synchronized KubernetesClient fabric8() {
    if (fabric8 == null) {
      fabric8 = front().newFabric8();
    }
    return fabric8;
  }

  /** Runs controllers on this cluster until it is closed. */
  public Manager start(ControllerSpec... controllers) {
    Manager manager = manager(controllers).create(environment());
    managers.add(manager);
    manager.start();
    return manager;
  }

  /**
   * A manager's settings for this cluster: clients, guarded informers and meters are given. Whoever
   * makes the manager stops it.
   */
  public Manager.Builder manager(ControllerSpec... controllers) {
    Informers informers =
        Informers.builder(client("informers"))
            .environment(environment())
            .meters(meters)
            .guard(guard)
            .build();
    return Manager.named("test")
        .controllers(List.of(controllers))
        .selecting(spec -> true)
        .clients(this::client)
        .informers(informers)
        .meters(meters);
  }

  /**
   * An operator's settings for this cluster: clients, guard and meters are given. Make it with
   * {@link #environment()}; whoever makes it stops it.
   */
  public Operator.Builder operator(String name) {
    return Operator.named(name).clients(this::client).guardedBy(guard).meters(meters);
  }

  /**
   * Makes a simulated node fall silent, as when its machine loses power.
   *
   * @throws IllegalArgumentException when there is no node of that name
   * @throws IllegalStateException when the cluster was started without nodes
   */
  public void stopNode(String name) {
    simulated().stopNode(name);
  }

  /**
   * Brings a simulated node back that was stopped.
   *
   * @throws IllegalArgumentException when there is no node of that name
   * @throws IllegalStateException when the cluster was started without nodes
   */
  public void startNode(String name) {
    simulated().startNode(name);
  }

  private SimulatedNodes simulated() {
    if (nodes == null) {
      throw new IllegalStateException("the cluster has no nodes: start it with nodes(..)");
    }
    return nodes;
  }

  /**
   * Checks that nobody has changed an object in a cache. It is checked at the end of each {@link
   * KubernetesTest} too.
   *
   * @throws AssertionError naming each object, the place in it, and the handler told of it last
   */
  public void verifyCaches() {
    try {
      guard.verify();
    } catch (IllegalStateException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  /** Carries out what can be carried out without time passing. In real time it does nothing. */
  public void run() {
    time.run();
  }

  /**
   * Lets virtual time pass, with all that happens in it.
   *
   * @throws IllegalStateException in real time, which passes by itself
   */
  public void advance(Duration duration) {
    time.advance(duration);
  }

  /**
   * Lets time pass until an assertion holds, 30 seconds at most: virtual time by jumps, real time
   * by waiting.
   *
   * @throws AssertionError the last one, when it does not come to hold
   */
  public void eventually(Runnable assertion) {
    eventually(Duration.ofSeconds(30), assertion);
  }

  /**
   * Lets time pass until an assertion holds.
   *
   * @param within longest time
   * @throws AssertionError the last one, when it does not come to hold
   */
  public void eventually(Duration within, Runnable assertion) {
    time.until(within, assertion);
  }

  /**
   * What an answer holds, once it is there.
   *
   * @throws ApiException when the request failed
   */
  public <R> R await(CompletableFuture<R> answer) {
    return time.await(answer, ANSWER);
  }

  /** Creates an object; gives it as the server stored it. */
  public <T extends HasMetadata> T create(T object) {
    return await(own.create(typeOf(object), object));
  }

  /** Replaces an object. */
  public <T extends HasMetadata> T update(T object) {
    return await(own.update(typeOf(object), object, ""));
  }

  /** Replaces the status of an object. */
  public <T extends HasMetadata> T updateStatus(T object) {
    return await(own.update(typeOf(object), object, "status"));
  }

  /**
   * Reads an object, changes it and replaces it.
   *
   * @param namespace empty for cluster-scoped objects
   */
  public <T extends HasMetadata> T edit(
      Class<T> type, String namespace, String name, UnaryOperator<T> change) {
    return update(change.apply(get(type, namespace, name)));
  }

  /** Deletes an object of any version. */
  public void delete(HasMetadata object) {
    await(own.delete(typeOf(object), ObjectKey.of(object), DeleteOptions.DEFAULTS));
  }

  /**
   * Reads an object.
   *
   * @param namespace empty for cluster-scoped objects
   * @throws ApiException when there is none
   */
  public <T extends HasMetadata> T get(Class<T> type, String namespace, String name) {
    return await(own.get(ResourceType.of(type), new ObjectKey(namespace, name)));
  }

  /**
   * Reads an object that may be missing.
   *
   * @param namespace empty for cluster-scoped objects
   */
  public <T extends HasMetadata> Optional<T> find(Class<T> type, String namespace, String name) {
    try {
      return Optional.of(get(type, namespace, name));
    } catch (ApiException e) {
      if (e.kind() == ApiError.Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** All objects of a type, in all namespaces, sorted by name. */
  public <T extends HasMetadata> List<T> list(Class<T> type) {
    List<T> items = new ArrayList<>();
    await(own.list(ResourceType.of(type), ListQuery.all(Scope.ALL), items::add));
    return items;
  }

  /** Stops what runs on it, then the cluster itself. Idempotent. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    stopManagers();
    if (fabric8 != null) {
      fabric8.close();
    }
    clients.forEach(ApiClient::close);
    time.run();
    if (nodes != null) {
      nodes.close();
    }
    server.close();
    if (front != null) {
      front.close();
    }
    time.run();
    timer.shutdown();
  }

  /** Closes, and fails when something is left. Deadlines of the stop itself may run out first. */
  void closeAndCheck(LeakCheck leaks) {
    verifyCaches();
    List<String> problems = new ArrayList<>(stopManagers());
    close();
    time.pass(GRACE.multipliedBy(6));
    if (server.openWatches() > 0) {
      problems.add(server.openWatches() + " watches are still open");
    }
    if (time.hasWork()) {
      problems.add("timers or tasks are still waiting");
    }
    if (!problems.isEmpty()) {
      throw new AssertionError(String.join("; ", problems));
    }
    leaks.check(GRACE, meters);
  }

  private List<String> stopManagers() {
    List<String> incomplete = new ArrayList<>();
    for (Manager manager : managers) {
      StopReport report = time.awaitLate(manager.stop(GRACE), GRACE.multipliedBy(6));
      if (!report.clean()) {
        incomplete.add("a manager did not stop cleanly: " + report.text());
      }
    }
    managers.clear();
    return incomplete;
  }

  private ApiClient newClient(Fence fence) {
    ApiClient client =
        front == null
            ? InProcessApiClient.of(server, environment(), UserInfo.LOOPBACK, fence)
            : ApiClients.builder(front.config()).unlimited().fence(fence).build();
    clients.add(client);
    return client;
  }

  /** Without histograms, whose buckets below a second the simple registry cannot tell apart. */
  private static MeterRegistry newMeters() {
    MeterRegistry registry = new SimpleMeterRegistry();
    registry
        .config()
        .meterFilter(
            new MeterFilter() {
              @Override
              public DistributionStatisticConfig configure(
                  Meter.Id id, DistributionStatisticConfig config) {
                return DistributionStatisticConfig.DEFAULT;
              }
            });
    return registry;
  }

  private HttpsFront front() {
    if (front == null) {
      throw new IllegalStateException("the cluster has no port: start it with https()");
    }
    return front;
  }

  /** The class of an object is the class of its type. */
  @SuppressWarnings("unchecked")
  private static <T extends HasMetadata> ResourceType<T> typeOf(T object) {
    return ResourceType.of((Class<T>) object.getClass());
  }

  /** Describes a cluster; every setting has a default. Single use, confined to one thread. */
  public static final class Builder {

    private static final List<String> VERBS =
        List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

    private final List<Kind> kinds = new ArrayList<>(KindTable.standard().all());
    private long seed = 1;
    private boolean realTime;
    private boolean https;
    private boolean guarded = true;
    private int nodes;

    private Builder() {}

    /** What the order of tasks, random numbers and UIDs follow from, in virtual time. Default 1. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /** Real clocks and threads. Default: virtual time. */
    public Builder realTime() {
      realTime = true;
      return this;
    }

    /** Clients reach the server over HTTPS on a free port, in real time. Default: in process. */
    public Builder https() {
      https = true;
      return realTime();
    }

    /**
     * Nobody looks whether cached objects are changed; long spans of virtual time pass faster then.
     */
    public Builder unguarded() {
      guarded = false;
      return this;
    }

    /** Number of simulated nodes, which run pods; 0 to 1000. Default 0. */
    public Builder nodes(int count) {
      nodes = count;
      return this;
    }

    /**
     * A kind that the server knows besides the built-in ones, with a status of its own.
     *
     * @param type class of a custom resource
     */
    public Builder kind(Class<? extends HasMetadata> type) {
      ResourceType<?> of = ResourceType.of(type);
      kinds.add(
          new Kind(
              of.group(),
              of.version(),
              of.kind(),
              of.plural(),
              HasMetadata.getSingular(type),
              List.of(),
              List.of(),
              of.namespaced(),
              VERBS,
              List.of(
                  new Kind.Subresource(
                      "status", "", "", of.kind(), List.of("get", "patch", "update"))),
              "",
              Set.of(Kind.Trait.GENERATION)));
      return this;
    }

    /**
     * The cluster, at work.
     *
     * @throws UncheckedIOException when no port can be bound
     */
    public TestCluster start() {
      Passing time = realTime ? Passing.real() : Passing.virtual(seed);
      return new TestCluster(this, time, new EnvironmentTimer(time.environment()));
    }
  }
}
